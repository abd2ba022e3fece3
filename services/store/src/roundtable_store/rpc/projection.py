"""Turns an event's payload into what it means for the records. Pure."""

from collections.abc import Callable

from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable_store.records import facts
from roundtable_store.records.runs import RunState, Usage
from roundtable_store.rpc.dispositions import to_disposition, to_reason
from roundtable_store.rpc.times import from_timestamp

_Payload = event_pb2.EventPayload


def to_fact(payload: event_pb2.EventPayload) -> facts.Fact:
    """Return the fact of a payload that holds one."""
    name = payload.WhichOneof("fact")
    if name is None:
        raise ValueError("the payload holds no fact")
    return _FACTS[name](payload)


def to_event_type(payload: event_pb2.EventPayload) -> str:
    """Return the event's name in the HTTP contract, such as ``turn.delta``."""
    return (payload.WhichOneof("fact") or "").replace("_", ".", 1)


def to_usage(usage: run_pb2.Usage) -> Usage:
    """Return the usage as a record."""
    return Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cost_usd=usage.cost_usd if usage.HasField("cost_usd") else None,
        turns=usage.turns,
    )


def _turn_started(payload: _Payload) -> facts.Fact:
    turn = payload.turn_started.turn
    return facts.TurnStarted(
        payload.turn_id,
        payload.attempt,
        turn.SerializeToString(),
        turn.model,
        is_answer=turn.kind == turn_pb2.TURN_KIND_ANSWER,
    )


def _turn_completed(payload: _Payload) -> facts.Fact:
    turn = payload.turn_completed.turn
    return facts.TurnCompleted(
        payload.turn_id,
        payload.attempt,
        turn.SerializeToString(),
        to_usage(turn.usage),
        turn.model,
    )


def _turn_failed(payload: _Payload) -> facts.Fact:
    failed = payload.turn_failed
    has_time = failed.HasField("retry_time")
    return facts.TurnFailed(
        payload.turn_id,
        payload.attempt,
        failed.reason,
        # Before 0.2 the time alone said so.
        is_retried=failed.will_retry or has_time,
        usage=to_usage(failed.usage),
        retry_time=from_timestamp(failed.retry_time) if has_time else None,
        model=failed.model,
    )


def _finding_added(payload: _Payload) -> facts.Fact:
    finding = payload.finding_added.finding
    return facts.FindingAdded(
        payload.turn_id,
        payload.attempt,
        finding.finding_id,
        finding.SerializeToString(),
        disposition=to_disposition(finding.disposition),
        disposition_reason=to_reason(finding),
    )


def _finding_changed(payload: _Payload) -> facts.Fact:
    finding = payload.finding_changed.finding
    return facts.FindingChanged(
        payload.turn_id,
        payload.attempt,
        finding.finding_id,
        finding.SerializeToString(),
        disposition=to_disposition(finding.disposition),
        disposition_reason=to_reason(finding),
    )


def _finding_withdrawn(payload: _Payload) -> facts.Fact:
    return facts.FindingWithdrawn(
        payload.turn_id, payload.attempt, payload.finding_withdrawn.finding_id
    )


def _stance_changed(payload: _Payload) -> facts.Fact:
    stance = payload.stance_changed.stance
    return facts.StanceChanged(
        payload.turn_id, payload.attempt, stance.SerializeToString()
    )


def _disposition_set(payload: _Payload) -> facts.Fact:
    answer = payload.disposition_set
    return facts.DispositionSet(
        answer.finding_id,
        to_disposition(answer.disposition),
        answer.reason if answer.HasField("reason") else None,
    )


_FACTS: dict[str, Callable[[_Payload], facts.Fact]] = {
    "run_created": lambda _: facts.RunCreated(),
    "run_queued": lambda _: facts.RunQueued(),
    "run_started": lambda _: facts.RunStarted(),
    "run_paused": lambda p: facts.RunPaused(p.run_paused.pause.SerializeToString()),
    "run_resumed": lambda _: facts.RunResumed(),
    "run_reopened": lambda _: facts.RunReopened(),
    "turn_started": _turn_started,
    "turn_delta": lambda p: facts.TurnSpoke(p.turn_id, p.attempt),
    "finding_added": _finding_added,
    "finding_changed": _finding_changed,
    "finding_withdrawn": _finding_withdrawn,
    "turn_completed": _turn_completed,
    "turn_failed": _turn_failed,
    "turn_superseded": lambda p: facts.TurnSuperseded(p.turn_id, p.attempt),
    "decision_set": lambda p: facts.DecisionSet(
        p.decision_set.decision.SerializeToString()
    ),
    "clusters_set": lambda p: facts.ClustersSet(p.clusters_set.SerializeToString()),
    "agenda_set": lambda p: facts.AgendaSet(p.agenda_set.SerializeToString()),
    "stance_changed": _stance_changed,
    "synthesis_set": lambda p: facts.SynthesisSet(
        p.synthesis_set.synthesis.SerializeToString()
    ),
    "disposition_set": _disposition_set,
    "run_succeeded": lambda _: facts.RunEnded(RunState.SUCCEEDED),
    "run_incomplete": lambda p: facts.RunEnded(
        RunState.INCOMPLETE, p.run_incomplete.reason
    ),
    "run_failed": lambda p: facts.RunEnded(RunState.FAILED, p.run_failed.reason),
    "run_cancelled": lambda p: facts.RunEnded(
        RunState.CANCELLED, p.run_cancelled.reason
    ),
}
