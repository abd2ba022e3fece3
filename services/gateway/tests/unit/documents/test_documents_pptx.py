"""PPTX to blocks."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.documents.blocks import Block, Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.paragraphs import number
from roundtable_gateway.documents.pptx import read_pptx
from support.slides import (
    Deck,
    Page,
    frame,
    group,
    paragraph,
    shape,
    table,
)

_INCH = 914_400
_PICTURE = '<p:pic><p:nvPicPr><p:cNvPr id="5" name=""/></p:nvPicPr></p:pic>'
_COMMENTS = "application/vnd.openxmlformats-officedocument.presentationml.comments+xml"


def _read(*pages: Page) -> Reading:
    return read_pptx(Deck(pages=pages).packed(), Limits())


def _texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def _warnings(reading: Reading) -> dict[str, str]:
    return {warning.code: warning.detail for warning in reading.warnings}


def test_slides_come_in_the_order_of_the_presentation() -> None:
    """The list of slides counts, not the names of their parts."""
    pages = [Page(shapes=shape(word)) for word in ("one", "two", "three")]

    deck = Deck(pages=pages, order=["rId3", "rId1", "rId2"])
    reading = read_pptx(deck.packed(), Limits())

    assert [(block.text, block.page) for block in reading.blocks] == [
        ("three", 1),
        ("one", 2),
        ("two", 3),
    ]
    assert reading.page_count == 3


def test_slide_title_is_the_heading_of_its_slide_alone() -> None:
    """A slide without a title has no heading, least of all the last slide's."""
    title = shape("The", "plan", frame='type="title"')
    pages = [
        Page(shapes=shape("Body") + title),
        Page(shapes=shape("Untitled")),
        Page(shapes=shape("Start", frame='type="ctrTitle"') + shape("More")),
    ]

    numbered = number(_read(*pages).blocks).text

    assert [
        (numbered.text[each.start : each.end], each.heading, each.page)
        for each in numbered.paragraphs
    ] == [
        ("The\nplan", None, 1),
        ("Body", "The plan", 1),
        ("Untitled", None, 2),
        ("Start", None, 3),
        ("More", "Start", 3),
    ]


def test_shapes_are_read_in_rows_from_the_left() -> None:
    """What stands side by side, if not to the pixel, is read from left to right."""
    shapes = [
        shape("below", at=(0, 3 * _INCH)),
        shape("right", at=(5 * _INCH, _INCH)),
        shape("left", at=(0, _INCH + 9_000)),
        shape("above", at=(2 * _INCH, 0)),
    ]

    assert _texts(_read(Page(shapes="".join(shapes)))) == [
        "above",
        "left",
        "right",
        "below",
    ]


def test_group_is_read_as_a_whole() -> None:
    """Members keep together, however their own places compare with those outside."""
    inner = group(shape("b", at=(9, 0)), shape("a", at=(0, 0)), at=(0, 2 * _INCH))
    outer = group(inner, shape("c", at=(0, 5 * _INCH)), at=(0, _INCH))
    shapes = shape("last", at=(0, 4 * _INCH)) + outer + shape("first", at=(0, 0))

    assert _texts(_read(Page(shapes=shapes))) == ["first", "a", "b", "c", "last"]


def test_placeholder_stands_where_its_layout_or_master_puts_it() -> None:
    """Places that a slide leaves out are looked up, by number, then by kind."""
    deck = Deck(
        pages=[
            Page(
                layout=1,
                shapes=shape("middle", at=(0, 2 * _INCH))
                + shape("low", frame='idx="4"')
                + shape("high", frame='type="subTitle"')
                + shape("lowest", frame='idx="9"'),
            )
        ],
        layouts=[
            shape("Click", frame='idx="4"', at=(0, 3 * _INCH))
            + shape("Click", frame='type="subTitle"', at=(0, _INCH))
            + shape("Click", frame='idx="9"')
        ],
        master=shape("Click", frame='type="body"', at=(0, 5 * _INCH)),
    )

    reading = read_pptx(deck.packed(), Limits())

    assert _texts(reading) == ["high", "middle", "- low", "- lowest"]


def test_missing_layout_costs_no_words() -> None:
    """Only the order needs it."""
    deck = Deck(pages=[Page(layout=7, shapes=shape("text", frame='type="subTitle"'))])

    assert _texts(read_pptx(deck.packed(), Limits())) == ["text"]


def test_list_items_are_marked() -> None:
    """By their own bullet, their level or the frame they fill, unless switched off."""
    shapes = [
        shape("bullet", properties='<a:buChar char="•"/>'),
        shape("number", properties='<a:buAutoNum type="arabicPeriod"/>'),
        shape("framed", frame='idx="1"'),
        shape("plain", frame='idx="1"', properties="<a:buNone/>"),
        shape("text"),
    ]
    deep = shape("deep").replace("<a:pPr>", '<a:pPr lvl="1">')

    assert _texts(_read(Page(shapes="".join([*shapes, deep])))) == [
        "- bullet",
        "- number",
        "- framed",
        "plain",
        "text",
        "- deep",
    ]


def test_table_is_read_row_by_row() -> None:
    """Each row is a paragraph; the rest of a merged cell is none, an empty cell is."""
    rows = table(["Item", "Price", ""], ["A", "10", "x"], ["", "", ""]).replace(
        f"<a:tc><a:txBody>{paragraph('')}",
        f'<a:tc hMerge="1"><a:txBody>{paragraph("")}',
        1,
    )

    assert _texts(_read(Page(shapes=rows))) == ["Item | Price", "A | 10 | x"]


def test_line_breaks_and_fields_are_text() -> None:
    """A break within a paragraph keeps it one."""
    pieces = "<a:p><a:r><a:t>a</a:t></a:r><a:br/><a:fld><a:t>2026</a:t></a:fld></a:p>"
    shapes = shape("x").replace(paragraph("x"), pieces)

    assert _texts(_read(Page(shapes=shapes))) == ["a\n2026"]


def test_speaker_notes_follow_their_slide_and_are_marked() -> None:
    """Each paragraph of notes says that it is one; what programs add is left out."""
    notes = (
        shape("1", frame='type="sldNum"')
        + shape("12 May", frame='type="dt"')
        + shape("Say this.", "Then that.", frame='type="body" idx="1"')
    )
    pages = [Page(shapes=shape("One"), notes=notes), Page(shapes=shape("Two"))]

    reading = _read(*pages)

    assert [(block.text, block.page) for block in reading.blocks] == [
        ("One", 1),
        ("[Speaker note] Say this.", 1),
        ("[Speaker note] Then that.", 1),
        ("Two", 2),
    ]
    assert _warnings(reading)["SPEAKER_NOTES"].endswith("slides 1.")


def test_what_slides_repeat_comes_once_at_the_end() -> None:
    """Footers, and words of a layout or master, belong to no slide and no heading."""
    title = shape("Plan", frame='type="title"')
    footer = shape("Acme", frame='type="ftr"') + shape("7", frame='type="sldNum"')
    deck = Deck(
        pages=[Page(shapes=title + footer, layout=1)] * 2,
        layouts=[shape("Confidential")],
        master=shape("Draft") + shape("Click", frame='type="title"'),
    )

    reading = read_pptx(deck.packed(), Limits())

    assert reading.blocks[2:] == (
        Block("Acme", begins_section=True),
        Block("Confidential"),
        Block("Draft"),
    )


def test_hidden_slides_and_shapes_are_read_and_reported() -> None:
    """What an audience does not see is under review, and its author told."""
    pages = [
        Page(shapes=shape("seen")),
        Page(shapes=shape("backup"), attributes='show="0"'),
        Page(shapes=shape("off", hidden=True) + group(shape("in"), hidden=True)),
    ]

    reading = _read(*pages)

    assert _texts(reading) == ["seen", "backup", "off", "in"]
    assert _warnings(reading)["HIDDEN_SLIDES"].endswith(": 2.")
    assert _warnings(reading)["HIDDEN_TEXT"].startswith("2 hidden shapes")


def test_pictures_charts_and_diagrams_are_reported() -> None:
    """What is not read is counted once, and its slides are named."""
    fallback = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        f'markup-compatibility/2006"><mc:Choice>{_PICTURE}</mc:Choice>'
        f"<mc:Fallback>{_PICTURE}{shape('old')}</mc:Fallback></mc:AlternateContent>"
    )
    chart = frame(f"{paragraph('axis')}{_PICTURE}", kind="chart")
    pages = [
        Page(shapes=shape("text")),
        Page(shapes=fallback + chart),
        Page(shapes=frame("", kind="diagram")),
    ]

    reading = _read(*pages)

    assert _texts(reading) == ["text"]
    assert _warnings(reading)["PICTURES_NOT_READ"].startswith("3 pictures")
    assert _warnings(reading)["PICTURES_NOT_READ"].endswith("slides 2, 3.")


def test_comments_are_left_out_with_a_warning() -> None:
    """Remarks in the margin are not the document."""
    deck = Deck(
        pages=[Page(shapes=shape("text"))],
        overrides={"/ppt/comments/c1.xml": _COMMENTS},
        extra={"ppt/comments/c1.xml": '<l xmlns="x"><cm><text>psst</text></cm></l>'},
    )

    reading = read_pptx(deck.packed(), Limits())

    assert _texts(reading) == ["text"]
    assert _warnings(reading) == {"COMMENTS": "1 comments were left out."}


def test_slide_show_and_the_strict_variant_are_read() -> None:
    """Both are presentations under other names."""
    deck = Deck(pages=[Page(shapes=shape("text"))], main="slideshow.main")
    strict = Deck(pages=[Page(shapes=shape("text"))])
    strict_parts = {
        name: part.replace(
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://purl.oclc.org/ooxml/drawingml/main",
        )
        .replace(
            "http://schemas.openxmlformats.org/presentationml/2006/main",
            "http://purl.oclc.org/ooxml/presentationml/main",
        )
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, part in strict.parts().items()
    }

    for content in (deck.packed(), Deck(extra=strict_parts).packed()):
        assert _texts(read_pptx(content, Limits())) == ["text"]


@pytest.mark.parametrize(
    ("deck", "limits", "reason"),
    [
        (Deck(pages=[Page()], main="other"), Limits(), Reason.UNSUPPORTED_TYPE),
        (Deck(pages=[Page()] * 3), Limits(pages=2), Reason.TOO_MANY_PAGES),
        (
            Deck(pages=[Page(shapes=shape("ü" * 30), notes=shape("ü" * 30))]),
            Limits(text_bytes=100),
            Reason.TOO_MUCH_TEXT,
        ),
    ],
)
def test_deck_is_refused(deck: Deck, limits: Limits, reason: Reason) -> None:
    """Another kind of archive, and decks over a limit."""
    with pytest.raises(Refused) as caught:
        read_pptx(deck.packed(), limits)

    assert caught.value.reason is reason


@dataclass(frozen=True)
class _Node:
    """A shape, or a group if it has members."""

    at: tuple[int, int] | None
    members: Sequence["_Node"] = ()

    def written(self, words: Iterator[str]) -> str:
        place = self.at and (self.at[0] * _INCH, self.at[1] * _INCH)
        if not self.members:
            return shape(next(words), at=place)
        return group(*(each.written(words) for each in self.members), at=place)


_PLACES = st.none() | st.tuples(st.integers(-9, 9), st.integers(-9, 9))


@given(
    st.recursive(
        st.builds(_Node, _PLACES),
        lambda inner: st.builds(_Node, _PLACES, st.lists(inner, max_size=3)),
        max_leaves=12,
    )
)
def test_no_word_is_lost_or_read_twice(node: _Node) -> None:
    """However shapes are grouped and placed, each is read once."""
    written = node.written(f"word{count}" for count in itertools.count())

    texts = _texts(_read(Page(shapes=written)))

    assert sorted(texts) == sorted(re.findall(r"word\d+", written))
