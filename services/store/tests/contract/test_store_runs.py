"""Runs over a real server: creation, lists, cancelling, deleting."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest

from roundtable.store.v1 import run_pb2, turn_pb2
from roundtable.store.v1 import run_service_pb2 as pb2
from roundtable_kit.errors import AlreadyExists, InvalidArgument, NotFound
from services.store.tests.store_harness import (
    ALICE,
    BOB,
    StoreHarness,
    refused,
    run_cancelled,
    run_incomplete,
    run_request,
    turn_completed,
    turn_delta,
    turn_failed,
    turn_started,
    turn_superseded,
)

_RETRY = datetime(2030, 1, 1, tzinfo=UTC)


async def test_created_run_is_event_one(store: StoreHarness) -> None:
    """The run as answered, as read and as logged first is one and the same."""
    run = await store.create_run()

    detail = await store.detail(run.run_id)
    log = await store.runs.ListEvents(
        pb2.ListEventsRequest(caller=ALICE, run_id=run.run_id)
    )

    assert run.state == run_pb2.RUN_STATE_PENDING
    assert run.document.title == "Release Plan"
    assert detail.run == run
    assert [event.payload.run_created.run for event in log.events] == [run]
    assert (log.last_sequence, log.is_at_rest) == (1, False)


async def test_repeated_create_answers_the_run_as_created(store: StoreHarness) -> None:
    """The same key answers the same run, even when that has moved on."""
    document = await store.create_document()
    request = run_request(document.document_id)
    first = await store.runs.CreateRun(request)
    await store.started(first.run.run_id)

    second = await store.runs.CreateRun(request)

    assert second == first
    assert len((await store.runs.ListRuns(pb2.ListRunsRequest(caller=ALICE))).runs) == 1


async def test_key_of_another_run_is_refused(store: StoreHarness) -> None:
    """The same key with another fingerprint is ALREADY_EXISTS."""
    document = await store.create_document()
    await store.runs.CreateRun(run_request(document.document_id))
    other = run_request(document.document_id)
    other.request_sha256 = "another"

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.CreateRun(other)

    assert isinstance(refused(caught.value), AlreadyExists)


async def test_key_is_free_again_after_a_day(store: StoreHarness) -> None:
    """An idempotency key lasts 24 hours."""
    document = await store.create_document()
    request = run_request(document.document_id)
    first = await store.runs.CreateRun(request)
    store.clock.advance(timedelta(hours=24, seconds=1))

    second = await store.runs.CreateRun(request)

    assert second.run.run_id != first.run.run_id


async def test_every_missing_field_is_named(store: StoreHarness) -> None:
    """An empty run is refused with all that it lacks."""
    document = await store.create_document()
    request = run_request(document.document_id)
    request.run.engine = run_pb2.ENGINE_UNSPECIFIED
    request.run.mode = run_pb2.MODE_UNSPECIFIED
    request.run.panelists[0].persona.Clear()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.CreateRun(request)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == [
        "run.engine",
        "run.mode",
        "run.panelists[0].persona.persona_id",
    ]


@pytest.mark.parametrize("field", ["request_id", "request_sha256"])
async def test_create_without_its_key_is_refused(
    store: StoreHarness, field: str
) -> None:
    """A create says its idempotency key and fingerprint."""
    request = run_request("doc_none")
    request.ClearField(field)  # type: ignore[arg-type]  # the stub wants literals

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.CreateRun(request)

    assert [v.field for v in refused(caught.value).violations] == [field]


async def test_pending_run_knows_how_many_are_before_it(store: StoreHarness) -> None:
    """The queue counts all owners' pending runs and shrinks as they start."""
    first = await store.create_run(BOB)
    store.clock.advance(timedelta(seconds=1))
    second = await store.create_run(ALICE)

    before = (await store.detail(second.run_id)).run
    await store.started(first.run_id)
    after = (await store.detail(second.run_id)).run
    started = (await store.detail(first.run_id, BOB)).run

    assert (before.queue_position, after.queue_position) == (1, 0)
    assert not started.HasField("queue_position")


async def test_runs_are_found_by_title_state_and_document(store: StoreHarness) -> None:
    """The filters narrow the list, and a percent sign is only a percent sign."""
    ended = await store.ended_run()
    pending = (await store.create_run()).run_id
    document_id = (await store.detail(pending)).run.document.document_id

    async def found(**filters: object) -> set[str]:
        request = pb2.ListRunsRequest(caller=ALICE, **filters)  # type: ignore[arg-type]  # each test names its own
        return {run.run_id for run in (await store.runs.ListRuns(request)).runs}

    assert await found(query="rELEASE") == {ended, pending}
    assert await found(query="%") == set()
    assert await found(state=run_pb2.RUN_STATE_INCOMPLETE) == {ended}
    assert await found(document_id=document_id) == {pending}


async def test_cancelled_run_tells_its_conductor(store: StoreHarness) -> None:
    """Asking twice changes nothing; after the end it is refused."""
    run = await store.create_run()
    request = pb2.CancelRunRequest(caller=ALICE, request_id="c", run_id=run.run_id)

    first = await store.runs.CancelRun(request)
    second = await store.runs.CancelRun(request)
    conductor = await store.claim()
    await conductor.append(run_cancelled())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.CancelRun(request)

    assert first.run.is_cancel_requested
    assert first == second
    assert conductor.claim.detail.run.is_cancel_requested
    assert refused(caught.value).reason == "RUN_ENDED"


async def test_turn_that_was_ended_with_its_run_is_cancelled_and_counts(
    store: StoreHarness,
) -> None:
    """What it had used by then is the run's."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started())

    await conductor.append(turn_failed(reason="cancelled"), run_cancelled())

    detail = await store.detail(run.run_id)
    assert detail.turns[0].state == turn_pb2.TURN_STATE_CANCELLED
    assert detail.turns[0].usage.input_tokens == 7
    assert detail.run.usage == run_pb2.Usage(input_tokens=7, cost_usd=0.5, turns=1)


async def test_run_is_deleted_only_at_rest(store: StoreHarness) -> None:
    """A run that goes on stays; an ended one is gone, and gone twice is not found."""
    run = await store.create_run()
    request = pb2.DeleteRunRequest(caller=ALICE, request_id="d", run_id=run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.DeleteRun(request)
    conductor = await store.started(run.run_id)
    await conductor.append(run_incomplete())
    await store.runs.DeleteRun(request)
    with pytest.raises(grpc.aio.AioRpcError) as gone:
        await store.runs.DeleteRun(request)

    assert refused(caught.value).reason == "RUN_NOT_AT_REST"
    assert isinstance(refused(gone.value), NotFound)


async def test_a_running_turn_holds_what_was_spoken_so_far(store: StoreHarness) -> None:
    """A reader in the middle gets the words of the latest draft and attempt."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(
        turn_started(),
        turn_delta("lost "),
        turn_failed(retry_time=_RETRY),
        turn_superseded(),
    )
    await conductor.append(turn_started(attempt=2), turn_delta("once ", attempt=2))

    before = await store.detail(run.run_id)
    await conductor.append(
        turn_delta("again ", attempt=2, draft=1), turn_delta("anew", attempt=2, draft=1)
    )
    after = await store.detail(run.run_id)

    assert [(turn.text, turn.draft) for turn in before.turns] == [("once ", 0)]
    assert [(turn.text, turn.draft) for turn in after.turns] == [("again anew", 1)]


async def test_an_answered_turn_holds_its_own_text(store: StoreHarness) -> None:
    """The completed turn's text counts, not the sum of its deltas."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    completed = turn_completed()
    await conductor.append(turn_started(), turn_delta("a delta"), completed)

    detail = await store.detail(run.run_id)

    assert detail.turns[0].text == completed.turn_completed.turn.text != "a delta"
