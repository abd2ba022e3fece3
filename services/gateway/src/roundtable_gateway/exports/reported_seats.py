"""The reviewers of a run as a report has them, and their marks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from roundtable_gateway.domain.run import (
    Panelist,
    RunDetail,
    Turn,
    TurnKind,
    TurnState,
)
from roundtable_gateway.exports import words


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
        panelist_id: The seat's letter, None for the control.
        call: The verdict and the overall score, or why there is none.
        reason: The verdict's, in the reviewer's words.
        text: What the reviewer said.
        not_assessed: What the reviewer did not look at.
    """

    panelist_id: str | None
    role: str
    model: str | None
    is_finished: bool
    call: str
    reason: str = ""
    scores: tuple[ReportedScore, ...] = ()
    text: str = ""
    not_assessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How the seats mark one criterion; None among the scores is "can't say".

    Attributes:
        median: The seats' own.
        control: The control's mark, which counts towards nothing; None without one.
    """

    criterion: str
    scores: tuple[tuple[str, int | None], ...]
    median: float | None
    control: int | None = None


def report_seats(detail: RunDetail) -> Iterator[ReportedSeat]:
    """Yield the seats in the order in which they were asked, the control last."""
    panelists = {panelist.id: panelist for panelist in detail.run.panelists}
    labels = words.criteria(detail.run)
    reviews = [turn for turn in detail.turns if turn.kind is TurnKind.REVIEW]
    for turn in reviews:
        yield _seat(turn, panelists.get(turn.panelist_id or ""), labels)
    asked = {turn.panelist_id for turn in reviews}
    for panelist in detail.run.panelists:
        if panelist.id not in asked:
            yield ReportedSeat(
                panelist_id=panelist.id,
                role=panelist.persona.role,
                model=panelist.model,
                is_finished=False,
                call=words.unfinished_sentence(None),
            )
    for turn in detail.turns:
        if turn.kind is TurnKind.CONTROL:
            yield _seat(turn, None, labels)


def _seat(
    turn: Turn, panelist: Panelist | None, labels: Mapping[str, str]
) -> ReportedSeat:
    role = panelist.persona.role if panelist else words.CONTROL
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
        not_assessed=turn.not_assessed,
    )


def report_scores(detail: RunDetail) -> Iterator[ScoreRow]:
    """Yield a row a criterion of the rubric, then the overall scores."""
    seats = _answered(detail, TurnKind.REVIEW)
    control = dict(_answered(detail, TurnKind.CONTROL)).get(None)
    for key, label in words.criteria(detail.run).items():
        marks = [
            (seat, score.score)
            for seat, turn in seats
            if seat is not None
            for score in turn.scores
            if score.criterion == key
        ]
        beside = (
            [s.score for s in control.scores if s.criterion == key] if control else []
        )
        if marks or beside:
            yield _score_row(label, marks, beside[0] if beside else None)
    overall = [(seat, turn.overall) for seat, turn in seats if seat is not None]
    if overall or control:
        yield _score_row("Overall", overall, control.overall if control else None)


def _answered(detail: RunDetail, kind: TurnKind) -> list[tuple[str | None, Turn]]:
    return [
        (turn.panelist_id, turn)
        for turn in detail.turns
        if turn.kind is kind and turn.state is TurnState.SUCCEEDED
    ]


def _score_row(
    label: str, marks: list[tuple[str, int | None]], control: int | None
) -> ScoreRow:
    scores = [score for _, score in marks if score is not None]
    return ScoreRow(label, tuple(marks), median(scores) if scores else None, control)
