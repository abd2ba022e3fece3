"""PDF pages to paragraphs."""

from collections.abc import Callable, Sequence

import pytest

from roundtable_gateway.documents.blocks import Block
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.pdf import read_pdf
from roundtable_gateway.documents.pdf_layout import LINE_HYPHEN, Line, to_blocks

MakePdf = Callable[..., bytes]

_WRAPPING = (
    "The quarterly figures are set out below and go on for long enough to wrap over "
    "several lines of the page, so that they have to be put together again."
)


def _line(text: str, bottom: float, **changes: float) -> Line:
    fields = {"page": 1, "left": 50.0, "right": 500.0, "height": 12.0} | changes
    return Line(
        text=text,
        page=int(fields["page"]),
        left=fields["left"],
        right=fields["right"],
        first_bottom=bottom,
        last_bottom=bottom,
        height=fields["height"],
    )


def _texts(lines: Sequence[Line]) -> list[str]:
    return [block.text for block in to_blocks(lines)]


def test_pdf_paragraphs_are_flowed_and_know_their_page(make_pdf: MakePdf) -> None:
    """Wrapped lines become paragraphs again, a gap parts them, pages are counted."""
    content = make_pdf(f"{_WRAPPING}\n\nSecond one.", "On page two.")

    reading = read_pdf(content, Limits())

    assert reading.page_count == 2
    assert reading.blocks == (
        Block(_WRAPPING, page=1),
        Block("Second one.", page=1),
        Block("On page two.", page=2),
    )
    assert reading.warnings == ()


def test_pdf_heading_is_found_by_its_size(make_pdf: MakePdf) -> None:
    """Larger letters make a heading of its own."""
    reading = read_pdf(make_pdf(_WRAPPING, heading="Outlook"), Limits())

    assert reading.blocks == (
        Block("Outlook", page=1, is_heading=True),
        Block(_WRAPPING, page=1),
    )


def test_pdf_word_broken_at_a_line_end_is_mended(make_pdf: MakePdf) -> None:
    """A hyphen that only the line end put there goes."""
    content = make_pdf("We will imple-\nment this in the coming weeks.")

    reading = read_pdf(content, Limits())

    assert reading.blocks[0].text == "We will implement this in the coming weeks."


def test_pdf_without_text_is_scanned_or_empty(make_pdf: MakePdf) -> None:
    """Pages of pictures can't be reviewed, and the reason says what to do."""
    with pytest.raises(Refused) as caught:
        read_pdf(make_pdf("", ""), Limits())

    assert caught.value.reason is Reason.SCANNED_OR_EMPTY


def test_pdf_page_without_text_gives_a_warning(make_pdf: MakePdf) -> None:
    """A single scanned page among others is named."""
    reading = read_pdf(make_pdf("one", "", "three"), Limits())

    assert reading.page_count == 3
    assert [each.code for each in reading.warnings] == ["PAGES_WITHOUT_TEXT"]
    assert reading.warnings[0].detail.endswith("reviewed: 2.")


def test_pdf_over_the_page_limit_is_refused(make_pdf: MakePdf) -> None:
    """The limit itself is allowed, a page more is not."""
    assert read_pdf(make_pdf("a", "b"), Limits(pages=2)).page_count == 2

    with pytest.raises(Refused) as caught:
        read_pdf(make_pdf("a", "b", "c"), Limits(pages=2))

    assert caught.value.reason is Reason.TOO_MANY_PAGES


def test_pdf_over_the_text_limit_is_refused(make_pdf: MakePdf) -> None:
    """Text is counted while pages are read."""
    with pytest.raises(Refused) as caught:
        read_pdf(make_pdf("word " * 50), Limits(text_bytes=100))

    assert caught.value.reason is Reason.TOO_MUCH_TEXT


def test_pdf_with_a_password_is_encrypted(make_pdf: MakePdf) -> None:
    """A password is told apart from damage."""
    with pytest.raises(Refused) as caught:
        read_pdf(make_pdf("secret", password="user"), Limits())

    assert caught.value.reason is Reason.ENCRYPTED


def test_sentence_runs_on_over_a_page() -> None:
    """A paragraph that a page end cut is one paragraph, on its first page."""
    lines = [
        _line("Alpha beta gamma", 700),
        _line("delta and also", 686),
        _line("epsilon at last.", 700, page=2, right=200),
        _line("Another begins.", 686, page=2),
    ]

    blocks = list(to_blocks(lines))

    assert blocks[0] == Block(
        "Alpha beta gamma delta and also epsilon at last.", page=1
    )
    assert blocks[1] == Block("Another begins.", page=2)


def test_next_column_begins_a_paragraph() -> None:
    """Text that goes up again is a new column."""
    lines = [_line("Left column.", 100), _line("Right column.", 700, left=300)]

    assert _texts(lines) == ["Left column.", "Right column."]


def test_list_items_are_parted_but_wrapped_dashes_and_numbers_are_not() -> None:
    """A dash or number begins an item only where the line above was at its end."""
    items = [
        _line("What follows is a line as wide as the page,", 714),
        _line("and these are the items:", 700, right=200),
        _line("1. first", 686, right=100),
        _line("2. second", 672, right=100),
    ]
    wrapped = [_line("The version of chapter", 700), _line("2. is the one", 686)]

    assert _texts(items)[1:] == ["1. first", "2. second"]
    assert _texts(wrapped) == ["The version of chapter 2. is the one"]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        (f"exam{LINE_HYPHEN}ple", "example"),
        (f"exam{LINE_HYPHEN} ple", "example"),
        (f"Anglo{LINE_HYPHEN}Saxon", "Anglo-Saxon"),
        (f"COVID{LINE_HYPHEN}19", "COVID-19"),
        (f"well{LINE_HYPHEN}known; a well-known fact", "well-known; a well-known fact"),
    ],
)
def test_hyphen_stays_where_it_belongs_to_the_word(broken: str, mended: str) -> None:
    """Names, numbers and compounds seen elsewhere in the document keep it."""
    assert _texts([_line(broken, 700)]) == [mended]


def test_mending_is_linear_on_a_word_without_end() -> None:
    """A megabyte without a space costs no more than one with them."""
    word = "x" * 1_000_000

    assert _texts([_line(f"{word}{LINE_HYPHEN}{word}", 700)]) == [word + word]
