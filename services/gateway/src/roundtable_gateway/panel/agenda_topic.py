"""What may become an item of the agenda, and how such things compare."""

from collections.abc import Iterable
from dataclasses import dataclass

from roundtable_gateway.domain.discussion import AgendaItem, AgendaReason
from roundtable_gateway.domain.finding import Finding, FindingKind, Severity
from roundtable_gateway.panel.order import (
    Natural,
    Place,
    in_reading_order,
    natural,
    place_of,
)
from roundtable_gateway.panel.passages import passage_of
from roundtable_gateway.panel.severities import rank


@dataclass(frozen=True, slots=True)
class Topic:
    """What becomes an item if there is room for it.

    Attributes:
        dispersion: How far the panel is apart on it.
    """

    reason: AgendaReason
    question: str
    cluster_id: str | None
    criterion: str
    findings: tuple[Finding, ...]
    panelist_ids: tuple[str, ...]
    dispersion: int

    def rank(self) -> tuple[int, int, int, Place, str]:
        """Gravest first, then furthest apart; the rest only settles ties."""
        return (
            min(map(_rank, self.findings), default=len(Severity)),
            -self.dispersion,
            tuple(AgendaReason).index(self.reason),
            min(map(place_of, self.findings), default=(float("inf"), (), ())),
            self.criterion,
        )

    def item(self, item_id: str) -> AgendaItem:
        """Return the item that it becomes."""
        return AgendaItem(
            id=item_id,
            reason=self.reason,
            question=self.question,
            cluster_id=self.cluster_id,
            criterion=self.criterion,
            finding_ids=tuple(finding.id for finding in self.findings),
            paragraph_ids=in_reading_order(
                paragraph for f in self.findings for paragraph in passage_of(f)
            ),
            panelist_ids=self.panelist_ids,
        )


def gravity(finding: Finding) -> tuple[int, Natural]:
    """Sort findings gravest first, praise last."""
    return _rank(finding), natural(finding.id)


def _rank(finding: Finding) -> int:
    """Its severity's rank; praise comes behind whatever is held against the words."""
    if finding.kind is FindingKind.STRENGTH:
        return len(Severity)
    return rank(finding.severity)


def spread(findings: Iterable[Finding]) -> int:
    """How many steps the gravest and the mildest are apart."""
    ranks = [_rank(finding) for finding in findings]
    return max(ranks) - min(ranks)


def authors(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The seats that raised findings, each once."""
    return tuple(sorted({f.panelist_id for f in findings if f.panelist_id}))
