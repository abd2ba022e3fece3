"""The state machine of a run's log: which event may follow what is there.

    (empty) ── run.created ──► created ── run.queued ──► queued
                                  └──────────┬─────────────┘
                                        run.started ──► started ── terminal ──► ended
                                                           ▲                      │
                                                           └──── run.reopened ────┘

A run that nobody has started may be cancelled. Everything of turns, the pauses and what
the panel makes of its findings lie between the start and the end; only a paused run is
resumed, and its turns may go on meanwhile. A turn's attempts follow one another; only
the attempt that runs may speak, add findings, answer items, complete or fail; a
completed turn is never begun again, one that was cancelled only after a reopening.

Answers to the author's questions are the exception: their turns are queued while the
run is at rest and lie behind its end; a run that has one under way is not at rest and
is not reopened. An answer changes nothing but itself, and is not begun again once it
has failed. The author's own word on a finding may stand anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from roundtable_kit.errors import FailedPrecondition
from roundtable_store.records import facts
from roundtable_store.records.runs import RunState, TurnState


class Phase(StrEnum):
    """How far a log has come."""

    EMPTY = "empty"
    CREATED = "created"
    QUEUED = "queued"
    STARTED = "started"
    ENDED = "ended"


_UNSTARTED = (Phase.CREATED, Phase.QUEUED)


@dataclass(frozen=True, slots=True)
class TurnProgress:
    """A turn's latest attempt.

    Attributes:
        is_answer: Whether it answers a question of the author's; attempt 0 waits.
        is_past: Whether it ended before the run was last opened again.
    """

    attempt: int
    state: TurnState
    is_answer: bool = False
    is_past: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended."""
        return self.state in (TurnState.QUEUED, TurnState.RUNNING)


@dataclass(frozen=True, slots=True)
class LogState:
    """What of a log decides which events may follow."""

    phase: Phase = Phase.EMPTY
    turns: Mapping[str, TurnProgress] = field(default_factory=dict)
    finding_ids: frozenset[str] = frozenset()
    is_paused: bool = False

    @property
    def is_at_rest(self) -> bool:
        """Whether the last opening has ended and nothing is being answered."""
        answers = (turn for turn in self.turns.values() if turn.is_answer)
        return self.phase is Phase.ENDED and not any(a.is_under_way for a in answers)


def illegal_event(detail: str) -> FailedPrecondition:
    """Return the error for an event that must not follow (ILLEGAL_EVENT)."""
    return FailedPrecondition("ILLEGAL_EVENT", f"The event must not follow: {detail}.")


def admit(log: LogState, fact: facts.Fact) -> LogState:
    """Return the log's state behind an event, or refuse it (ILLEGAL_EVENT)."""
    match fact:
        case facts.RunCreated() | facts.RunQueued() | facts.RunStarted():
            return _begin(log, fact)
        case facts.RunEnded():
            return _end(log, fact)
        case facts.RunReopened():
            return _reopen(log)
        case facts.DispositionSet():
            _require_finding(log, fact.finding_id)
            return log
        case _:
            return _admit_started(log, fact)


def _begin(
    log: LogState, fact: facts.RunCreated | facts.RunQueued | facts.RunStarted
) -> LogState:
    match fact:
        case facts.RunCreated():
            return _advance(log, Phase.CREATED, only_from=(Phase.EMPTY,))
        case facts.RunQueued():
            return _advance(log, Phase.QUEUED, only_from=(Phase.CREATED,))
        case facts.RunStarted():
            return _advance(log, Phase.STARTED, only_from=_UNSTARTED)


def _admit_started(log: LogState, fact: facts.StartedFact) -> LogState:
    if log.phase is not Phase.STARTED and not _is_of_answer(log, fact):
        raise illegal_event(f"the run is {log.phase}, not started")
    match fact:
        case facts.RunPaused():
            return replace(log, is_paused=True)
        case facts.RunResumed():
            return _resume(log)
        case facts.TurnStarted():
            return _start_turn(log, fact)
        case facts.TurnSuperseded():
            return _supersede_turn(log, fact)
        case _ if isinstance(fact, facts.PanelFact):
            return log
        case _:
            return _answer(log, fact)


def _is_of_answer(log: LogState, fact: facts.StartedFact) -> bool:
    if log.phase is not Phase.ENDED or not isinstance(fact, facts.TurnFact):
        return False
    turn = log.turns.get(fact.turn_id)
    return turn is not None and turn.is_answer


def _advance(log: LogState, phase: Phase, *, only_from: tuple[Phase, ...]) -> LogState:
    if log.phase not in only_from:
        raise illegal_event(f"the run is {log.phase}, it can't become {phase}")
    return replace(log, phase=phase)


def _end(log: LogState, end: facts.RunEnded) -> LogState:
    is_cancelled = end.state is RunState.CANCELLED
    early = _UNSTARTED if is_cancelled else ()
    ended = _advance(log, Phase.ENDED, only_from=(*early, Phase.STARTED))
    turns = {
        turn_id: replace(turn, state=TurnState.CANCELLED) if turn.is_under_way else turn
        for turn_id, turn in log.turns.items()
    }
    return replace(ended, is_paused=False, turns=turns)


def _reopen(log: LogState) -> LogState:
    if not log.is_at_rest:
        raise illegal_event("the run is not at rest")
    turns = {
        turn_id: replace(turn, is_past=True) for turn_id, turn in log.turns.items()
    }
    return replace(log, phase=Phase.STARTED, turns=turns)


def _resume(log: LogState) -> LogState:
    if not log.is_paused:
        raise illegal_event("the run is not paused")
    return replace(log, is_paused=False)


def _start_turn(log: LogState, start: facts.TurnStarted) -> LogState:
    last = log.turns.get(start.turn_id)
    if start.is_answer != (last is not None and last.is_answer):
        raise illegal_event("only what the author asked is answered, as an answer")
    if last and not _may_begin(last):
        raise illegal_event(f"the turn is {last.state}")
    if start.attempt != (last.attempt if last else 0) + 1:
        raise illegal_event("attempts of a turn are numbered one by one, from 1")
    return _put_turn(log, start.turn_id, start.attempt, TurnState.RUNNING)


def _may_begin(last: TurnProgress) -> bool:
    if last.state is TurnState.QUEUED:
        return True
    if last.is_answer:
        return False
    is_given_up = last.is_past and last.state is TurnState.CANCELLED
    return last.state is TurnState.FAILED or is_given_up


def _supersede_turn(log: LogState, old: facts.TurnSuperseded) -> LogState:
    last = log.turns.get(old.turn_id)
    if last is None or not 1 <= old.attempt <= last.attempt:
        raise illegal_event("no such attempt was begun")
    if old.attempt < last.attempt:
        return log
    if last.state is TurnState.SUCCEEDED:
        raise illegal_event("the turn is succeeded")
    if last.state is TurnState.RUNNING:
        return _put_turn(log, old.turn_id, old.attempt, TurnState.QUEUED)
    return log


def _answer(log: LogState, fact: facts.AnswerFact) -> LogState:
    last = log.turns.get(fact.turn_id)
    if last is None or last.attempt != fact.attempt:
        raise illegal_event("it is not the turn's latest attempt")
    if last.state is not TurnState.RUNNING and not _may_follow_success(last, fact):
        raise illegal_event(f"the turn is {last.state}, not running")
    match fact:
        case facts.TurnCompleted():
            return _put_turn(log, fact.turn_id, fact.attempt, TurnState.SUCCEEDED)
        case facts.TurnFailed():
            return _put_turn(log, fact.turn_id, fact.attempt, fact.state)
        case facts.TurnSpoke():
            return log
        case _ if last.is_answer:
            raise illegal_event("an answer changes nothing but itself")
        case facts.StanceChanged():
            return log
        case _:
            return _note_finding(log, fact)


def _may_follow_success(last: TurnProgress, fact: facts.AnswerFact) -> bool:
    """Return whether a fact may come once its turn was answered.

    A finding is put as its review had it when the discussion that moved it is void.
    """
    return last.state is TurnState.SUCCEEDED and isinstance(fact, facts.FindingChanged)


def _note_finding(log: LogState, fact: facts.FindingFact) -> LogState:
    if isinstance(fact, facts.FindingAdded):
        if fact.finding_id in log.finding_ids:
            raise illegal_event("the finding was added before")
        return replace(log, finding_ids=log.finding_ids | {fact.finding_id})
    _require_finding(log, fact.finding_id)
    if isinstance(fact, facts.FindingWithdrawn):
        return replace(log, finding_ids=log.finding_ids - {fact.finding_id})
    return log


def _require_finding(log: LogState, finding_id: str) -> None:
    if finding_id not in log.finding_ids:
        raise illegal_event("there is no such finding")


def _put_turn(log: LogState, turn_id: str, attempt: int, state: TurnState) -> LogState:
    last = log.turns.get(turn_id)
    is_answer = last is not None and last.is_answer
    turn = TurnProgress(attempt, state, is_answer=is_answer)
    return replace(log, turns={**log.turns, turn_id: turn})
