"""Runs between records and protobuf."""

from roundtable.store.v1 import (
    conductor_service_pb2,
    document_pb2,
    event_pb2,
    process_pb2,
    run_detail_pb2,
    run_pb2,
    turn_pb2,
)
from roundtable_store.records.events import StoredEvent
from roundtable_store.records.runs import (
    RunDetail,
    RunRecord,
    RunState,
    TurnRecord,
    TurnState,
    Usage,
)
from roundtable_store.rpc.dispositions import to_finding
from roundtable_store.rpc.times import to_timestamp
from roundtable_store.rpc.violations import Violations

_MAX_DISCUSSION_ROUNDS = 2
_EFFORTS = ("", "low", "medium", "high")

# What the store sets, whatever a caller writes there.
_SET_BY_STORE = (
    "run_id",
    "state",
    "reason",
    "stage",
    "pause",
    "queue_position",
    "usage",
    "manifest",
    "last_sequence",
    "create_time",
    "start_time",
    "end_time",
    "is_cancel_requested",
    "reopen_time",
)


def to_run_body(run: run_pb2.Run, document: document_pb2.Document) -> bytes:
    """Return what is fixed of a run that is to be created (INVALID_FIELD)."""
    _check_new_run(run)
    body = run_pb2.Run()
    body.CopyFrom(run)
    for name in _SET_BY_STORE:
        body.ClearField(name)  # type: ignore[arg-type]  # the stub wants literals
    body.document.CopyFrom(document)
    return body.SerializeToString()


def to_run(record: RunRecord) -> run_pb2.Run:
    """Return a run: what was fixed at its creation under what has moved since."""
    run = run_pb2.Run.FromString(record.body)
    run.run_id = record.run_id
    run.state = run_pb2.RunState.Value(f"RUN_STATE_{record.state.name}")
    run.reason = record.reason
    _put_progress(run, record.progress)
    if record.pause is not None:
        run.pause.MergeFromString(record.pause)
    if record.queue_position is not None:
        run.queue_position = record.queue_position
    run.usage.CopyFrom(to_usage_message(record.usage))
    run.last_sequence = record.last_sequence
    run.create_time.CopyFrom(to_timestamp(record.create_time))
    if record.start_time is not None:
        run.start_time.CopyFrom(to_timestamp(record.start_time))
    if record.end_time is not None:
        run.end_time.CopyFrom(to_timestamp(record.end_time))
    if record.reopen_time is not None:
        run.reopen_time.CopyFrom(to_timestamp(record.reopen_time))
    run.is_cancel_requested = record.is_cancel_requested
    return run


def to_run_detail(detail: RunDetail) -> run_detail_pb2.RunDetail:
    """Return a run, whole."""
    message = run_detail_pb2.RunDetail(
        run=to_run(detail.run),
        turns=[to_turn(turn) for turn in detail.turns],
        findings=[to_finding(finding) for finding in detail.findings],
        stances=[process_pb2.Stance.FromString(body) for body in detail.stances],
    )
    if detail.decision is not None:
        message.decision.MergeFromString(detail.decision)
    if detail.clusters is not None:
        clusters = event_pb2.ClustersSet.FromString(detail.clusters).clusters
        message.clusters.extend(clusters)
    if detail.agenda is not None:
        message.agenda.extend(event_pb2.AgendaSet.FromString(detail.agenda).items)
    if detail.synthesis is not None:
        message.synthesis.MergeFromString(detail.synthesis)
    return message


def to_created_payload(record: RunRecord) -> bytes:
    """Return event 1's payload of a run as created."""
    created = event_pb2.RunCreated(run=to_run(record))
    return event_pb2.EventPayload(run_created=created).SerializeToString()


def from_created_payload(payload: bytes) -> run_pb2.Run:
    """Return the run as created, from event 1's payload."""
    return event_pb2.EventPayload.FromString(payload).run_created.run


def to_event(run_id: str, event: StoredEvent) -> event_pb2.Event:
    """Return an event of the log."""
    message = event_pb2.Event(
        sequence=event.sequence, time=to_timestamp(event.time), run_id=run_id
    )
    message.payload.MergeFromString(event.payload)
    return message


def to_run_state(state: run_pb2.RunState.ValueType) -> RunState | None:
    """Return the state to filter by; None for all."""
    if state == run_pb2.RUN_STATE_UNSPECIFIED:
        return None
    name = run_pb2.RunState.Name(state).removeprefix("RUN_STATE_")
    return RunState[name]


def to_usage_message(usage: Usage) -> run_pb2.Usage:
    """Return the usage in protobuf."""
    return run_pb2.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cost_usd=usage.cost_usd,
        turns=usage.turns,
    )


def _check_new_run(run: run_pb2.Run) -> None:
    violations = Violations()
    violations.require("run.engine", run.engine)
    violations.require("run.mode", run.mode)
    violations.require("run.panelists", run.panelists)
    violations.require("run.rubric", run.HasField("rubric"))
    if not 0 <= run.discussion_rounds <= _MAX_DISCUSSION_ROUNDS:
        violations.add("run.discussion_rounds", "is 0, 1 or 2")
    if run.effort not in _EFFORTS:
        violations.add("run.effort", "is low, medium, high or empty")
    for index, panelist in enumerate(run.panelists):
        field = f"run.panelists[{index}]"
        violations.require(f"{field}.panelist_id", panelist.panelist_id)
        violations.require(f"{field}.persona.persona_id", panelist.persona.persona_id)
    if len({panelist.panelist_id for panelist in run.panelists}) < len(run.panelists):
        violations.add("run.panelists", "have each a panelist_id of their own")
    violations.check()


def _put_progress(run: run_pb2.Run, progress: bytes | None) -> None:
    if progress is None:
        run.stage = run_pb2.STAGE_INTAKE
        return
    message = conductor_service_pb2.Progress.FromString(progress)
    run.stage = message.stage
    run.manifest.extend(message.manifest)


def to_turn(record: TurnRecord) -> turn_pb2.Turn:
    """Return a turn: what began or completed it under what has moved since."""
    turn = turn_pb2.Turn.FromString(record.body)
    turn.state = _TURN_STATES[record.state]
    turn.reason = record.reason
    turn.next_part_index = record.next_part_index
    if record.end_time is not None and not turn.HasField("end_time"):
        turn.end_time.CopyFrom(to_timestamp(record.end_time))
    if record.retry_time is not None:
        turn.retry_time.CopyFrom(to_timestamp(record.retry_time))
    if record.usage is not None:
        turn.usage.CopyFrom(to_usage_message(record.usage))
    for payload in record.deltas:
        delta = event_pb2.EventPayload.FromString(payload).turn_delta
        if delta.draft > turn.draft:
            turn.draft, turn.text = delta.draft, ""
        turn.text += delta.text
    return turn


_TURN_STATES = {
    state: turn_pb2.TurnState.Value(f"TURN_STATE_{state.name}") for state in TurnState
}
