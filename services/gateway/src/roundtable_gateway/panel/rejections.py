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
    return next((each for each in rejections if _is_same(finding, each.finding)), None)


def _is_same(finding: Finding, rejected: Finding) -> bool:
    basis = _basis(finding)
    return (
        finding.kind is rejected.kind
        and finding.criterion == rejected.criterion
        and bool(basis)
        and basis <= _basis(rejected)
        and _title_likeness(finding, rejected) >= _ALIKE_TITLE
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
