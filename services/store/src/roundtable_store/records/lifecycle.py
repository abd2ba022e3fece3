"""The state machine of a run's log: which event may follow what is there.

    (empty) ── run.created ──► created ── run.queued ──► queued
                                  └──────────┬─────────────┘
                                        run.started ──► started ── terminal ──► ended

A run that nobody has started may be cancelled. Everything of turns, the pauses and the
decision lie between the start and the end; only a paused run is resumed, and its turns
may go on meanwhile. A turn's attempts follow one another; only the
attempt that runs may speak, add findings, complete or fail; a completed turn is never
begun again.
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
    """A turn's latest attempt."""

    attempt: int
    state: TurnState


@dataclass(frozen=True, slots=True)
class LogState:
    """What of a log decides which events may follow."""

    phase: Phase = Phase.EMPTY
    turns: Mapping[str, TurnProgress] = field(default_factory=dict)
    finding_ids: frozenset[str] = frozenset()
    is_paused: bool = False


def illegal_event(detail: str) -> FailedPrecondition:
    """Return the error for an event that must not follow (ILLEGAL_EVENT)."""
    return FailedPrecondition("ILLEGAL_EVENT", f"The event must not follow: {detail}.")


def admit(log: LogState, fact: facts.Fact) -> LogState:
    """Return the log's state behind an event, or refuse it (ILLEGAL_EVENT)."""
    match fact:
        case facts.RunCreated():
            return _advance(log, Phase.CREATED, only_from=(Phase.EMPTY,))
        case facts.RunQueued():
            return _advance(log, Phase.QUEUED, only_from=(Phase.CREATED,))
        case facts.RunStarted():
            return _advance(log, Phase.STARTED, only_from=_UNSTARTED)
        case facts.RunEnded():
            return _end(log, fact)
        case _:
            return _admit_started(log, fact)


def _admit_started(log: LogState, fact: facts.StartedFact) -> LogState:
    if log.phase is not Phase.STARTED:
        raise illegal_event(f"the run is {log.phase}, not started")
    match fact:
        case facts.DecisionSet():
            return log
        case facts.RunPaused():
            return replace(log, is_paused=True)
        case facts.RunResumed():
            return _resume(log)
        case facts.TurnStarted():
            return _start_turn(log, fact)
        case facts.TurnSuperseded():
            return _supersede_turn(log, fact)
        case _:
            return _answer(log, fact)


def _advance(log: LogState, phase: Phase, *, only_from: tuple[Phase, ...]) -> LogState:
    if log.phase not in only_from:
        raise illegal_event(f"the run is {log.phase}, it can't become {phase}")
    return replace(log, phase=phase)


def _end(log: LogState, end: facts.RunEnded) -> LogState:
    is_cancelled = end.state is RunState.CANCELLED
    early = _UNSTARTED if is_cancelled else ()
    ended = _advance(log, Phase.ENDED, only_from=(*early, Phase.STARTED))
    return replace(ended, is_paused=False)


def _resume(log: LogState) -> LogState:
    if not log.is_paused:
        raise illegal_event("the run is not paused")
    return replace(log, is_paused=False)


def _start_turn(log: LogState, start: facts.TurnStarted) -> LogState:
    last = log.turns.get(start.turn_id)
    if last and last.state not in (TurnState.QUEUED, TurnState.FAILED):
        raise illegal_event(f"the turn is {last.state}")
    if start.attempt != (last.attempt if last else 0) + 1:
        raise illegal_event("attempts of a turn are numbered one by one, from 1")
    return _put_turn(log, start.turn_id, start.attempt, TurnState.RUNNING)


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
    if last.state is not TurnState.RUNNING:
        raise illegal_event(f"the turn is {last.state}, not running")
    match fact:
        case facts.TurnCompleted():
            return _put_turn(log, fact.turn_id, fact.attempt, TurnState.SUCCEEDED)
        case facts.TurnFailed():
            return _put_turn(log, fact.turn_id, fact.attempt, fact.state)
        case facts.TurnSpoke():
            return log
        case _:
            return _note_finding(log, fact)


def _note_finding(log: LogState, fact: facts.FindingFact) -> LogState:
    is_known = fact.finding_id in log.finding_ids
    if isinstance(fact, facts.FindingAdded):
        if is_known:
            raise illegal_event("the finding was added before")
        return replace(log, finding_ids=log.finding_ids | {fact.finding_id})
    if not is_known:
        raise illegal_event("there is no such finding")
    if isinstance(fact, facts.FindingWithdrawn):
        return replace(log, finding_ids=log.finding_ids - {fact.finding_id})
    return log


def _put_turn(log: LogState, turn_id: str, attempt: int, state: TurnState) -> LogState:
    return replace(log, turns={**log.turns, turn_id: TurnProgress(attempt, state)})
