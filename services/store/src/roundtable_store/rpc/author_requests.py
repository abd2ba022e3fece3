"""What the author asks of a run, from protobuf: retries, answers and questions."""

from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable.store.v1 import run_service_pb2 as pb2
from roundtable_store.records.events import NewEvent
from roundtable_store.records.questions import NewQuestion
from roundtable_store.records.requests import CreateKey
from roundtable_store.records.runs import RunRecord
from roundtable_store.rpc.dispositions import check_disposition
from roundtable_store.rpc.new_events import to_new_event
from roundtable_store.rpc.violations import Violations


def to_reopening() -> NewEvent:
    """Return the event of a retry."""
    payload = event_pb2.EventPayload(run_reopened=event_pb2.RunReopened())
    return to_new_event(event_pb2.NewEvent(payload=payload))


def to_retry_key(request: pb2.RetryRunRequest, *, owner: str) -> CreateKey:
    """Return the key under which a retry opens its run once."""
    return CreateKey(
        owner=owner,
        method="RetryRun",
        request_id=request.request_id,
        fingerprint=request.run_id,
    )


def to_disposition_event(request: pb2.SetDispositionRequest, *, by: str) -> NewEvent:
    """Return the event that tells the author's answer (INVALID_FIELD)."""
    violations = Violations()
    violations.require("request_id", request.request_id)
    violations.require("run_id", request.run_id)
    violations.require("finding_id", request.finding_id)
    check_disposition("disposition", request.disposition, violations)
    violations.check()
    answer = event_pb2.DispositionSet(
        finding_id=request.finding_id,
        disposition=request.disposition,
        reason=request.reason if request.HasField("reason") else None,
        by=by,
    )
    payload = event_pb2.EventPayload(disposition_set=answer)
    return to_new_event(event_pb2.NewEvent(payload=payload))


def check_question(request: pb2.AskQuestionRequest) -> None:
    """Refuse a question that is not whole (INVALID_FIELD)."""
    violations = Violations()
    for name in ("request_id", "request_sha256", "run_id", "panelist_ids", "text"):
        violations.require(name, getattr(request, name))
    if len(set(request.panelist_ids)) < len(request.panelist_ids):
        violations.add("panelist_ids", "name each seat once")
    violations.check()


def to_question(
    request: pb2.AskQuestionRequest, run: RunRecord, *, owner: str
) -> NewQuestion:
    """Return a whole question to seats of the run (INVALID_FIELD)."""
    panelists = run_pb2.Run.FromString(run.body).panelists
    models = {panelist.panelist_id: panelist.model for panelist in panelists}
    violations = Violations()
    for index, panelist_id in enumerate(request.panelist_ids):
        if panelist_id not in models:
            violations.add(f"panelist_ids[{index}]", "is no seat of the run")
    violations.check()

    def render(turn_id: str, panelist_id: str) -> bytes:
        turn = turn_pb2.Turn(
            turn_id=turn_id,
            kind=turn_pb2.TURN_KIND_ANSWER,
            panelist_id=panelist_id,
            round=1,
            state=turn_pb2.TURN_STATE_QUEUED,
            model=models[panelist_id],
            question=request.text,
        )
        return turn.SerializeToString()

    return NewQuestion(
        run_id=request.run_id,
        panelist_ids=tuple(request.panelist_ids),
        # A key is of one run: what it stands for is looked for there.
        key=CreateKey(
            owner=owner,
            method="AskQuestion",
            request_id=request.request_id,
            fingerprint=f"{request.run_id} {request.request_sha256}",
        ),
        render=render,
    )
