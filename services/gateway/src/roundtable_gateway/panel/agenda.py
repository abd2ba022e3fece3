"""The agenda: what the panel disagrees about, and nothing else.

Only verified findings of seats that the author has not rejected put anything on it, and
only seats against one another do: nobody is asked to argue with themselves.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from textwrap import shorten

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.discussion import AgendaItem, AgendaReason
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Severity,
)
from roundtable_gateway.domain.persona import Rubric
from roundtable_gateway.domain.run import Panelist, Turn, TurnKind, TurnState
from roundtable_gateway.panel.decision import DECIDING_KINDS
from roundtable_gateway.panel.likeness import family_of
from roundtable_gateway.panel.opposition import are_opposed
from roundtable_gateway.panel.order import (
    Natural,
    Place,
    in_reading_order,
    natural,
    place_of,
)
from roundtable_gateway.panel.passages import passage_of, share_words
from roundtable_gateway.panel.severities import rank, steps_between

MOST_ITEMS = 6

_WIDE_GAP = 2
_FEWEST_TO_DISAGREE = 2
_REASONS = tuple(AgendaReason)
_LONGEST_CITED = 160


def set_agenda(
    panelists: Sequence[Panelist],
    reviews: Sequence[Turn],
    findings: Sequence[Finding],
    clusters: Sequence[Cluster],
    rubric: Rubric,
) -> tuple[AgendaItem, ...]:
    """Return what is worth discussing: gravest first, then what is furthest apart.

    The order of the arguments' items does not matter. After a discussion the findings
    have to be given as they were before it (`stances.as_reviewed`), or what was settled
    would be gone from the agenda that settled it.

    Args:
        panelists: The seats.
        reviews: Their reviews; turns that failed or are of another kind do not count.
        findings: All findings, whoever they are from.
        clusters: The clusters that hold them.
        rubric: The criteria that were scored.
    """
    seats = {panelist.id for panelist in panelists}
    done = [review for review in reviews if _is_done(review, seats)]
    if len({review.panelist_id for review in done}) < _FEWEST_TO_DISAGREE:
        return ()
    table = _Table([f for f in findings if _counts(f, seats)], clusters)
    topics = [
        *_about_findings(table),
        *_about_marks(_marks(done), table, rubric),
    ]
    topics.sort(key=_Topic.rank)
    return tuple(
        topic.item(f"I{number}")
        for number, topic in enumerate(topics[:MOST_ITEMS], start=1)
    )


def _is_done(turn: Turn, seats: Collection[str]) -> bool:
    return (
        turn.kind is TurnKind.REVIEW
        and turn.state is TurnState.SUCCEEDED
        and turn.panelist_id in seats
    )


def _counts(finding: Finding, seats: Collection[str]) -> bool:
    return (
        finding.verified
        and finding.panelist_id in seats
        and finding.disposition is not Disposition.REJECTED
    )


class _Table:
    """The findings that count, and which cluster each is in."""

    def __init__(
        self, findings: Iterable[Finding], clusters: Iterable[Cluster]
    ) -> None:
        self.findings = sorted(findings, key=lambda finding: natural(finding.id))
        self._cluster_of = {
            finding_id: cluster.id
            for cluster in clusters
            for finding_id in cluster.finding_ids
        }

    def cluster_of(self, finding: Finding) -> str:
        return self._cluster_of[finding.id]

    def members(self, cluster_id: str) -> list[Finding]:
        return [f for f in self.findings if self.cluster_of(f) == cluster_id]

    def cited(self, finding_ids: Iterable[str]) -> tuple[Finding, ...]:
        wanted = set(finding_ids)
        return tuple(f for f in self.findings if f.id in wanted)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A seat's mark on a criterion."""

    panelist_id: str
    criterion: str
    value: int
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Disagreement:
    """One reason to discuss a cluster, and the findings that give it."""

    cluster_id: str
    reason: AgendaReason
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Topic:
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
            _REASONS.index(self.reason),
            min(map(place_of, self.findings), default=(float("inf"), (), ())),
            self.criterion,
        )

    def item(self, item_id: str) -> AgendaItem:
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


def _about_findings(table: _Table) -> Iterator[_Topic]:
    """One topic for each cluster that seats disagree about."""
    found = [*_pair_disagreements(table), *_lone_blockers(table)]
    found.sort(key=lambda each: natural(each.cluster_id))
    for cluster_id, group in groupby(found, key=lambda each: each.cluster_id):
        yield _cluster_topic(cluster_id, list(group), table)


def _pair_disagreements(table: _Table) -> Iterator[_Disagreement]:
    for a, b in combinations(table.findings, 2):
        if a.panelist_id == b.panelist_id:
            continue
        reason = _pair_reason(a, b, table)
        if reason:
            lead = min(a, b, key=_gravity)
            yield _Disagreement(table.cluster_of(lead), reason, (a, b))


def _pair_reason(a: Finding, b: Finding, table: _Table) -> AgendaReason | None:
    """Why two findings of two seats are worth discussing, if they are."""
    is_one_matter = table.cluster_of(a) == table.cluster_of(b) or share_words(a, b)
    if is_one_matter and _severities_clash(a, b):
        return AgendaReason.SEVERITY_GAP
    return AgendaReason.OPPOSED_ADVICE if are_opposed(a, b) else None


def _severities_clash(a: Finding, b: Finding) -> bool:
    """Whether two findings weigh the same sort of point very differently.

    How grave a strength is means nothing.
    """
    return (
        family_of(a) is family_of(b)
        and a.kind is not FindingKind.STRENGTH
        and steps_between(a.severity, b.severity) >= _WIDE_GAP
    )


def _lone_blockers(table: _Table) -> Iterator[_Disagreement]:
    """Clusters that a single seat takes for a blocker."""
    blockers = sorted(filter(_blocks, table.findings), key=table.cluster_of)
    for cluster_id, group in groupby(blockers, key=table.cluster_of):
        members = tuple(group)
        if len({blocker.panelist_id for blocker in members}) == 1:
            yield _Disagreement(cluster_id, AgendaReason.LONE_BLOCKER, members)


def _blocks(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCKER and finding.kind in DECIDING_KINDS


def _cluster_topic(
    cluster_id: str, disagreements: list[_Disagreement], table: _Table
) -> _Topic:
    """Merge what is disagreed on in a cluster: its members, and who opposes them."""
    reason = min((each.reason for each in disagreements), key=_REASONS.index)
    members = {finding.id: finding for finding in table.members(cluster_id)}
    for each in disagreements:
        members.update((finding.id, finding) for finding in each.findings)
    findings = tuple(sorted(members.values(), key=_gravity))
    heard = max((d for d in disagreements if d.reason is reason), key=_width)
    return _Topic(
        reason=reason,
        question=_ask(reason, sorted(heard.findings, key=_gravity)),
        cluster_id=cluster_id,
        criterion=findings[0].criterion,
        findings=findings,
        panelist_ids=_authors(findings),
        dispersion=_spread(findings),
    )


def _about_marks(
    marks: Sequence[_Mark], table: _Table, rubric: Rubric
) -> Iterator[_Topic]:
    """One topic for each criterion on which marks are far apart."""
    for criterion in rubric.criteria:
        given = [mark for mark in marks if mark.criterion == criterion.key]
        values = [mark.value for mark in given]
        low, high = min(values, default=0), max(values, default=0)
        if high - low < _WIDE_GAP:
            continue
        parties = [
            mark
            for mark in given
            if max(high - mark.value, mark.value - low) >= _WIDE_GAP
        ]
        yield _Topic(
            reason=AgendaReason.SCORE_GAP,
            question=(
                f"How well does the document do on {_cite(criterion.label)}: "
                f"{low} or {high} of 5?"
            ),
            cluster_id=None,
            criterion=criterion.key,
            findings=table.cited(f for mark in parties for f in mark.finding_ids),
            panelist_ids=tuple(sorted({mark.panelist_id for mark in parties})),
            dispersion=high - low,
        )


def _marks(reviews: Iterable[Turn]) -> list[_Mark]:
    return [
        _Mark(review.panelist_id, score.criterion, score.score, score.finding_ids)
        for review in reviews
        if review.panelist_id is not None
        for score in review.scores
        if score.score is not None
    ]


def _ask(reason: AgendaReason, findings: Sequence[Finding]) -> str:
    """Put what is to be settled as one question; findings come gravest first."""
    gravest, mildest = findings[0], findings[-1]
    if reason is AgendaReason.LONE_BLOCKER:
        return (
            f"Must {_cite(gravest.title)} be resolved before the document can be used, "
            "as one panelist alone holds?"
        )
    if reason is AgendaReason.SEVERITY_GAP:
        return (
            f"How grave is {_cite(gravest.title)}: {gravest.severity.value} or "
            f"{mildest.severity.value}?"
        )
    if mildest.kind is FindingKind.STRENGTH:
        return (
            f"Are these words a fault, {_cite(gravest.title)}, or a strength, "
            f"{_cite(mildest.title)}?"
        )
    first, second = (_cite(f.fix or f.rewrite or f.title) for f in (gravest, mildest))
    return f"Which advice is right for these words: {first} or {second}?"


def _cite(text: str) -> str:
    """Somebody's words in quotation marks, on one line and not too long of them."""
    return f"“{shorten(text, _LONGEST_CITED, placeholder=' …')}”"


def _gravity(finding: Finding) -> tuple[int, Natural]:
    return _rank(finding), natural(finding.id)


def _rank(finding: Finding) -> int:
    """Its severity's rank; praise comes behind whatever is held against the words."""
    if finding.kind is FindingKind.STRENGTH:
        return len(Severity)
    return rank(finding.severity)


def _spread(findings: Iterable[Finding]) -> int:
    ranks = [_rank(finding) for finding in findings]
    return max(ranks) - min(ranks)


def _width(disagreement: _Disagreement) -> int:
    return _spread(disagreement.findings)


def _authors(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(sorted({f.panelist_id for f in findings if f.panelist_id}))
