"""Events to append, from protobuf."""

from collections.abc import Sequence

from roundtable.store.v1 import event_pb2, turn_pb2
from roundtable_store.records.events import NewEvent
from roundtable_store.rpc.dispositions import check_disposition
from roundtable_store.rpc.panel_facts import check_panel_fact, check_stance
from roundtable_store.rpc.projection import to_event_type, to_fact
from roundtable_store.rpc.violations import Violations

_OF_A_TURN = ("turn_", "finding_", "stance_")
_OF_THE_STORE = ("run_reopened", "disposition_set")


def to_new_events(events: Sequence[event_pb2.NewEvent]) -> tuple[NewEvent, ...]:
    """Return the events; refuses those that are not whole (INVALID_FIELD)."""
    violations = Violations()
    for index, event in enumerate(events):
        _check(event, f"events[{index}]", violations)
    violations.check()
    return tuple(to_new_event(event) for event in events)


def to_new_event(event: event_pb2.NewEvent) -> NewEvent:
    """Return an event that is whole."""
    payload = event.payload
    has_part = event.HasField("part_index")
    return NewEvent(
        event_type=to_event_type(payload),
        turn_id=payload.turn_id,
        attempt=payload.attempt,
        payload=payload.SerializeToString(),
        fact=to_fact(payload),
        next_part_index=event.part_index + 1 if has_part else None,
    )


def _check(event: event_pb2.NewEvent, field: str, violations: Violations) -> None:
    payload, field = event.payload, f"{field}.payload"
    name = payload.WhichOneof("fact")
    violations.require(f"{field}.fact", name)
    if name is None:
        return
    if name in _OF_THE_STORE:
        violations.add(f"{field}.{name}", "is the store's own")
        return
    if not name.startswith(_OF_A_TURN):
        _check_run_fact(payload, field, violations)
        return
    violations.require(f"{field}.turn_id", payload.turn_id)
    if payload.attempt < 1:
        violations.add(f"{field}.attempt", "is numbered from 1")
    if name.startswith("turn_"):
        _check_turn_fact(payload, field, violations)
    elif name.startswith("finding_"):
        _check_finding_fact(payload, field, violations)
    else:
        check_stance(payload, field, violations)


def _check_turn_fact(
    payload: event_pb2.EventPayload, field: str, violations: Violations
) -> None:
    match payload.WhichOneof("fact"):
        case "turn_started":
            _check_turn(payload, payload.turn_started.turn, field, violations)
        case "turn_completed":
            _check_turn(payload, payload.turn_completed.turn, field, violations)
        case "turn_failed":
            reason = payload.turn_failed.reason
            violations.require(f"{field}.turn_failed.reason", reason)


def _check_finding_fact(
    payload: event_pb2.EventPayload, field: str, violations: Violations
) -> None:
    match payload.WhichOneof("fact"):
        case "finding_added":
            _check_finding(payload.finding_added.finding, field, violations)
        case "finding_changed":
            _check_finding(payload.finding_changed.finding, field, violations)
        case "finding_withdrawn":
            finding_id = payload.finding_withdrawn.finding_id
            violations.require(f"{field}.finding_withdrawn.finding_id", finding_id)


def _check_run_fact(
    payload: event_pb2.EventPayload, field: str, violations: Violations
) -> None:
    if payload.turn_id or payload.attempt:
        violations.add(f"{field}.turn_id", "is empty for the run's own events")
    check_panel_fact(payload, field, violations)
    if payload.HasField("run_paused"):
        reason = payload.run_paused.pause.reason
        violations.require(f"{field}.run_paused.pause.reason", reason)
    for name in ("run_incomplete", "run_failed"):
        if payload.WhichOneof("fact") == name:
            violations.require(f"{field}.{name}.reason", getattr(payload, name).reason)


def _check_turn(
    payload: event_pb2.EventPayload,
    turn: turn_pb2.Turn,
    field: str,
    violations: Violations,
) -> None:
    violations.require_enums(f"{field}.turn", turn)
    if (turn.turn_id, turn.attempt) != (payload.turn_id, payload.attempt):
        violations.add(f"{field}.turn", "is not the payload's turn and attempt")


def _check_finding(
    finding: turn_pb2.Finding, field: str, violations: Violations
) -> None:
    violations.require(f"{field}.finding.finding_id", finding.finding_id)
    violations.require_enums(f"{field}.finding", finding)
    if finding.disposition:
        field = f"{field}.finding.disposition"
        check_disposition(field, finding.disposition, violations)
