"""The agenda: what the panel disagrees about, and nothing else.

Only verified findings of seats that the author has not rejected put anything on it, and
only seats against one another do: nobody is asked to argue with themselves.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

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
from roundtable_gateway.panel.agenda_question import (
    ask_about_findings,
    ask_about_marks,
)
from roundtable_gateway.panel.agenda_table import Neighbours, Table
from roundtable_gateway.panel.agenda_topic import Topic, authors, gravity, spread
from roundtable_gateway.panel.decision import DECIDING_KINDS
from roundtable_gateway.panel.likeness import family_of
from roundtable_gateway.panel.order import natural
from roundtable_gateway.panel.severities import steps_between

MOST_ITEMS = 6

_WIDE_GAP = 2
_FEWEST_TO_DISAGREE = 2
_REASONS = tuple(AgendaReason)


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
    table = Table([f for f in findings if _counts(f, seats)], clusters)
    topics = [
        *_about_findings(table),
        *_about_marks(_marks(done), table, rubric),
    ]
    topics.sort(key=Topic.rank)
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


def _about_findings(table: Table) -> Iterator[Topic]:
    """One topic for each cluster that seats disagree about."""
    found = [*_pair_disagreements(table), *_lone_blockers(table)]
    found.sort(key=lambda each: natural(each.cluster_id))
    for cluster_id, group in groupby(found, key=lambda each: each.cluster_id):
        yield _cluster_topic(cluster_id, list(group), table)


def _pair_disagreements(table: Table) -> Iterator[_Disagreement]:
    for pair in table.neighbours():
        a, b = pair.a, pair.b
        if a.panelist_id == b.panelist_id:
            continue
        reason = _pair_reason(pair, table)
        if reason:
            lead = min(a, b, key=gravity)
            yield _Disagreement(table.cluster_of(lead), reason, (a, b))


def _pair_reason(pair: Neighbours, table: Table) -> AgendaReason | None:
    """Why two findings of two seats are worth discussing, if they are."""
    if _severities_clash(pair.a, pair.b):
        return AgendaReason.SEVERITY_GAP
    if pair.are_on_same_words and table.say_opposite(pair.a, pair.b):
        return AgendaReason.OPPOSED_ADVICE
    return None


def _severities_clash(a: Finding, b: Finding) -> bool:
    """Whether two findings weigh the same sort of point very differently.

    How grave a strength is means nothing.
    """
    return (
        family_of(a) is family_of(b)
        and a.kind is not FindingKind.STRENGTH
        and steps_between(a.severity, b.severity) >= _WIDE_GAP
    )


def _lone_blockers(table: Table) -> Iterator[_Disagreement]:
    """Clusters that a single seat takes for a blocker."""
    blockers = sorted(filter(_blocks, table.findings), key=table.cluster_of)
    for cluster_id, group in groupby(blockers, key=table.cluster_of):
        members = tuple(group)
        if len({blocker.panelist_id for blocker in members}) == 1:
            yield _Disagreement(cluster_id, AgendaReason.LONE_BLOCKER, members)


def _blocks(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCKER and finding.kind in DECIDING_KINDS


def _cluster_topic(
    cluster_id: str, disagreements: list[_Disagreement], table: Table
) -> Topic:
    """Merge what is disagreed on in a cluster: its members, and who opposes them."""
    reason = min((each.reason for each in disagreements), key=_REASONS.index)
    members = {finding.id: finding for finding in table.members(cluster_id)}
    for each in disagreements:
        members.update((finding.id, finding) for finding in each.findings)
    findings = tuple(sorted(members.values(), key=gravity))
    heard = max((d for d in disagreements if d.reason is reason), key=_width)
    return Topic(
        reason=reason,
        question=ask_about_findings(reason, sorted(heard.findings, key=gravity)),
        cluster_id=cluster_id,
        criterion=findings[0].criterion,
        findings=findings,
        panelist_ids=authors(findings),
        dispersion=spread(findings),
    )


def _about_marks(
    marks: Sequence[_Mark], table: Table, rubric: Rubric
) -> Iterator[Topic]:
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
        yield Topic(
            reason=AgendaReason.SCORE_GAP,
            question=ask_about_marks(criterion, low=low, high=high),
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


def _width(disagreement: _Disagreement) -> int:
    return spread(disagreement.findings)
