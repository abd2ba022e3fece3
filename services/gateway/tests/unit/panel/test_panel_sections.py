"""Who is shown which part of a document."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.panel.sections import (
    LONG_WORDS,
    ReadingPlan,
    SectionTooLongError,
    estimate_tokens,
    plan_reading,
)

WIDE = 1_000_000


def text_of(*sizes: int, headings: tuple[int, ...] = ()) -> DocumentText:
    """Return a document of paragraphs with so many words, those at indices headings."""
    text, placed, heading = "", [], None
    for index, size in enumerate(sizes):
        words = " ".join(["words"] * size)
        placed.append(
            Paragraph(f"P{index + 1}", len(text), len(text) + len(words), None, heading)
        )
        if index in headings:
            heading = f"Part {index}"
        text += words + "\n\n"
    return DocumentText(text, tuple(placed))


def plan(document: DocumentText, seats: str = "AB", *, room: int = WIDE) -> ReadingPlan:
    """Plan with so many tokens left for the document."""
    return plan_reading(
        document, list(seats), window_tokens=room + 500, overhead_tokens=500
    )


def sizes_of(reading: ReadingPlan) -> list[int]:
    """Give the words of each section."""
    return [
        sum((p.end - p.start + 1) // len("words ") for p in sweep.paragraphs)
        for sweep in reading.sweeps
    ]


def test_a_short_document_is_read_whole_by_everybody() -> None:
    """Nobody sweeps it."""
    document = text_of(100, LONG_WORDS - 100)

    reading = plan(document)

    assert dict(reading.shares) == dict.fromkeys("AB", document.paragraphs)
    assert reading.control == document.paragraphs
    assert reading.sweeps == ()


def test_a_long_document_is_read_whole_and_swept_in_turns() -> None:
    """Sections are numbered from 1, and the seats take turns at them."""
    document = text_of(*[100] * 50)

    reading = plan(document, "ABC")

    assert dict(reading.shares) == dict.fromkeys("ABC", document.paragraphs)
    assert [(s.number, s.panelist_id) for s in reading.sweeps] == [
        (1, "A"),
        (2, "B"),
        (3, "C"),
        (4, "A"),
    ]
    assert sizes_of(reading) == [1_200, 1_200, 1_200, 1_400]


def test_sections_begin_at_headings_that_are_near_enough() -> None:
    """A heading stays with what follows it, and a second heading with the first."""
    sizes = [5, *[100] * 9, 5, 5, *[100] * 13, 5, *[100] * 4]
    document = text_of(*sizes, headings=(0, 10, 11, 25))

    reading = plan(document)

    assert [sweep.paragraphs[0].id for sweep in reading.sweeps] == ["P1", "P11", "P26"]
    assert sizes_of(reading) == [905, 1_310, 405]


def test_a_heading_too_near_is_passed_over() -> None:
    """Sections stay about as long as they should."""
    document = text_of(*[100] * 30, headings=(3,))

    assert sizes_of(plan(document)) == [1_200, 1_200, 600]


def test_paragraphs_without_a_word_make_no_section() -> None:
    """A row of rules before a long paragraph goes with what stands above it."""
    document = text_of(1_000, *[0] * 200, 2_000)

    reading = plan(document)

    assert [len(sweep.paragraphs) for sweep in reading.sweeps] == [201, 1]


def test_a_paragraph_is_never_cut() -> None:
    """A section of one paragraph may be longer than others."""
    assert sizes_of(plan(text_of(100, 4_000, 100))) == [100, 4_000, 100]


def test_words_of_scripts_without_spaces_count_too() -> None:
    """A long text is long, whether it has spaces or not."""
    text = "語" * 6_000
    document = DocumentText(text, (Paragraph("P1", 0, len(text)),))

    assert len(plan(document).sweeps) == 1


def test_tokens_are_estimated_high_whatever_the_script() -> None:
    """Three letters of Latin script, one of Chinese."""
    assert estimate_tokens("") == 0
    assert estimate_tokens("abcd") == 2
    assert estimate_tokens("語" * 10) == 10


@pytest.mark.parametrize(
    ("seats", "room", "expected"),
    [
        pytest.param("A", 10_400, ["1-48"], id="one seat: its beginning"),
        pytest.param("AB", 10_400, ["1-48", "49-90"], id="as many as it takes"),
        pytest.param("ABC", 10_400, ["1-48", "1-48", "49-90"], id="one seat more"),
        pytest.param("AB", 5_000, ["1-24", "73-90"], id="too few: both ends"),
        pytest.param("AB", 11_000, ["1-48", "37-90"], id="the last reaches back"),
    ],
)
def test_shares_are_spread_over_a_document_beyond_the_window(
    seats: str, room: int, expected: list[str]
) -> None:
    """Every seat gets a run of sections that fits."""
    document = text_of(*[100] * 90)

    reading = plan(document, seats, room=room)

    shares = [reading.shares[seat] for seat in seats]
    assert [f"{s[0].id[1:]}-{s[-1].id[1:]}" for s in shares] == expected
    assert reading.control == shares[0]


def test_a_section_beyond_the_window_is_refused_with_both_figures() -> None:
    """The author learns how much there is and how much would fit."""
    document = text_of(100, 3_000)

    with pytest.raises(SectionTooLongError) as refused:
        plan(document, room=4_000)

    assert refused.value.window_tokens == 4_500
    assert refused.value.needed_tokens == pytest.approx(6_500, abs=10)


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(1, 900), min_size=1, max_size=60),
    headings=st.sets(st.integers(0, 59)),
    seats=st.integers(1, 16),
    room=st.integers(3_500, 30_000),
)
def test_every_paragraph_is_shown_and_nothing_beyond_the_window(
    sizes: list[int], headings: set[int], seats: int, room: int
) -> None:
    """Sections tile a document; shares are runs of it and cover it if they can."""
    document = text_of(*sizes, headings=tuple(headings))

    reading = plan(document, "ABCDEFGHIJKLMNOP"[:seats], room=room)

    swept = [p for sweep in reading.sweeps for p in sweep.paragraphs]
    assert swept in ([], list(document.paragraphs))
    for shown in (*reading.shares.values(), reading.control):
        first = document.paragraphs.index(shown[0])
        assert document.paragraphs[first : first + len(shown)] == shown
        length = shown[-1].end - shown[0].start
        assert estimate_tokens("w" * length) <= room
    starts = sorted({shown[0].start for shown in reading.shares.values()})
    assert starts[0] == 0
    if not reading.sweeps:
        assert sum(sizes) <= LONG_WORDS
    assert reading == plan(document, "ABCDEFGHIJKLMNOP"[:seats], room=room)


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(1, 900), min_size=1, max_size=60),
    room=st.integers(3_500, 30_000),
)
def test_with_seats_enough_the_shares_leave_no_gap(sizes: list[int], room: int) -> None:
    """Sixteen seats have read all that sixteen windows can hold."""
    document = text_of(*sizes)

    reading = plan(document, "ABCDEFGHIJKLMNOP", room=room)

    read = {p.id for shown in reading.shares.values() for p in shown}
    assert read == {p.id for p in document.paragraphs}
    runs = list(reading.shares.values())
    assert all(a[0].start <= b[0].start for a, b in pairwise(runs))
