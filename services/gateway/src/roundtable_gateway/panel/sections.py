"""Who is shown which part of a document, so that a long one is read to its end.

A document over ``LONG_WORDS`` words, or over the model's window, is cut into sections;
each is swept by one seat, that is shown nothing else. One over the window is reviewed
in shares: each seat gets a run of neighbouring sections that fits.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from roundtable_gateway.domain.document import DocumentText, Paragraph

LONG_WORDS = 2_500

_SECTION_WORDS = 1_200
_MOST_SECTION_WORDS = 1_500
_FEWEST_SECTION_WORDS = 600

# Three for an English token are few, so an estimate errs on the side of too many. In
# bytes, as scripts of more bytes a letter have fewer letters a token.
_BYTES_PER_TOKEN = 3

# What a prompt writes about each paragraph: "[P123] " and a blank line.
_BYTES_PER_PARAGRAPH = 10

# Scripts without letter case may write no spaces; then about two letters are a word.
_WORD = re.compile(r"[^\W_]\S*")
_LONGEST_UNCASED_WORD = 20
_UNSPACED_LETTERS_PER_WORD = 2


class SectionTooLongError(Exception):
    """A section does not fit the model's window with its prompt."""

    def __init__(self, needed_tokens: int, window_tokens: int) -> None:
        """Keep both figures."""
        super().__init__(f"{needed_tokens} tokens in a window of {window_tokens}")
        self.needed_tokens = needed_tokens
        self.window_tokens = window_tokens


@dataclass(frozen=True, slots=True)
class Sweep:
    """A section and the seat that reads it closely; numbers begin at 1."""

    panelist_id: str
    number: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """What everybody is shown.

    Attributes:
        shares: What each seat reviews: the document or, over the window, a run of it.
        control: What the control reviews.
        sweeps: The sections in order; none for a short document.
    """

    shares: Mapping[str, tuple[Paragraph, ...]]
    control: tuple[Paragraph, ...]
    sweeps: tuple[Sweep, ...]


def plan_reading(
    document: DocumentText,
    panelist_ids: Sequence[str],
    *,
    window_tokens: int,
    overhead_tokens: int,
) -> ReadingPlan:
    """Plan who is shown what.

    Args:
        document: The document.
        panelist_ids: The seats, in their order.
        window_tokens: What the model can take.
        overhead_tokens: What a prompt and its answer take beside the document.

    Raises:
        SectionTooLongError: A section does not fit the window with its prompt.
    """
    room = window_tokens - overhead_tokens
    scale = _Scale(document)
    whole = range(len(document.paragraphs))
    fits = scale.tokens(whole) <= room
    if fits and scale.words(whole) <= LONG_WORDS:
        everything = document.paragraphs
        return ReadingPlan(dict.fromkeys(panelist_ids, everything), everything, ())
    sections = _cut(document.paragraphs, scale)
    longest = max(map(scale.tokens, sections))
    if longest > room:
        raise SectionTooLongError(longest + overhead_tokens, window_tokens)
    tiles = [whole] if fits else _tile(sections, scale, room)
    show = _Show(document.paragraphs)
    seats = len(panelist_ids)
    return ReadingPlan(
        shares={
            panelist_id: show(tiles[_tile_of(seat, seats=seats, tiles=len(tiles))])
            for seat, panelist_id in enumerate(panelist_ids)
        },
        control=show(tiles[0]),
        sweeps=tuple(
            Sweep(panelist_ids[index % seats], index + 1, show(section))
            for index, section in enumerate(sections)
        ),
    )


def estimate_shown(document: DocumentText, paragraphs: Sequence[Paragraph]) -> int:
    """Estimate how many tokens a prompt makes of paragraphs, rather too many."""
    texts = [document.text[each.start : each.end] for each in paragraphs]
    size = sum(len(text.encode()) + _BYTES_PER_PARAGRAPH for text in texts)
    return -(-size // _BYTES_PER_TOKEN)


def estimate_tokens(text: str) -> int:
    """Estimate how many tokens a model makes of a text, rather too many."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class _Show:
    """Turns a stretch of paragraphs' indices into the paragraphs."""

    paragraphs: tuple[Paragraph, ...]

    def __call__(self, stretch: range) -> tuple[Paragraph, ...]:
        return self.paragraphs[stretch.start : stretch.stop]


class _Scale:
    """Sizes of stretches of a document's paragraphs, by running totals."""

    def __init__(self, document: DocumentText) -> None:
        texts = [document.text[p.start : p.end] for p in document.paragraphs]
        self.word_totals = _totals([_count_words(text) for text in texts])
        self._byte_totals = _totals(
            [len(text.encode()) + _BYTES_PER_PARAGRAPH for text in texts]
        )

    def words(self, stretch: range) -> int:
        return self.word_totals[stretch.stop] - self.word_totals[stretch.start]

    def tokens(self, stretch: range) -> int:
        size = self._byte_totals[stretch.stop] - self._byte_totals[stretch.start]
        return -(-size // _BYTES_PER_TOKEN)


def _totals(sizes: Sequence[int]) -> list[int]:
    return list(accumulate(sizes, initial=0))


def _count_words(text: str) -> int:
    return sum(map(_words_in, _WORD.findall(text)))


def _words_in(run: str) -> int:
    """How many words stand between two spaces."""
    if len(run) <= _LONGEST_UNCASED_WORD or run.lower() != run.upper():
        return 1
    return len(run) // _UNSPACED_LETTERS_PER_WORD


def _cut(paragraphs: Sequence[Paragraph], scale: _Scale) -> list[range]:
    """Cut into sections of about ``_SECTION_WORDS``, where a heading stands if any."""
    begins = _part_beginnings(paragraphs)
    sections: list[range] = []
    start = 0
    while start < len(paragraphs):
        end = _section_end(start, begins, scale)
        sections.append(range(start, end))
        start = end
    return sections


def _part_beginnings(paragraphs: Sequence[Paragraph]) -> list[int]:
    """The headings, but for those right below another heading.

    A heading is known by what follows it: that has it above.
    """
    is_heading = [
        following.heading not in (None, this.heading)
        for this, following in pairwise(paragraphs)
    ]
    return [
        index
        for index, (above, here) in enumerate(pairwise(is_heading), start=1)
        if here and not above
    ]


def _section_end(start: int, begins: Sequence[int], scale: _Scale) -> int:
    """Where a section ends: nearest to its size, at a heading if one is near enough."""
    totals, base = scale.word_totals, scale.word_totals[start]
    last = len(totals) - 1
    if totals[last] - base <= _MOST_SECTION_WORDS:
        return last

    def nearest(ends: Sequence[int]) -> int:
        # Paragraphs without a word go with what stands above them.
        return min(
            ends,
            key=lambda end: (
                abs(totals[end] - base - _SECTION_WORDS),
                totals[end],
                -end,
            ),
        )

    furthest = bisect_right(totals, base + _MOST_SECTION_WORDS) - 1
    soonest = bisect_left(totals, base + _FEWEST_SECTION_WORDS)
    near = begins[bisect_left(begins, soonest) : bisect_right(begins, furthest)]
    if near:
        return nearest(near)
    return nearest(range(start + 1, max(furthest, start + 1) + 1))


def _tile(sections: Sequence[range], scale: _Scale, room: int) -> list[range]:
    """Cover the document with runs of sections, as many of them as fit in each.

    The last one reaches back as far as it fits.
    """
    tiles: list[range] = []
    for section in sections:
        longer = range(tiles[-1].start, section.stop) if tiles else section
        if tiles and scale.tokens(longer) <= room:
            tiles[-1] = longer
        else:
            tiles.append(section)
    for section in reversed(sections):
        longer = range(section.start, tiles[-1].stop)
        if section.start < tiles[-1].start and scale.tokens(longer) <= room:
            tiles[-1] = longer
    return tiles


def _tile_of(seat: int, *, seats: int, tiles: int) -> int:
    """The tile of a seat: all are read if seats suffice, else evenly spread ones."""
    if seats >= tiles:
        return seat * tiles // seats
    if seats == 1:
        return 0
    return (seat * (tiles - 1) + (seats - 1) // 2) // (seats - 1)
