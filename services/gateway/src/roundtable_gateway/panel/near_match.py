"""Finds where a document says almost what a quote says, in bounded time.

Candidates come from an index of the document's words: the quote's rarest words vote
for the places where it could begin, and only these few are compared letter by letter.
A quote costs at most ``_MAX_ANCHORS * _MAX_HITS`` votes and
``_MAX_CANDIDATES * _MAX_EDGES**2`` comparisons of ``_MAX_LENGTH`` characters, however
long and however hostile the document is.
"""

import re
from array import array
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from rapidfuzz.distance import Levenshtein

from roundtable_gateway.panel.meaning import may_change_meaning
from roundtable_gateway.panel.normalization import NormalizedText, Span
from roundtable_gateway.panel.occurrences import cuts_word

_MIN_LENGTH = 20
_MAX_LENGTH = 1_000
_LETTERS_PER_EDIT = 10
_MAX_ANCHORS = 8
_MAX_HITS = 32
_MAX_CANDIDATES = 12
_MAX_EDGES = 6

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, order=True)
class _Fit:
    """A stretch of the document and how many letters of it differ."""

    edits: int
    start: int
    end: int

    def overlaps(self, other: "_Fit") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A word of the needle, and which of its positions in the document are in scope."""

    offset: int
    positions: "array[int]"
    first: int
    count: int

    def starts(self) -> list[int]:
        """Where the needle would begin, for the first of these positions."""
        hits = self.positions[self.first : self.first + min(self.count, _MAX_HITS)]
        return [max(position - self.offset, 0) for position in hits]


class NearMatcher:
    """Near matches in one document; its index is built when first needed."""

    def __init__(self, document: NormalizedText) -> None:
        self._document = document
        self._positions: dict[str, array[int]] = {}

    def find(self, given: NormalizedText, scope: Span) -> list[Span]:
        """Places that begin in ``scope`` and say what ``given`` says, best first.

        At most one letter in ten differs, and nothing that may change the meaning.
        """
        needle = given.text.strip()
        if not _MIN_LENGTH <= len(needle) <= _MAX_LENGTH:
            return []
        kept: list[_Fit] = []
        for fit in sorted(self._fits(needle, scope)):
            if not any(map(fit.overlaps, kept)):
                kept.append(fit)
        return [
            span
            for span in (Span(fit.start, fit.end) for fit in kept)
            if not may_change_meaning(
                given, self._document, span, vocabulary=self._positions
            )
        ]

    def _fits(self, needle: str, scope: Span) -> set[_Fit]:
        fits = (self._fit(needle, near, scope) for near in self._starts(needle, scope))
        return {fit for fit in fits if fit}

    def _starts(self, needle: str, scope: Span) -> list[int]:
        """Where the needle would begin if one of its rare words is as it should be."""
        anchors = sorted(self._anchors(needle, scope), key=lambda a: a.count)
        votes = Counter(
            start for anchor in anchors[:_MAX_ANCHORS] for start in anchor.starts()
        )
        return [start for start, _ in votes.most_common(_MAX_CANDIDATES)]

    def _anchors(self, needle: str, scope: Span) -> list[_Anchor]:
        if not self._positions:
            self._positions = _word_positions(self._document.text)
        anchors = []
        for match in _WORD.finditer(needle):
            positions = self._positions.get(match.group(), array("I"))
            first = bisect_left(positions, scope.start)
            behind = bisect_left(positions, scope.end + len(needle))
            anchors.append(_Anchor(match.start(), positions, first, behind - first))
        return [anchor for anchor in anchors if anchor.count > 0]

    def _fit(self, needle: str, near: int, scope: Span) -> _Fit | None:
        """The best stretch of whole words that begins about ``near``."""
        text = self._document.text
        most = len(needle) // _LETTERS_PER_EDIT
        # What fits begins and ends at most `most` away from this, so it costs at most
        # twice that more: a cheap test that nearly every chance candidate fails.
        rough = text[near : near + len(needle)]
        if Levenshtein.distance(needle, rough, score_cutoff=3 * most) > 3 * most:
            return None
        fits = [
            _Fit(_distance(needle, text[start:end], most), start, end)
            for start in self._edges(near, most, inside=0)
            for end in self._edges(start + len(needle), most, inside=-1)
            if scope.start <= start < scope.end
        ]
        best = min(fits, default=None)
        return best if best and best.edits <= most else None

    def _edges(self, near: int, reach: int, *, inside: int) -> list[int]:
        """Offsets about ``near`` where a stretch of whole words can begin or end.

        Args:
            near: Where to look, nearest first.
            reach: How far away an edge may be.
            inside: From an edge to the stretch's outermost character, 0 or -1.
        """
        text = self._document.text
        first, last = (
            max(near - reach, -inside),
            min(near + reach, len(text) - 1 - inside),
        )
        edges = (
            offset
            for offset in sorted(range(first, last + 1), key=lambda o: abs(o - near))
            if not cuts_word(text, offset) and not text[offset + inside].isspace()
        )
        return list(islice(edges, _MAX_EDGES))


def _distance(needle: str, stretch: str, most: int) -> int:
    return Levenshtein.distance(needle, stretch, score_cutoff=most)


def _word_positions(text: str) -> "dict[str, array[int]]":
    positions: dict[str, array[int]] = {}
    for match in _WORD.finditer(text):
        word = match.group()
        if word not in positions:
            positions[word] = array("I")
        positions[word].append(match.start())
    return positions
