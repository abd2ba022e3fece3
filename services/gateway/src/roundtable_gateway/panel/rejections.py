"""Findings that the author rejected before are not raised again on the same words."""

from collections.abc import Sequence

from roundtable_gateway.domain.finding import Finding, FindingKind, Rejection
from roundtable_gateway.panel.normalization import normalize
from roundtable_gateway.panel.wording import Wordings

_ALIKE_TITLE = 0.5

# A quote may take in the full stop or not.
_MARKS_AT_ENDS = " .,;:!?\"'()"


def find_rejection(
    finding: Finding, rejections: Sequence[Rejection]
) -> Rejection | None:
    """The first rejection of the same point, None if the author rejected no such one.

    The same point: same kind and criterion, an alike title, and no words but those that
    were rejected (omissions: no terms but those). Words that changed since are others.
    """
    basis = _basis(finding)
    if not basis:
        return None
    of_a_sort = (
        each
        for each in rejections
        if each.finding.kind is finding.kind
        and each.finding.criterion == finding.criterion
    )
    return next(
        (
            each
            for each in of_a_sort
            if basis <= _basis(each.finding)
            and _title_likeness(finding, each.finding) >= _ALIKE_TITLE
        ),
        None,
    )


def _basis(finding: Finding) -> frozenset[str]:
    """The words a finding rests on, in normalised form."""
    if finding.kind is FindingKind.OMISSION:
        given = list(finding.searched_for)
    else:
        given = [quote.text or quote.given for quote in finding.quotes]
    words = (normalize(each).text.strip(_MARKS_AT_ENDS) for each in given)
    return frozenset(each for each in words if each)


def _title_likeness(a: Finding, b: Finding) -> float:
    return Wordings([a.title, b.title]).likeness(0, 1)
