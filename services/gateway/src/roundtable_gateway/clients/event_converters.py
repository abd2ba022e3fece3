"""Events of a run's log: the store's messages <-> the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roundtable.store.v1 import event_pb2
from roundtable_gateway.clients.document_converters import (
    time_from_proto,
    time_to_proto,
)
from roundtable_gateway.clients.enums import DISPOSITIONS
from roundtable_gateway.clients.finding_converters import (
    decision_from_proto,
    decision_to_proto,
    finding_from_proto,
    finding_to_proto,
)
from roundtable_gateway.clients.process_converters import (
    agenda_item_from_proto,
    agenda_item_to_proto,
    cluster_from_proto,
    cluster_to_proto,
    stance_from_proto,
    stance_to_proto,
    synthesis_from_proto,
    synthesis_to_proto,
)
from roundtable_gateway.clients.run_converters import (
    pause_from_proto,
    pause_to_proto,
    run_from_proto,
    run_to_proto,
)
from roundtable_gateway.clients.turn_converters import (
    turn_from_proto,
    turn_to_proto,
    usage_from_proto,
    usage_to_proto,
)
from roundtable_gateway.domain import event as facts
from roundtable_gateway.domain.event import Event, Fact, NewEvent, TurnRef
from roundtable_kit.errors import Internal


def new_event_to_proto(event: NewEvent) -> event_pb2.NewEvent:
    """Return the wire's form of a fact to append."""
    codec = _BY_TYPE[type(event.fact)]
    fields: dict[str, Any] = {codec.field: codec.to_wire(event.fact)}
    payload = event_pb2.EventPayload(**fields)
    if event.turn is not None:
        payload.turn_id = event.turn.turn_id
        payload.attempt = event.turn.attempt
    return event_pb2.NewEvent(payload=payload, part_index=event.part_index)


def event_from_proto(message: event_pb2.Event) -> Event:
    """Return the event of a message. Raises Internal for a fact not known here."""
    payload = message.payload
    codec = _BY_FIELD.get(str(payload.WhichOneof("fact")))
    if codec is None:
        raise Internal(
            "UNKNOWN_VALUE",
            "The log holds a fact that this gateway doesn't know; upgrade the gateway.",
        )
    return Event(
        sequence=message.sequence,
        time=time_from_proto(message.time),
        run_id=message.run_id,
        turn=TurnRef(payload.turn_id, payload.attempt) if payload.turn_id else None,
        fact=codec.from_wire(getattr(payload, codec.field)),
    )


def _failed_to_wire(fact: facts.TurnFailed) -> event_pb2.TurnFailed:
    return event_pb2.TurnFailed(
        reason=fact.reason,
        will_retry=fact.will_retry,
        retry_time=time_to_proto(fact.retry_time) if fact.retry_time else None,
        usage=usage_to_proto(fact.usage),
        model=fact.model or "",
    )


def _failed_from_wire(message: event_pb2.TurnFailed) -> facts.TurnFailed:
    has_time = message.HasField("retry_time")
    return facts.TurnFailed(
        reason=message.reason,
        # In logs of the first version the time alone says so.
        will_retry=message.will_retry or has_time,
        retry_time=time_from_proto(message.retry_time) if has_time else None,
        usage=usage_from_proto(message.usage),
        model=message.model or None,
    )


@dataclass(frozen=True, slots=True)
class _FactCodec:
    field: str
    type: type[Any]
    to_wire: Callable[[Any], Any]
    from_wire: Callable[[Any], Fact]


_CODECS = (
    _FactCodec(
        "run_created",
        facts.RunCreated,
        lambda fact: event_pb2.RunCreated(run=run_to_proto(fact.run)),
        lambda wire: facts.RunCreated(run_from_proto(wire.run)),
    ),
    _FactCodec(
        "run_queued",
        facts.RunQueued,
        lambda _: event_pb2.RunQueued(),
        lambda _: facts.RunQueued(),
    ),
    _FactCodec(
        "run_started",
        facts.RunStarted,
        lambda _: event_pb2.RunStarted(),
        lambda _: facts.RunStarted(),
    ),
    _FactCodec(
        "run_paused",
        facts.RunPaused,
        lambda fact: event_pb2.RunPaused(pause=pause_to_proto(fact.pause)),
        lambda wire: facts.RunPaused(pause_from_proto(wire.pause)),
    ),
    _FactCodec(
        "run_resumed",
        facts.RunResumed,
        lambda _: event_pb2.RunResumed(),
        lambda _: facts.RunResumed(),
    ),
    _FactCodec(
        "run_reopened",
        facts.RunReopened,
        lambda _: event_pb2.RunReopened(),
        lambda _: facts.RunReopened(),
    ),
    _FactCodec(
        "turn_started",
        facts.TurnStarted,
        lambda fact: event_pb2.TurnStarted(
            turn=turn_to_proto(fact.turn, runner_address=fact.runner_address)
        ),
        lambda wire: facts.TurnStarted(
            turn_from_proto(wire.turn), wire.turn.runner_address
        ),
    ),
    _FactCodec(
        "turn_delta",
        facts.TurnDelta,
        lambda fact: event_pb2.TurnDelta(text=fact.text, draft=fact.draft),
        lambda wire: facts.TurnDelta(wire.text, wire.draft),
    ),
    _FactCodec(
        "finding_added",
        facts.FindingAdded,
        lambda fact: event_pb2.FindingAdded(finding=finding_to_proto(fact.finding)),
        lambda wire: facts.FindingAdded(finding_from_proto(wire.finding)),
    ),
    _FactCodec(
        "finding_changed",
        facts.FindingChanged,
        lambda fact: event_pb2.FindingChanged(finding=finding_to_proto(fact.finding)),
        lambda wire: facts.FindingChanged(finding_from_proto(wire.finding)),
    ),
    _FactCodec(
        "finding_withdrawn",
        facts.FindingWithdrawn,
        lambda fact: event_pb2.FindingWithdrawn(
            finding_id=fact.finding_id, reason=fact.reason
        ),
        lambda wire: facts.FindingWithdrawn(wire.finding_id, wire.reason),
    ),
    _FactCodec(
        "turn_completed",
        facts.TurnCompleted,
        lambda fact: event_pb2.TurnCompleted(turn=turn_to_proto(fact.turn)),
        lambda wire: facts.TurnCompleted(turn_from_proto(wire.turn)),
    ),
    _FactCodec("turn_failed", facts.TurnFailed, _failed_to_wire, _failed_from_wire),
    _FactCodec(
        "turn_superseded",
        facts.TurnSuperseded,
        lambda _: event_pb2.TurnSuperseded(),
        lambda _: facts.TurnSuperseded(),
    ),
    _FactCodec(
        "decision_set",
        facts.DecisionSet,
        lambda fact: event_pb2.DecisionSet(decision=decision_to_proto(fact.decision)),
        lambda wire: facts.DecisionSet(decision_from_proto(wire.decision)),
    ),
    _FactCodec(
        "clusters_set",
        facts.ClustersSet,
        lambda fact: event_pb2.ClustersSet(
            clusters=map(cluster_to_proto, fact.clusters)
        ),
        lambda wire: facts.ClustersSet(tuple(map(cluster_from_proto, wire.clusters))),
    ),
    _FactCodec(
        "agenda_set",
        facts.AgendaSet,
        lambda fact: event_pb2.AgendaSet(items=map(agenda_item_to_proto, fact.items)),
        lambda wire: facts.AgendaSet(tuple(map(agenda_item_from_proto, wire.items))),
    ),
    _FactCodec(
        "stance_changed",
        facts.StanceChanged,
        lambda fact: event_pb2.StanceChanged(stance=stance_to_proto(fact.stance)),
        lambda wire: facts.StanceChanged(stance_from_proto(wire.stance)),
    ),
    _FactCodec(
        "synthesis_set",
        facts.SynthesisSet,
        lambda fact: event_pb2.SynthesisSet(
            synthesis=synthesis_to_proto(fact.synthesis)
        ),
        lambda wire: facts.SynthesisSet(synthesis_from_proto(wire.synthesis)),
    ),
    _FactCodec(
        "disposition_set",
        facts.DispositionSet,
        lambda fact: event_pb2.DispositionSet(
            finding_id=fact.finding_id,
            disposition=DISPOSITIONS.to_wire(fact.disposition),
            reason=fact.reason,
            by=fact.by,
        ),
        lambda wire: facts.DispositionSet(
            finding_id=wire.finding_id,
            disposition=DISPOSITIONS.required(wire.disposition),
            reason=wire.reason if wire.HasField("reason") else None,
            by=wire.by,
        ),
    ),
    _FactCodec(
        "run_succeeded",
        facts.RunSucceeded,
        lambda _: event_pb2.RunSucceeded(),
        lambda _: facts.RunSucceeded(),
    ),
    _FactCodec(
        "run_incomplete",
        facts.RunIncomplete,
        lambda fact: event_pb2.RunIncomplete(reason=fact.reason),
        lambda wire: facts.RunIncomplete(wire.reason),
    ),
    _FactCodec(
        "run_failed",
        facts.RunFailed,
        lambda fact: event_pb2.RunFailed(reason=fact.reason),
        lambda wire: facts.RunFailed(wire.reason),
    ),
    _FactCodec(
        "run_cancelled",
        facts.RunCancelled,
        lambda fact: event_pb2.RunCancelled(reason=fact.reason),
        lambda wire: facts.RunCancelled(wire.reason),
    ),
)
_BY_TYPE = {codec.type: codec for codec in _CODECS}
_BY_FIELD = {codec.field: codec for codec in _CODECS}
