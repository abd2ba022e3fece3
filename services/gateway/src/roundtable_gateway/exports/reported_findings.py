"""The findings of a run as a report has them: by what one fix would resolve."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from roundtable_gateway.domain.cluster import Cluster, FoundBy
from roundtable_gateway.domain.finding import Finding, Severity
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import words
from roundtable_gateway.panel.clusters import found_by
from roundtable_gateway.panel.order import Natural, natural

_SEVERITY_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding in its place.

    Attributes:
        number: Its place in the report, from 1.
        criterion: The criterion as the rubric words it.
        role: Whose it is.
        cluster_id: The cluster it is in, None before there are any.
        same_as: Id of the finding that speaks for its cluster, None if it does itself.
        together_with: Whose findings the same fix would resolve, as words; of the
            leading finding alone.
        found_by: Who found what its cluster is about; None where no control read.
    """

    number: int
    finding: Finding
    criterion: str
    role: str
    cluster_id: str | None = None
    same_as: str | None = None
    together_with: tuple[str, ...] = ()
    found_by: FoundBy | None = None


@dataclass(frozen=True, slots=True)
class _Membership:
    """A finding's cluster and its place in it."""

    cluster: Cluster
    place: int


def report_findings(detail: RunDetail) -> tuple[ReportedFinding, ...]:
    """Return all findings: what can count first, gravest first, clusters together."""
    members = _memberships(detail.clusters)
    ranked = sorted(detail.findings, key=lambda each: _rank(each, members))
    return tuple(_Reporter(detail, members).report(ranked))


def found_by_counts(reported: Iterable[ReportedFinding]) -> dict[FoundBy, int]:
    """Count the clusters by who found what they are about."""
    whose = {
        each.cluster_id: each.found_by
        for each in reported
        if each.cluster_id is not None and each.found_by is not None
    }
    return {who: list(whose.values()).count(who) for who in FoundBy}


def _memberships(clusters: Iterable[Cluster]) -> dict[str, _Membership]:
    return {
        finding_id: _Membership(cluster, place)
        for cluster in clusters
        for place, finding_id in enumerate(cluster.finding_ids)
    }


def _rank(
    finding: Finding, members: Mapping[str, _Membership]
) -> tuple[bool, int, Natural, int]:
    """Rank a finding by its cluster, so that clusters keep together."""
    membership = members.get(finding.id)
    if membership is None:
        return not finding.verified, _SEVERITY_ORDER.index(finding.severity), (), 0
    severity = _SEVERITY_ORDER.index(membership.cluster.severity)
    return (
        not finding.verified,
        severity,
        natural(membership.cluster.id),
        membership.place,
    )


class _Reporter:
    """Puts findings in their places."""

    def __init__(self, detail: RunDetail, members: Mapping[str, _Membership]) -> None:
        self._findings = {finding.id: finding for finding in detail.findings}
        self._members = members
        self._labels = words.criteria(detail.run)
        self._roles = words.roles(detail.run)
        self._has_control = detail.run.control

    def report(self, ranked: Sequence[Finding]) -> Iterator[ReportedFinding]:
        """Yield findings with their numbers."""
        for number, finding in enumerate(ranked, 1):
            reported = ReportedFinding(
                number=number,
                finding=finding,
                criterion=self._labels.get(finding.criterion, finding.criterion),
                role=self._role(finding),
            )
            membership = self._members.get(finding.id)
            yield self._placed(reported, membership.cluster) if membership else reported

    def _placed(self, reported: ReportedFinding, cluster: Cluster) -> ReportedFinding:
        lead = cluster.lead_finding_id
        is_lead = reported.finding.id == lead
        others = [
            self._findings[each]
            for each in cluster.finding_ids
            if each != lead and each in self._findings
        ]
        whose = found_by(cluster, self._findings.values())
        return replace(
            reported,
            cluster_id=cluster.id,
            same_as=None if is_lead else lead,
            together_with=tuple(
                f"{each.id} ({self._role(each)})" for each in others if is_lead
            ),
            found_by=whose if self._has_control else None,
        )

    def _role(self, finding: Finding) -> str:
        return self._roles.get(finding.panelist_id or "", words.CONTROL)
