"""What of an author's rejections still stands."""

from collections.abc import Iterable

from roundtable_gateway.domain.finding import Disposition, Finding, Rejection
from roundtable_gateway.panel.rejections import find_rejection


def standing_rejections(words: Iterable[Rejection]) -> tuple[Rejection, ...]:
    """Return the rejections that the author did not take back later.

    Args:
        words: What the author said of findings, the last word first; where that is no
            rejection, it takes back those of the same point.
    """
    standing: list[Rejection] = []
    taken_back: list[Finding] = []
    for word in words:
        if word.finding.disposition is not Disposition.REJECTED:
            taken_back.append(word.finding)
        elif not any(find_rejection(finding, [word]) for finding in taken_back):
            standing.append(word)
    return tuple(standing)
