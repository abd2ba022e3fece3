"""Whether two findings make the same point on the same words.

Rules hand over fixed texts: two findings with one title, or with one fix, come from
one rule. Words are compared as words, whatever the typography around them.
"""

from collections.abc import Iterable, Iterator

from roundtable_rehearsal.document import Paragraph
from roundtable_rehearsal.material import GivenFinding, GivenQuote

# A word or two may stand inside any sentence; more of them are the same place.
_FEWEST_SHARED_WORDS = 3


def make_same_point(first: GivenFinding, second: GivenFinding) -> bool:
    """Whether one rule made both, on words of which one's hold the other's.

    Two findings without quotes speak of something that is missing; they make the same
    point when they have the same title.
    """
    if first.title != second.title and first.fix != second.fix:
        return False
    if not first.quotes and not second.quotes:
        return first.title == second.title
    return any(_share_words(first.quotes, second.quotes))


def _share_words(
    first: Iterable[GivenQuote], second: Iterable[GivenQuote]
) -> Iterator[bool]:
    others = [(quote.paragraph_id, _words(quote)) for quote in second]
    for quote in first:
        words = _words(quote)
        for paragraph_id, other in others:
            yield _may_be_one(quote.paragraph_id, paragraph_id) and (
                words == other or _is_inside(words, other) or _is_inside(other, words)
            )


def _words(quote: GivenQuote) -> str:
    return Paragraph("", quote.text).running_words


def _is_inside(words: str, others: str) -> bool:
    return words.count(" ") > _FEWEST_SHARED_WORDS and words in others


def _may_be_one(first: str | None, second: str | None) -> bool:
    return first is None or second is None or first == second
