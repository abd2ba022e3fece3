"""Where a text occurs in another, letter by letter."""

from collections.abc import Iterator
from itertools import islice

from roundtable_gateway.panel.normalization import Span

# Places looked at before a search gives up: a bound for texts that repeat themselves.
MAX_PLACES = 1_000

_NUMBER_MARKS = frozenset(".,:/-")


def places(text: str, needle: str, scope: Span) -> Iterator[Span]:
    """Every place of ``needle`` that begins in ``scope``, overlapping ones too."""
    start = scope.start
    behind = min(scope.end - 1 + len(needle), len(text))
    while (start := text.find(needle, start, behind)) >= 0:
        yield Span(start, start + len(needle))
        start += 1


def whole_word_places(text: str, needle: str, scope: Span) -> Iterator[Span]:
    """Those among the first ``MAX_PLACES`` that cut no word or number in two."""
    for span in islice(places(text, needle, scope), MAX_PLACES):
        if not (cuts_word(text, span.start) or cuts_word(text, span.end)):
            yield span


def cuts_word(text: str, offset: int) -> bool:
    """Whether a word or a number goes on across ``offset``: "can|not", "9|9.5".

    Scripts without letter case write no spaces between words, or glue particles to
    them, so only cased letters and digits count.
    """
    before, after = text[max(offset - 1, 0) : offset], text[offset : offset + 1]
    if _is_word_part(before) and _is_word_part(after):
        return True
    if _is_word_part(before):
        return _joins(after, before, text[offset + 1 : offset + 2])
    return _joins(before, text[max(offset - 2, 0) : max(offset - 1, 0)], after)


def _joins(mark: str, left: str, right: str) -> bool:
    if mark == "'":
        return _is_word_part(left) and _is_word_part(right)
    return mark in _NUMBER_MARKS and left.isdecimal() and right.isdecimal()


def _is_word_part(char: str) -> bool:
    return char.isdecimal() or char.lower() != char.upper()
