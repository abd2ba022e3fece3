"""Lines on pages to blocks: which lines make a paragraph, and which are headings; pure.

A PDF says where letters stand, not what they make up. The rules are few and lean
towards splitting: a paragraph too short costs less than two run together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from roundtable_gateway.documents.blocks import Block

LINE_HYPHEN = "\ufffe"  # a noncharacter: a hyphen that a line ended with

_WIDE_GAP = 1.3  # times the usual line pitch
_HEADING_HEIGHT = 1.15  # times the body's
_SAME_HEIGHT = 0.1  # share by which letters of one size differ
_HEADING_CHARACTERS = 200
_SHORT_LINE = 0.85  # of the rightmost edge of all lines

_BULLET = re.compile(r"[•◦▪●○]\s")
_ITEM = re.compile(r"(?:[-–—*·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s")  # noqa: RUF001 - dashes, meant
_SENTENCE_END = re.compile(r"""[.!?:;…]["'”’)\]]*$""")  # noqa: RUF001 - quotes, meant
# Begun at a word's start only, and possessive: linear on a megabyte without a space.
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]++(?:-[^\W_]++)++")
_BROKEN_WORD = re.compile(rf"(?<![^\W_])([^\W_]*+){LINE_HYPHEN}\s*+([^\W_]*+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands, in points from the page's lower left.

    Attributes:
        text: Not blank; may run over several lines where words were hyphenated.
        page: From 1.
        left: Edge of the first letter.
        right: Edge of the last one.
        first_bottom: Lower edge of the first letter's box.
        last_bottom: Lower edge of the last letter's box.
        height: Of the first letter's box.
    """

    text: str
    page: int
    left: float
    right: float
    first_bottom: float
    last_bottom: float
    height: float


def to_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the paragraphs of a document's lines, with words at line ends mended."""
    layout = _Layout.of(lines)
    compounds = {
        word.lower() for line in lines for word in _HYPHENATED.findall(line.text)
    }
    for group in _groups(lines, layout):
        text = _mend(" ".join(line.text for line in group), compounds)
        yield Block(text, page=group[0].page, is_heading=layout.is_heading(group))


@dataclass(frozen=True, slots=True)
class _Layout:
    body_height: float
    pitch: float
    right_edge: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Layout":
        heights: Counter[float] = Counter()
        for line in lines:
            heights[round(line.height, 1)] += len(line.text)
        body = heights.most_common(1)[0][0] if heights else 0.0
        edge = max((line.right for line in lines), default=0.0)
        return cls(body, _usual_pitch(lines, body), edge)

    def is_heading(self, group: Sequence[Line]) -> bool:
        is_tall = group[0].height >= self.body_height * _HEADING_HEIGHT
        return is_tall and sum(len(line.text) for line in group) <= _HEADING_CHARACTERS

    def parts(self, above: Line, below: Line) -> bool:
        """Tell whether a new paragraph begins between two lines that follow."""
        tallest = max(above.height, below.height)
        if abs(above.height - below.height) > tallest * _SAME_HEIGHT:
            return True
        if _BULLET.match(below.text):
            return True
        drop = above.last_bottom - below.first_bottom
        if above.page != below.page or drop < -tallest / 2:
            return not _runs_on(above.text, below.text)
        is_short = above.right < self.right_edge * _SHORT_LINE
        ends_sentence = bool(_SENTENCE_END.search(above.text))
        # A dash or a number may also have come to a line's start by wrapping.
        marks = (bool(_ITEM.match(below.text)), is_short, ends_sentence)
        if sum(marks) >= 2:  # noqa: PLR2004 - any two of the three
            return True
        # Scaled, as a heading's own lines stand further apart than the body's.
        scale = max(1.0, tallest / self.body_height) if self.body_height else 1.0
        return drop > self.pitch * scale * _WIDE_GAP


def _usual_pitch(lines: Sequence[Line], body_height: float) -> float:
    drops = [
        above.last_bottom - below.first_bottom
        for above, below in pairwise(lines)
        if above.page == below.page
    ]
    plausible = [drop for drop in drops if body_height / 2 < drop < body_height * 3]
    if len(plausible) < 2:  # noqa: PLR2004 - a quartile needs two
        return body_height
    # The lower quartile: in a list of one-line paragraphs the gaps are the majority.
    return quantiles(plausible, n=4, method="inclusive")[0]


def _groups(lines: Iterable[Line], layout: _Layout) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and layout.parts(group[-1], line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _runs_on(above: str, below: str) -> bool:
    """Tell whether a sentence goes on over the end of a page or column."""
    return not _SENTENCE_END.search(above) and below[0].islower()


def _mend(text: str, compounds: set[str]) -> str:
    def join(match: re.Match[str]) -> str:
        left, right = match.groups()
        compound = f"{left}-{right}"
        keeps_hyphen = not (left and right[:1].islower())
        if keeps_hyphen or compound.lower() in compounds:
            return compound
        return left + right

    return _BROKEN_WORD.sub(join, text)
