"""Runs that are opened again over a real server."""

from datetime import UTC, timedelta

import grpc
import pytest

from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable_kit.errors import AlreadyExists, FailedPrecondition
from services.store.tests.author_harness import REJECTED, Author
from services.store.tests.store_harness import (
    ALICE,
    Conductor,
    StoreHarness,
    decision_set,
    finding_added,
    refused,
    run_cancelled,
    run_incomplete,
    run_paused,
    turn_completed,
    turn_delta,
    turn_failed,
    turn_started,
    turn_superseded,
)

RUN_FAILED = event_pb2.EventPayload(
    run_failed=event_pb2.RunFailed(reason="NO_SEAT_FINISHED")
)
RUN_SUCCEEDED = event_pb2.EventPayload(run_succeeded=event_pb2.RunSucceeded())


@pytest.fixture
def author(store: StoreHarness) -> Author:
    """Alice."""
    return Author(store)


async def _ended(
    author: Author, *payloads: event_pb2.EventPayload, end: event_pb2.EventPayload
) -> Conductor:
    """Return the given-back claim under which a run was driven to an end."""
    run = await author.create_run()
    conductor = await author.store.started(run.run_id)
    await conductor.append(*payloads, end)
    await author.release(conductor)
    return conductor


@pytest.mark.parametrize("end", [run_incomplete(), RUN_FAILED, run_cancelled()])
async def test_ended_run_is_opened_again(
    store: StoreHarness, author: Author, end: event_pb2.EventPayload
) -> None:
    """It runs, has no end and no reason any more, and says since when."""
    run_id = (await _ended(author, decision_set(), end=end)).run_id
    before = await store.detail(run_id)
    store.clock.advance(timedelta(hours=1))

    run = await author.retry(run_id)

    page = await author.page(run_id, after=before.run.last_sequence)
    assert [event.payload.WhichOneof("fact") for event in page.events] == [
        "run_reopened"
    ]
    assert not page.is_at_rest
    assert (run.state, run.reason) == (run_pb2.RUN_STATE_RUNNING, "")
    assert not run.HasField("end_time")
    assert run.reopen_time.ToDatetime(UTC) == store.clock.now()
    assert run.start_time == before.run.start_time
    assert (await store.detail(run_id)).decision == before.decision
    assert not before.run.HasField("reopen_time")


async def test_reopened_run_is_driven_to_another_end(
    store: StoreHarness, author: Author
) -> None:
    """Each opening has one end, and the log is one."""
    run_id = (await _ended(author, end=run_incomplete())).run_id
    await author.retry(run_id)

    conductor = await store.claim()
    last = await conductor.append(turn_started(), turn_completed(), RUN_SUCCEEDED)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(run_incomplete())

    detail = await store.detail(run_id)
    assert conductor.run_id == run_id
    assert refused(caught.value).reason == "ILLEGAL_EVENT"
    assert (detail.run.state, detail.run.reason) == (run_pb2.RUN_STATE_SUCCEEDED, "")
    assert detail.run.HasField("end_time")
    assert detail.run.HasField("reopen_time")
    assert await store.sequences(run_id) == list(range(1, last + 1))


async def test_what_failed_or_was_cancelled_goes_on_and_what_succeeded_stands(
    store: StoreHarness, author: Author
) -> None:
    """Attempts are numbered on; findings of an attempt that is superseded go."""
    ended = await _ended(
        author,
        turn_started("t1"),
        finding_added("A1"),
        turn_failed("t1"),
        turn_started("t2"),
        turn_started("t3"),
        turn_completed("t3"),
        end=run_incomplete(),
    )
    run_id = ended.run_id
    await author.retry(run_id)
    conductor = await store.claim(run_id)

    await conductor.append(turn_superseded("t1"), turn_started("t1", attempt=2))
    await conductor.append(turn_superseded("t2"), turn_started("t2", attempt=2))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(turn_started("t3", attempt=2))

    detail = await store.detail(run_id)
    states = {turn.turn_id: (turn.attempt, turn.state) for turn in detail.turns}
    assert states == {
        "t1": (2, turn_pb2.TURN_STATE_RUNNING),
        "t2": (2, turn_pb2.TURN_STATE_RUNNING),
        "t3": (1, turn_pb2.TURN_STATE_SUCCEEDED),
    }
    assert not detail.findings
    assert refused(caught.value).reason == "ILLEGAL_EVENT"


async def test_cancelled_turn_of_this_opening_is_not_begun_again(
    store: StoreHarness, author: Author
) -> None:
    """Only an end that lies before the retry is none any more."""
    run_id = (await _ended(author, end=run_incomplete())).run_id
    await author.retry(run_id)
    conductor = await store.claim(run_id)
    store.clock.advance(timedelta(seconds=1))
    await conductor.append(turn_started(), turn_failed(reason="cancelled"))

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(turn_started(attempt=2))

    assert refused(caught.value).reason == "ILLEGAL_EVENT"


async def test_run_that_nobody_had_begun_is_begun_by_its_retry(
    store: StoreHarness, author: Author
) -> None:
    """A run that was cancelled in the queue has a start from then on."""
    run = await author.create_run()
    conductor = await store.claim(run.run_id)
    await conductor.append(run_cancelled())
    await author.release(conductor)
    store.clock.advance(timedelta(hours=1))

    reopened = await author.retry(run.run_id)

    taken = await store.claim(run.run_id)
    assert await taken.append(turn_started()) == 4
    assert reopened.start_time.ToDatetime(UTC) == store.clock.now()
    assert not reopened.HasField("queue_position")


async def test_old_wish_to_cancel_is_over(store: StoreHarness, author: Author) -> None:
    """A retried run goes on until somebody asks anew."""
    conductor = await author.run_with_findings()
    cancel = runs_pb2.CancelRunRequest(
        caller=ALICE, request_id="c", run_id=conductor.run_id
    )
    await store.runs.CancelRun(cancel)
    await conductor.append(run_paused(), run_cancelled())
    await author.release(conductor)

    retried = await author.retry(conductor.run_id)
    claimed = await store.claim(conductor.run_id)
    cancelled = await store.runs.CancelRun(cancel)

    assert not retried.is_cancel_requested
    assert not retried.HasField("pause")
    assert not claimed.claim.detail.run.is_cancel_requested
    assert cancelled.run.is_cancel_requested


async def test_repeated_retry_opens_once(store: StoreHarness, author: Author) -> None:
    """A retry whose answer was lost adds no second event, even behind the next end."""
    run_id = (await _ended(author, end=run_incomplete())).run_id
    await author.retry(run_id, request_id="key")
    conductor = await store.claim(run_id)
    last = await conductor.append(RUN_FAILED)

    again = await author.retry(run_id, request_id="key")

    assert (again.state, again.last_sequence) == (run_pb2.RUN_STATE_FAILED, last)


async def test_key_of_another_retry_is_refused(author: Author) -> None:
    """A key stands for one run."""
    run_ids = [(await _ended(author, end=run_incomplete())).run_id for _ in range(2)]
    await author.retry(run_ids[0], request_id="key")

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await author.retry(run_ids[1], request_id="key")

    error = refused(caught.value)
    assert isinstance(error, AlreadyExists)
    assert error.reason == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("state", ["pending", "running", "succeeded", "answering"])
async def test_nothing_else_is_retried(
    store: StoreHarness, author: Author, state: str
) -> None:
    """Nothing of it has failed, or not for good yet."""
    run = await author.create_run()
    if state != "pending":
        conductor = await store.started(run.run_id)
        if state == "succeeded":
            await conductor.append(RUN_SUCCEEDED)
        if state == "answering":
            await conductor.append(run_incomplete())
            await author.ask(run.run_id)
    before = await store.detail(run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await author.retry(run.run_id)

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "RUN_NOT_RETRIABLE"
    assert await store.detail(run.run_id) == before


async def test_run_is_retried_again(store: StoreHarness, author: Author) -> None:
    """As often as it does not succeed, and its answers survive each time."""
    run_id = await author.ended_run("A1")
    await author.answer(run_id, REJECTED)

    for _ in range(2):
        await author.retry(run_id)
        conductor = await store.claim(run_id)
        await conductor.append(RUN_FAILED)
        await author.release(conductor)

    detail = await store.detail(run_id)
    assert detail.findings[0].disposition == REJECTED
    facts = [e.payload.WhichOneof("fact") for e in await author.events(run_id)]
    assert facts[-4:] == ["run_reopened", "run_failed"] * 2


async def test_reopened_run_is_folded_after_its_next_end(
    store: StoreHarness, author: Author
) -> None:
    """Its deltas stay while it goes on."""
    run_id = (await _ended(author, end=run_incomplete())).run_id
    store.clock.advance(timedelta(minutes=10))
    await store.app.folding.fold_all()
    await author.retry(run_id)
    conductor = await store.claim(run_id)
    await conductor.append(turn_started(), turn_delta(), turn_delta(), turn_completed())
    store.clock.advance(timedelta(minutes=10))

    running = await store.app.folding.fold_all()
    await conductor.append(run_incomplete())
    store.clock.advance(timedelta(minutes=10))
    ended = await store.app.folding.fold_all()

    assert (running, ended) == (0, 2)


async def test_retry_leaves_the_queue_as_it_is(
    store: StoreHarness, author: Author
) -> None:
    """A run that goes on again is in front of nobody who waits."""
    run_id = (await _ended(author, end=run_incomplete())).run_id
    store.clock.advance(timedelta(seconds=1))
    waiting = await author.create_run()

    await author.retry(run_id)

    listed = await store.runs.ListRuns(runs_pb2.ListRunsRequest(caller=ALICE))
    assert [run.run_id for run in listed.runs] == [waiting.run_id, run_id]
    assert listed.runs[0].queue_position == 0
    assert not listed.runs[1].HasField("queue_position")


async def test_watcher_of_a_reopened_run_sees_its_next_end(
    store: StoreHarness, author: Author
) -> None:
    """A stream that is opened behind the first end does not end there."""
    ended = await _ended(author, end=run_incomplete())
    last = (await author.page(ended.run_id)).last_sequence
    await author.retry(ended.run_id)
    conductor = await store.claim(ended.run_id)
    seen = []

    async for event in store.watch(ended.run_id, after=last):
        seen.append(event.payload.WhichOneof("fact"))
        if seen == ["run_reopened"]:
            await conductor.append(RUN_FAILED)

    assert seen == ["run_reopened", "run_failed"]


async def test_old_claim_is_no_claim_on_the_new_opening(
    store: StoreHarness, author: Author
) -> None:
    """Whoever drove the run to its end keeps nobody waiting, and is shut out."""
    stale = await author.run_with_findings()
    await stale.append(run_incomplete())
    await author.retry(stale.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stale.append(turn_started("t2"))
    fresh = await store.claim(holder="there")

    assert refused(caught.value).reason == "FENCED"
    assert fresh.run_id == stale.run_id
