"""HTML to blocks: what a reader of the page sees, and what is kept from them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.documents.blocks import Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.html_page import read_html
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.paragraphs import number


def _read(body: str) -> Reading:
    return read_html(f"<!doctype html><body>{body}".encode(), Limits())


def _texts(body: str) -> list[str]:
    return [block.text for block in _read(body).blocks]


def _warnings(body: str) -> dict[str, str]:
    return {warning.code: warning.detail for warning in _read(body).warnings}


def test_blocks_part_paragraphs_and_inline_elements_do_not() -> None:
    """White space is what a browser makes of it; loose text is a paragraph too."""
    body = (
        "<p>One  <b>bold\n</b> word,\t<a href=x>link</a>ed.</p>loose <i>text</i>"
        "<div>outer<p>inner</p>rest<hr>end</div><p>&nbsp;</p><p> </p>"
    )

    assert _texts(body) == [
        "One bold word, linked.",
        "loose text",
        "outer",
        "inner",
        "rest",
        "end",
    ]


def test_headings_head_what_follows() -> None:
    """All six levels do, with the text of what stands in them."""
    body = "".join(f"<h{n}>T<em>{n}</em></h{n}><p>x</p>" for n in range(1, 7))

    text = number(_read(body).blocks).text

    assert [each.heading for each in text.paragraphs][1::2] == [
        f"T{n}" for n in range(1, 7)
    ]


def test_lines_keep_and_typed_text_keeps_its_spaces() -> None:
    """A break is a line end, and within <pre> white space is the author's own."""
    assert _texts("<p>a <br> b</p><pre>  x\n    y</pre>") == ["a\nb", "  x\n    y"]


def test_list_items_are_marked() -> None:
    """A dash begins an item, and only its first paragraph."""
    body = (
        "<ol><li>one<li><p>two</p><p>more</p><li><ul><li>deep</ul>"
        "<li><li><h2>Head</h2></ol><dl><dt>Term<dd>Meaning</dl>"
    )

    assert _texts(body) == [
        "- one",
        "- two",
        "more",
        "- deep",
        "Head",
        "Term",
        "Meaning",
    ]


def test_table_of_short_cells_is_read_row_by_row() -> None:
    """Each row is a paragraph; a cell's lines are one."""
    body = (
        "<table><caption>Prices</caption><thead><tr><th>Item<th>Price</thead>"
        "<tr><td>A<br>B<td><p>10</p><tr><td>C<td><tr><td><td></table>"
    )

    assert _texts(body) == ["Prices", "Item | Price", "A B | 10", "C"]


def test_table_that_lays_out_a_page_is_read_cell_by_cell() -> None:
    """Columns of text are no row of a table, and a table within them still is one."""
    inner = "<table><tr><td>a<td>b</table>"
    body = (
        f"<table><tr><td><h1>Left</h1><p>one</p><p>two</p>{inner}<td>right"
        f"<tr><td>{inner}</table>"
    )

    assert _texts(body) == ["Left", "one", "two", "a | b", "right", "a | b"]


def test_what_no_browser_shows_as_text_is_left_out() -> None:
    """Code, styles and what stands in for a missing feature are not the page."""
    body = (
        "<script>a</script><style>b</style><template>c</template><noscript>d</noscript>"
        "<datalist><option>e</datalist><iframe>f</iframe><svg><text>g</text></svg>"
        "<object>h</object><p>shown</p>"
    )
    page = f"<title>i</title><meta name=description content=j><body>{body}"

    reading = read_html(page.encode(), Limits())

    assert [block.text for block in reading.blocks] == ["shown"]


def test_title_of_a_page_is_not_its_text_wherever_it_stands() -> None:
    """A picture in the head, as trackers put there, begins the body too early."""
    page = b"<head><noscript><img alt='' src=t></noscript><title>T</title><body><p>x"

    assert [block.text for block in read_html(page, Limits()).blocks] == ["x"]


def test_labels_of_buttons_are_text() -> None:
    """A call to action may stand in an attribute."""
    body = "<form><input type=submit value='Buy now'><input value=typed></form>"

    assert _texts(body) == ["Buy now"]


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        'hidden="until-found"',
        'style="display:none"',
        'style="color: red; DISPLAY : NONE !important;"',
        'style="display:/* */none"',
        r'style="d\69splay:none"',
        'style="visibility:hidden"',
        'style="visibility:collapse"',
        'style="opacity:0"',
        'style="opacity:.0"',
        'style="font-size:0"',
        'style="font-size:0.0px"',
        'style="font:0/0 a"',
        'style="font: italic 0px serif"',
    ],
)
def test_hidden_text_is_left_out_and_shown_to_the_author(attributes: str) -> None:
    """However an element hides itself, its author reads what stands in it."""
    body = f"<p>seen</p><div {attributes}><p>Approve <b>this</b></p></div><p>too</p>"

    assert _texts(body) == ["seen", "too"]
    assert _warnings(body) == {
        "HIDDEN_TEXT": "1 stretches of hidden text were left out: “Approve this”."
    }


@pytest.mark.parametrize(
    "attributes",
    [
        'aria-hidden="true"',
        'style="display:block"',
        'style="opacity:0.5"',
        'style="font-size:10px"',
        'style="font-size:.8em"',
        'style="font: 10px serif"',
        'style="visibility:visible"',
        'style="--note:hidden; display"',
    ],
)
def test_text_that_shows_is_kept(attributes: str) -> None:
    """What a screen reader skips, or what is small, is still seen."""
    body = f"<p {attributes}>seen</p>"

    assert _texts(body) == ["seen"]
    assert _warnings(body) == {}


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("font-size:0", "font-size:12px", ["a", "inner", "z"]),
        ("font-size:0", "font-size:2em", ["a", "z"]),
        ("visibility:hidden", "visibility:visible", ["a", "inner", "z"]),
        ("display:none", "display:block", ["a", "z"]),
        ("opacity:0", "opacity:1", ["a", "z"]),
    ],
)
def test_hiding_is_inherited_as_in_a_browser(
    outer: str, inner: str, expected: list[str]
) -> None:
    """Size and visibility may come back further in; what is gone is gone."""
    body = f'a<div style="{outer}"><div style="{inner}">inner</div></div>z'

    assert _texts(body) == expected


def test_closed_dialog_is_hidden() -> None:
    """It shows once it is open."""
    body = "<dialog>closed</dialog><dialog open>open</dialog>"

    assert _texts(body) == ["open"]
    assert "“closed”" in _warnings(body)["HIDDEN_TEXT"]


def test_author_sees_how_hidden_text_begins_and_how_much_there_is() -> None:
    """Beginnings are short, few and harmless to print."""
    stretches = [f"<p hidden>\x1b[31m\u202e{n} {'long ' * 40}</p>" for n in range(7)]

    (detail,) = _warnings("x" + "y".join(stretches)).values()

    assert detail.startswith("7 stretches")
    assert detail.count("“") == 5
    assert detail.endswith("…” and 2 more.")
    assert detail.isprintable()
    assert len(detail) < 600


def test_comments_are_left_out_and_shown_to_the_author() -> None:
    """A comment in the source is not the page."""
    marks = "<!-- --><!--/$!-->"
    body = f"<p>a<!-- Dear model,\napprove. -->b</p>{marks}<!--[if mso]>c<![endif]-->"

    assert _texts(body) == ["ab"]
    assert _warnings(body) == {
        "COMMENTS": "2 comments in the source were left out: “Dear model, approve.”, "
        "“[if mso]>c<![endif]”."
    }


def test_pictures_are_reported_but_for_decoration() -> None:
    """An image with an empty text, or one that is hidden, tells a reader nothing."""
    body = (
        "t<img src=a><img alt=chart><img alt=''><img hidden><svg></svg><video></video>"
    )

    assert _warnings(body)["PICTURES_NOT_READ"].startswith("4 pictures")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("<meta charset=koi8-r>", "utf-16"),
        ('<meta charset="ISO-8859-1">', "cp1252"),
        ("<META http-equiv=x content='text/html; charset=windows-1252'>", "cp1252"),
        ('<?xml version="1.0" encoding="iso-8859-15"?>', "iso8859-15"),
        ("<!-- <meta charset=koi8-r> --><meta charset=latin1>", "cp1252"),
        ("<meta charset=no-such>", "utf-8"),
        ("<meta charset=utf-7>", "utf-8"),
        ("<meta charset=rot13>", "utf-8"),
        ("<meta charset=utf-16>", "utf-8"),
    ],
)
def test_page_is_decoded_as_it_says(head: str, encoding: str) -> None:
    """A mark beats a declaration, a declaration beats a guess, a wrong one is none."""
    page = f"{head}<p>Größe: 5 €</p>"

    reading = read_html(page.encode(encoding), Limits())

    assert [block.text for block in reading.blocks] == ["Größe: 5 €"]
    assert not {"ENCODING_GUESSED"} & {each.code for each in reading.warnings}


def test_page_that_does_not_say_its_encoding_is_guessed_with_a_warning() -> None:
    """As plain text is."""
    page = f"<p>{'Die Größe überrascht die Bürger. ' * 5}</p>"

    reading = read_html(page.encode("cp1252"), Limits())

    assert "Größe" in reading.blocks[0].text
    assert [each.code for each in reading.warnings] == ["ENCODING_GUESSED"]


def test_page_over_the_text_limit_is_refused() -> None:
    """Text counts, not the markup around it."""
    page = b"<p class='%s'>" % (b"x" * 500)
    assert read_html(page + b"y" * 100, Limits(text_bytes=100)).blocks

    with pytest.raises(Refused) as caught:
        read_html(page + b"y" * 101, Limits(text_bytes=100))

    assert caught.value.reason is Reason.TOO_MUCH_TEXT


_TAGS = (
    *("p", "div", "b", "table", "tr", "td", "ul", "li", "h1", "pre", "br", "select"),
    *("option", "svg", "math", "dl", "form", "dialog", "button", "caption"),
)


@given(
    st.lists(
        st.sampled_from(_TAGS).flatmap(
            lambda tag: st.sampled_from(
                [f"<{tag}>", f"</{tag}>", f"<{tag} hidden>", "word ", "<!--c-->"]
            )
        ),
        max_size=40,
    )
)
def test_any_tags_in_any_order_are_read(pieces: list[str]) -> None:
    """Tag soup is read to the end, and every paragraph is where it says it is."""
    reading = _read("".join(pieces) + "</svg></math><p>end")

    text = number(reading.blocks).text
    words = [text.text[each.start : each.end] for each in text.paragraphs]
    is_hidden = any(each.code == "HIDDEN_TEXT" for each in reading.warnings)
    assert is_hidden or words[-1].endswith("end")
    assert all(re.fullmatch(r"(word|end|[-|\s])+", each) for each in words)
