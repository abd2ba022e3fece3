"""Pauses and queued retries over a real server."""

from datetime import UTC, timedelta

import grpc
import pytest

from roundtable.store.v1 import turn_pb2
from roundtable_kit.errors import FailedPrecondition, InvalidArgument
from services.store.tests.store_harness import (
    StoreHarness,
    refused,
    run_cancelled,
    run_paused,
    run_request,
    run_resumed,
    turn_failed,
    turn_started,
)


async def test_pause_is_in_the_run_until_it_is_resumed(store: StoreHarness) -> None:
    """The last pause that was told counts; resuming clears it."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    until = store.clock.now() + timedelta(hours=3)

    await conductor.append(run_paused("auth_required"))
    first = (await store.detail(run.run_id)).run.pause
    await conductor.append(run_paused("rate_limited", resume_time=until))
    second = (await store.detail(run.run_id)).run.pause
    await conductor.append(run_resumed())
    after = (await store.detail(run.run_id)).run

    assert (first.reason, first.HasField("resume_time")) == ("auth_required", False)
    assert second.reason == "rate_limited"
    assert second.resume_time.ToDatetime(UTC) == until
    assert not after.HasField("pause")


async def test_claim_tells_of_the_pause(store: StoreHarness) -> None:
    """Who takes over in the middle knows why the run waits."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(run_paused("auth_required"))
    store.clock.advance(timedelta(minutes=1))

    other = await store.claim(run.run_id, holder="there")

    assert other.claim.detail.run.pause.reason == "auth_required"


async def test_end_clears_the_pause(store: StoreHarness) -> None:
    """A run that is cancelled in its pause waits for nothing."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    await conductor.append(run_paused(), run_cancelled())

    assert not (await store.detail(run.run_id)).run.HasField("pause")


async def test_running_run_is_not_resumed(store: StoreHarness) -> None:
    """A resumption without a pause is refused."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(run_resumed())

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "ILLEGAL_EVENT"


async def test_pause_without_a_reason_is_refused(store: StoreHarness) -> None:
    """Nobody could tell a person what to do."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(run_paused(""))

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert error.violations[0].field == "events[0].payload.run_paused.pause.reason"


async def test_queued_turn_knows_when_it_is_tried_again(store: StoreHarness) -> None:
    """The time stays over a take-over, and goes with the next attempt."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    retry_time = store.clock.now() + timedelta(seconds=4)

    await conductor.append(turn_started(), turn_failed(retry_time=retry_time))
    queued = (await store.detail(run.run_id)).turns[0]
    await conductor.append(turn_started(attempt=2))
    running = (await store.detail(run.run_id)).turns[0]

    assert queued.retry_time.ToDatetime(UTC) == retry_time
    assert not running.HasField("retry_time")


async def test_turn_may_be_queued_without_a_time(store: StoreHarness) -> None:
    """A turn that waits for an account waits for as long as that takes."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    await conductor.append(turn_started(), turn_failed(will_retry=True))

    turn = (await store.detail(run.run_id)).turns[0]
    assert turn.state == turn_pb2.TURN_STATE_QUEUED
    assert not turn.HasField("retry_time")


async def test_effort_is_kept_and_checked(store: StoreHarness) -> None:
    """A run keeps how hard its models think; another word is refused."""
    document_id = (await store.create_document()).document_id
    request = run_request(document_id, request_id="one")
    request.run.effort = "medium"
    odd = run_request(document_id, request_id="two")
    odd.run.effort = "heroic"

    run = (await store.runs.CreateRun(request)).run
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.CreateRun(odd)

    assert (await store.detail(run.run_id)).run.effort == "medium"
    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert error.violations[0].field == "run.effort"
