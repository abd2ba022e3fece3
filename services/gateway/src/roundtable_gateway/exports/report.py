"""What a report of a run tells and in which order, whatever draws it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Self

from roundtable_gateway.domain.decision import Decision, Dissent
from roundtable_gateway.domain.finding import Finding, Severity
from roundtable_gateway.domain.run import (
    Engine,
    Panelist,
    RunDetail,
    RunSummary,
    Turn,
    TurnState,
)
from roundtable_gateway.exports import words

_SEVERITY_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding in its place.

    Attributes:
        number: Its place in the report, from 1.
        criterion: The criterion as the rubric words it.
        role: Whose it is.
    """

    number: int
    finding: Finding
    criterion: str
    role: str


@dataclass(frozen=True, slots=True)
class ReportedDissent:
    """A seat that the outcome does not fit, and whose it is."""

    dissent: Dissent
    role: str


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """A seat's mark on a criterion and its reason."""

    criterion: str
    mark: str
    rationale: str


@dataclass(frozen=True, slots=True)
class ReportedSeat:
    """A reviewer and what came of them.

    Attributes:
        panelist_id: The seat's letter, None for a reader without a seat.
        call: The verdict and the overall score, or why there is none.
        reason: The verdict's, in the reviewer's words.
        text: What the reviewer said.
    """

    panelist_id: str | None
    role: str
    model: str | None
    is_finished: bool
    call: str
    reason: str = ""
    scores: tuple[ReportedScore, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How the seats mark one criterion; None among the scores is "can't say"."""

    criterion: str
    scores: tuple[tuple[str, int | None], ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A run as its author reads it.

    Attributes:
        notice: What must stand above everything else, None for nothing.
        headline: The decision and its reason, or that there is none.
        standing: The score behind it, None without one.
        brief: What the author asked for, as labels and words.
        verified: Findings with evidence, gravest first.
        unverified: Those whose quoted words code did not find, likewise.
        seats: The reviewers, in the order in which they were asked.
        score_rows: The marks by criterion, as far as there are any.
        stages: Each stage and what became of it.
    """

    run: RunSummary
    notice: str | None
    headline: str
    standing: str | None
    brief: tuple[tuple[str, str], ...]
    dissent: tuple[ReportedDissent, ...]
    verified: tuple[ReportedFinding, ...]
    unverified: tuple[ReportedFinding, ...]
    seats: tuple[ReportedSeat, ...]
    score_rows: tuple[ScoreRow, ...]
    stages: tuple[tuple[str, str], ...]
    usage: str
    provenance: str

    @property
    def findings(self) -> tuple[ReportedFinding, ...]:
        """All findings in the report's order."""
        return self.verified + self.unverified

    @classmethod
    def of(cls, detail: RunDetail) -> Self:
        """Return the report of a run, finished or not."""
        run, decision = detail.run, detail.decision
        roles = {panelist.id: panelist.persona.role for panelist in run.panelists}
        findings = tuple(_reported(_ranked(detail.findings), run, roles))
        return cls(
            run=run,
            notice=words.REHEARSAL_NOTICE if run.engine is Engine.REHEARSAL else None,
            headline=_headline(run, decision),
            standing=words.score_sentence(decision) if decision else None,
            brief=words.brief_words(run.brief),
            dissent=tuple(
                ReportedDissent(each, roles.get(each.panelist_id, each.panelist_id))
                for each in (decision.dissent if decision else ())
            ),
            verified=tuple(each for each in findings if each.finding.verified),
            unverified=tuple(each for each in findings if not each.finding.verified),
            seats=tuple(_seats(detail)),
            score_rows=tuple(_score_rows(detail)),
            stages=tuple(
                (entry.stage.value, words.with_reason(entry.result.value, entry.reason))
                for entry in run.manifest
            ),
            usage=words.usage_sentence(run.usage),
            provenance=words.provenance_sentence(run),
        )


def _headline(run: RunSummary, decision: Decision | None) -> str:
    if decision is None:
        return words.no_decision_sentence(run)
    return words.decision_sentence(decision)


def _ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return what can count first, and of that the gravest first."""
    return sorted(
        findings,
        key=lambda each: (not each.verified, _SEVERITY_ORDER.index(each.severity)),
    )


def _reported(
    findings: Iterable[Finding], run: RunSummary, roles: Mapping[str, str]
) -> Iterator[ReportedFinding]:
    labels = _criteria(run)
    for number, finding in enumerate(findings, 1):
        yield ReportedFinding(
            number=number,
            finding=finding,
            criterion=labels.get(finding.criterion, finding.criterion),
            role=roles.get(finding.panelist_id or "", "Reader"),
        )


def _criteria(run: RunSummary) -> dict[str, str]:
    return {criterion.key: criterion.label for criterion in run.rubric.criteria}


def _seats(detail: RunDetail) -> Iterator[ReportedSeat]:
    panelists = {panelist.id: panelist for panelist in detail.run.panelists}
    labels = _criteria(detail.run)
    for turn in detail.turns:
        yield _seat(turn, panelists.get(turn.panelist_id or ""), labels)
    asked = {turn.panelist_id for turn in detail.turns}
    for panelist in detail.run.panelists:
        if panelist.id not in asked:
            yield ReportedSeat(
                panelist_id=panelist.id,
                role=panelist.persona.role,
                model=panelist.model,
                is_finished=False,
                call=words.unfinished_sentence(None),
            )


def _seat(
    turn: Turn, panelist: Panelist | None, labels: Mapping[str, str]
) -> ReportedSeat:
    role = panelist.persona.role if panelist else "Reader"
    if turn.state is not TurnState.SUCCEEDED:
        call = words.unfinished_sentence(turn)
        return ReportedSeat(
            turn.panelist_id, role, turn.model, is_finished=False, call=call
        )
    return ReportedSeat(
        panelist_id=turn.panelist_id,
        role=role,
        model=turn.model,
        is_finished=True,
        call=words.verdict_words(turn),
        reason=turn.verdict_reason,
        scores=tuple(
            ReportedScore(
                criterion=labels.get(score.criterion, score.criterion),
                mark=words.NO_SCORE if score.score is None else f"{score.score} of 5",
                rationale=score.rationale,
            )
            for score in turn.scores
        ),
        text=turn.text,
    )


def _score_rows(detail: RunDetail) -> Iterator[ScoreRow]:
    """Yield a row a criterion of the rubric, then the overall scores."""
    answered = [
        (turn.panelist_id, turn)
        for turn in detail.turns
        if turn.state is TurnState.SUCCEEDED and turn.panelist_id is not None
    ]
    for key, label in _criteria(detail.run).items():
        marks = [
            (seat, score.score)
            for seat, turn in answered
            for score in turn.scores
            if score.criterion == key
        ]
        if marks:
            yield _score_row(label, marks)
    if answered:
        overall = [(seat, turn.overall) for seat, turn in answered]
        yield _score_row("Overall", overall)


def _score_row(label: str, marks: list[tuple[str, int | None]]) -> ScoreRow:
    scores = [score for _, score in marks if score is not None]
    return ScoreRow(label, tuple(marks), median(scores) if scores else None)
