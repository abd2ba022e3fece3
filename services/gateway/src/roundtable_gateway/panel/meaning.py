"""Whether two wordings that differ a little could differ in what they say.

The guard of the near match: it errs on the side of "yes", because a misquote that is
let through counts as evidence while one that is refused is merely asked for again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from roundtable_gateway.panel.language import (
    QUANTITIES,
    is_frequent_word,
    is_modal,
    is_negation,
)
from roundtable_gateway.panel.normalization import NormalizedText, Span

# A number with its sign and separators, a word, or a single mark.
_TOKEN = re.compile(
    r"(?:(?<!\w)-)?\w*\d\w*(?:[.,:/'-]\w*\d\w*)*|\w+(?:'\w+)*|\S",
)
_NEGATING_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|dé|des|de|non|no|mis|miss|mé)")
_NEGATING_SUFFIX = re.compile(r"(?:less|los|frei)(?:e[mnrs]?|ly|ness)?$")


@dataclass(frozen=True, slots=True)
class _Token:
    """A normalised word or mark and how the original writes it."""

    text: str
    written: str

    def binds(self) -> bool:
        """Whether its very neighbours may not change either: "not", "must", "5 km"."""
        return is_negation(self.text) or is_modal(self.text) or self._is_quantity()

    def is_protected(self) -> bool:
        """Whether it may not change."""
        return self.binds() or self.text in QUANTITIES or self._is_name()

    def _is_quantity(self) -> bool:
        return any(
            char.isnumeric() or char == "%" or unicodedata.category(char)[0] == "S"
            for char in self.text
        )

    def _is_name(self) -> bool:
        """Whether it is written with a capital, "The" and its like apart."""
        if self.written.istitle() and is_frequent_word(self.text):
            return False
        return any(map(str.isupper, self.written))


def may_change_meaning(
    given: NormalizedText, document: NormalizedText, span: Span
) -> bool:
    """Whether ``given`` could say something else than the document's ``span``.

    That is so when a number, symbol, negation, modal, quantity or name differs, when a
    word differs beside a number, negation or modal, when words changed places, or when
    a changed word gained or lost a negating prefix or suffix.
    """
    ours = list(_tokens(document, span))
    theirs = list(_tokens(given, Span(0, len(given.text))))
    gone, new = _changes([token.text for token in ours], [t.text for t in theirs])
    gone_words = {ours[index].text for index in gone}
    new_words = {theirs[index].text for index in new}
    return (
        _touches_protected(ours, gone)
        or _touches_protected(theirs, new)
        or not gone_words.isdisjoint(new_words)
        or _negating_affixes(gone_words) != _negating_affixes(new_words)
    )


def negates(text: NormalizedText, span: Span) -> bool:
    """Whether a negation stands in a stretch of a normalised text."""
    return any(is_negation(token.text) for token in _tokens(text, span))


def _tokens(text: NormalizedText, span: Span) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text.text, span.start, span.end):
        written = text.source(Span(*match.span()))
        yield _Token(match.group(), text.original[written.start : written.end])


def _changes(ours: list[str], theirs: list[str]) -> tuple[list[int], list[int]]:
    """Indices of the words that only one of the two has in its place."""
    gone: list[int] = []
    new: list[int] = []
    for step in Levenshtein.opcodes(ours, theirs):
        if step.tag != "equal":
            gone.extend(range(step.src_start, step.src_end))
            new.extend(range(step.dest_start, step.dest_end))
    return gone, new


def _touches_protected(tokens: Sequence[_Token], changed: Iterable[int]) -> bool:
    return any(
        tokens[index].is_protected()
        or any(token.binds() for token in tokens[max(index - 1, 0) : index + 2])
        for index in changed
    )


def _negating_affixes(words: Iterable[str]) -> list[str]:
    return sorted(
        match.group()
        for word in words
        for affix in (_NEGATING_PREFIX.match(word), _NEGATING_SUFFIX.search(word))
        if (match := affix)
    )
