"""Whether two wordings that differ a little could differ in what they say.

The guard of the near match: it errs on the side of "yes", because a misquote that is
let through counts as evidence while one that is refused is merely asked for again.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import OSA, Levenshtein

from roundtable_gateway.panel.language import (
    ARTICLES,
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

_ONE_SIDED = frozenset({"insert", "delete"})

# A misspelt word has one letter wrong, a long one two or more.
_LETTERS_PER_SLIP = 5


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

    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return not any(map(str.isalnum, self.text))

    def is_small(self) -> bool:
        """Whether it may come, go or be exchanged for its like."""
        return self.is_mark() or self.text in ARTICLES

    def _is_quantity(self) -> bool:
        return any(
            char.isnumeric() or char == "%" or unicodedata.category(char)[0] == "S"
            for char in self.text
        )

    def _is_name(self) -> bool:
        """Whether it is written with a capital, "The" and its like apart."""
        if self.text in ARTICLES and self.written.istitle():
            return False
        return any(map(str.isupper, self.written))


def may_change_meaning(
    given: NormalizedText,
    document: NormalizedText,
    span: Span,
    *,
    vocabulary: Container[str],
) -> bool:
    """Whether ``given`` could say something else than the document's ``span``.

    All that may differ is an article, a mark, or the spelling of a word, and that only
    away from numbers, negations and modals. Numbers, symbols, negations, modals,
    quantities and names may not differ at all. Both wordings have to begin and end
    with the same words, or a word before the span could be missing.

    Args:
        given: The wording in question.
        document: The text that is said to hold it.
        span: Where in the document.
        vocabulary: The document's words: one of them is no slip for another.
    """
    ours = _tokens(document, span)
    theirs = _tokens(given, Span(0, len(given.text)))
    steps = Levenshtein.opcodes([t.text for t in ours], [t.text for t in theirs])
    return (
        steps[0].tag in _ONE_SIDED
        or steps[-1].tag in _ONE_SIDED
        or any(
            step.tag != "equal"
            and not _is_harmless(
                _Change(ours, step.src_start, step.src_end),
                _Change(theirs, step.dest_start, step.dest_end),
                vocabulary,
            )
            for step in steps
        )
    )


def negates(text: NormalizedText, span: Span) -> bool:
    """Whether a negation stands in a stretch of a normalised text."""
    return any(is_negation(token.text) for token in _tokens(text, span))


@dataclass(frozen=True, slots=True)
class _Change:
    """Words of one wording that the other does not have in their place."""

    wording: list[_Token]
    start: int
    end: int

    def words(self) -> list[_Token]:
        return self.wording[self.start : self.end]

    def touches_protected(self) -> bool:
        around = self.wording[max(self.start - 1, 0) : self.end + 1]
        return any(word.is_protected() for word in self.words()) or any(
            word.binds() for word in around
        )


def _is_harmless(ours: _Change, theirs: _Change, vocabulary: Container[str]) -> bool:
    if ours.touches_protected() or theirs.touches_protected():
        return False
    if all(word.is_small() for word in (*ours.words(), *theirs.words())):
        return True
    pairs = list(zip_longest(ours.words(), theirs.words()))
    return all(a and b and _is_slip(a.text, b.text, vocabulary) for a, b in pairs)


def _is_slip(word: str, written: str, vocabulary: Container[str]) -> bool:
    """Whether ``written`` can only be a misspelling of ``word``."""
    most = 1 + len(word) // _LETTERS_PER_SLIP
    return (
        written not in vocabulary
        and not is_frequent_word(written)
        and _negating_affixes(word) == _negating_affixes(written)
        and OSA.distance(word, written, score_cutoff=most) <= most
    )


def _negating_affixes(word: str) -> list[str]:
    affixes = (_NEGATING_PREFIX.match(word), _NEGATING_SUFFIX.search(word))
    return [affix.group() for affix in affixes if affix]


def _tokens(text: NormalizedText, span: Span) -> list[_Token]:
    """The words and marks of a stretch, without the marks at its ends."""
    tokens = []
    for match in _TOKEN.finditer(text.text, span.start, span.end):
        source = text.source(Span(*match.span()))
        tokens.append(_Token(match.group(), text.original[source.start : source.end]))
    while tokens and tokens[-1].is_mark() and not tokens[-1].binds():
        tokens.pop()
    first = next(
        (i for i, token in enumerate(tokens) if not token.is_mark() or token.binds()), 0
    )
    return tokens[first:]
