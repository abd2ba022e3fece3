"""Decision policy v1: from verdicts, scores and findings to the panel's outcome."""

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from statistics import median, quantiles

from roundtable_gateway.domain.decision import (
    Decision,
    DecisionReason,
    Dissent,
    Outcome,
)
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    FixKind,
    Quote,
    Severity,
    Verdict,
)
from roundtable_gateway.panel.passages import shows_more

DECIDING_KINDS = frozenset({FindingKind.ERROR, FindingKind.OMISSION, FindingKind.RISK})
_LOW_SCORE = 2
_GOOD_SCORE = 4
_SPLIT_SPREAD = 2
_FEWEST_FOR_QUARTILES = 4

# The outcomes each verdict agrees with; nothing dissents from no decision.
_FITTING = {
    Verdict.APPROVE: frozenset({Outcome.SHIP, Outcome.NO_DECISION}),
    Verdict.APPROVE_WITH_CHANGES: frozenset(
        {Outcome.SHIP, Outcome.FIX_THEN_SHIP, Outcome.NO_DECISION}
    ),
    Verdict.REQUEST_CHANGES: frozenset({Outcome.REWORK, Outcome.NO_DECISION}),
}


@dataclass(frozen=True, slots=True)
class SeatResult:
    """What one seat handed in.

    Attributes:
        finished: Whether its review succeeded.
        verdict: The last one that counts.
        overall: Round 1's overall score.
        position: Its stand in its own words, shown if it dissents.
    """

    panelist_id: str
    finished: bool
    verdict: Verdict | None
    overall: int | None
    position: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A seat's challenge to another's finding, with the quotes it brought."""

    panelist_id: str
    finding_id: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class _Ballot:
    """What counts of a seat that finished."""

    panelist_id: str
    verdict: Verdict
    overall: int
    position: str


@dataclass(frozen=True, slots=True)
class _Case:
    """What the rows of the policy table look at, once there is a quorum."""

    requests: int
    finished: int
    score: float
    spread: float
    blockers: tuple[Finding, ...]
    majors: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the policy table."""

    applies: Callable[[_Case], bool]
    outcome: Outcome
    reason: DecisionReason


_NO_QUORUM = _Row(lambda _: True, Outcome.NO_DECISION, DecisionReason.QUORUM)
_ROWS = (
    _Row(
        lambda case: bool(case.blockers) and all(map(_is_mechanical, case.blockers)),
        Outcome.FIX_THEN_SHIP,
        DecisionReason.BLOCKERS,
    ),
    _Row(lambda case: bool(case.blockers), Outcome.REWORK, DecisionReason.BLOCKERS),
    _Row(
        lambda case: 2 * case.requests >= case.finished,
        Outcome.REWORK,
        DecisionReason.REQUESTED_CHANGES,
    ),
    _Row(
        lambda case: case.score <= _LOW_SCORE, Outcome.REWORK, DecisionReason.LOW_SCORE
    ),
    _Row(
        lambda case: case.spread >= _SPLIT_SPREAD,
        Outcome.NO_DECISION,
        DecisionReason.SPLIT_PANEL,
    ),
    _Row(lambda case: bool(case.majors), Outcome.FIX_THEN_SHIP, DecisionReason.MAJORS),
    _Row(
        lambda case: case.requests > 0,
        Outcome.FIX_THEN_SHIP,
        DecisionReason.REQUESTED_CHANGES,
    ),
    _Row(
        lambda case: case.score < _GOOD_SCORE,
        Outcome.FIX_THEN_SHIP,
        DecisionReason.LOW_SCORE,
    ),
    _Row(lambda _: True, Outcome.SHIP, DecisionReason.CLEAR),
)


def decide(
    seats: Sequence[SeatResult],
    findings: Sequence[Finding],
    *,
    challenges: Collection[Challenge] = (),
    withdrawn: Collection[str] = (),
    overall_after_discussion: Mapping[str, int] | None = None,
) -> Decision:
    """Apply policy v1; the order of the arguments' items does not matter.

    Args:
        seats: All seats of the panel, failed ones too.
        findings: Findings with their dispositions as they are now. Those of others than
            the seats (the control) do not count.
        challenges: Made in a discussion; without any no blocker is refuted.
        withdrawn: Findings that their own authors gave up in it, by id; they are no
            standing blockers.
        overall_after_discussion: Overall scores by panelist, of the seats that the
            discussion moved; None if there was none.
    """
    panel = sorted(seats, key=lambda seat: seat.panelist_id)
    ids = {seat.panelist_id for seat in panel}
    ours = sorted(
        (finding for finding in findings if finding.panelist_id in ids),
        key=lambda finding: (finding.panelist_id, finding.id),
    )
    ballots = [ballot for seat in panel if (ballot := _ballot(seat))]
    blockers = tuple(
        finding
        for finding in _open(ours, Severity.BLOCKER)
        if finding.id not in withdrawn and not _is_refuted(finding, ids, challenges)
    )
    majors = tuple(_open(ours, Severity.MAJOR))
    scores = [ballot.overall for ballot in ballots]
    row = _NO_QUORUM
    if len(ballots) >= _quorum(len(panel)):
        row = _first_row(ballots, blockers, majors)
    return Decision(
        outcome=row.outcome,
        reason=row.reason,
        score=float(median(scores)) if scores else None,
        score_after_discussion=_score_after(ballots, overall_after_discussion),
        spread=_spread(scores) if scores else None,
        seats=len(panel),
        seats_finished=len(ballots),
        blockers=_ids(blockers),
        majors=_ids(majors),
        dissent=tuple(
            Dissent(b.panelist_id, b.position, _ids(_by(b.panelist_id, ours)))
            for b in ballots
            if row.outcome not in _FITTING[b.verdict]
        ),
    )


def _first_row(
    ballots: Sequence[_Ballot],
    blockers: tuple[Finding, ...],
    majors: tuple[Finding, ...],
) -> _Row:
    scores = [ballot.overall for ballot in ballots]
    case = _Case(
        requests=sum(b.verdict is Verdict.REQUEST_CHANGES for b in ballots),
        finished=len(ballots),
        score=median(scores),
        spread=_spread(scores),
        blockers=blockers,
        majors=majors,
    )
    return next(row for row in _ROWS if row.applies(case))


def _ballot(seat: SeatResult) -> _Ballot | None:
    """A seat's ballot; None if it did not finish, abstains or gives no score."""
    if not seat.finished or seat.overall is None:
        return None
    if seat.verdict is None or seat.verdict is Verdict.ABSTAIN:
        return None
    return _Ballot(seat.panelist_id, seat.verdict, seat.overall, seat.position)


def _quorum(seats: int) -> int:
    """Two thirds of the seats, rounded up; without a seat nothing is decided."""
    return max(1, -(-2 * seats // 3))


def _open(findings: Iterable[Finding], severity: Severity) -> Iterator[Finding]:
    """Verified findings of a severity that the author has not rejected."""
    return (
        finding
        for finding in findings
        if finding.severity is severity
        and finding.kind in DECIDING_KINDS
        and finding.verified
        and finding.disposition is not Disposition.REJECTED
    )


def _is_refuted(
    finding: Finding, panelist_ids: Collection[str], challenges: Iterable[Challenge]
) -> bool:
    """Whether most of the other seats challenged it with a new quote that was found."""
    others = set(panelist_ids) - {finding.panelist_id}
    refuters = {
        challenge.panelist_id
        for challenge in challenges
        if challenge.finding_id == finding.id
        and any(shows_more(quote, finding.quotes) for quote in challenge.quotes)
    }
    return 2 * len(refuters & others) > len(others)


def _is_mechanical(finding: Finding) -> bool:
    return bool(finding.rewrite) and finding.fix_kind is FixKind.MECHANICAL


def _spread(scores: Sequence[int]) -> float:
    """Third minus first quartile; fewer than four scores: highest minus lowest.

    Quartiles lie on the straight line between neighbouring scores, the lowest and the
    highest included (``method="inclusive"``): the scores are all there are, no sample.
    """
    if len(scores) < _FEWEST_FOR_QUARTILES:
        return float(max(scores) - min(scores))
    first, _, third = quantiles(scores, n=4, method="inclusive")
    return third - first


def _score_after(
    ballots: Sequence[_Ballot], moved: Mapping[str, int] | None
) -> float | None:
    if moved is None or not ballots:
        return None
    return float(median(moved.get(b.panelist_id, b.overall) for b in ballots))


def _by(panelist_id: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.panelist_id == panelist_id)


def _ids(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.id for finding in findings)
