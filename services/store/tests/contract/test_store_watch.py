"""Watching a log over a real server."""

import asyncio
from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import run_service_pb2 as pb2
from roundtable_kit.errors import InvalidArgument, NotFound
from services.store.tests.store_harness import (
    ALICE,
    StoreHarness,
    refused,
    run_incomplete,
    run_started,
    turn_completed,
    turn_delta,
    turn_started,
)


async def test_watch_replays_then_tails_to_the_end(store: StoreHarness) -> None:
    """What is there comes first, then each event as it is written, then the end."""
    run = await store.create_run()
    conductor = await store.claim(run.run_id)
    seen = []

    async for event in store.watch(run.run_id):
        seen.append(event.sequence)
        if event.payload.HasField("run_created"):
            await conductor.append(run_started(), turn_started())
        if event.payload.HasField("turn_started"):
            await conductor.append(turn_delta(), turn_completed())
        if event.payload.HasField("turn_completed"):
            await conductor.append(run_incomplete())

    assert seen == [1, 2, 3, 4, 5, 6]


async def test_watch_of_a_long_log_is_whole(store: StoreHarness) -> None:
    """A log of several pages is streamed without gap, from any sequence."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started())
    for _ in range(3):
        await conductor.append(*(turn_delta() for _ in range(400)))
    await conductor.append(turn_completed(), run_incomplete())

    assert await store.sequences(run.run_id) == list(range(1, 1206))
    assert await store.sequences(run.run_id, after=1200) == list(range(1201, 1206))
    assert await store.sequences(run.run_id, after=1205) == []


async def test_many_watchers_see_the_same(store: StoreHarness) -> None:
    """Every viewer of a run gets every event."""
    run = await store.create_run()
    watchers = [asyncio.create_task(store.sequences(run.run_id)) for _ in range(20)]
    await store.until_watched(20)

    conductor = await store.started(run.run_id)
    for _ in range(5):
        await conductor.append(turn_started(f"t{conductor.next_index}"))
    await conductor.append(run_incomplete())

    assert await asyncio.gather(*watchers) == [list(range(1, 9))] * 20
    await store.until_watched(0)


async def test_watcher_that_leaves_leaves_nothing_behind(store: StoreHarness) -> None:
    """A cancelled stream frees what it held, while its run goes on."""
    run = await store.create_run()
    call = store.runs.WatchEvents(
        pb2.WatchEventsRequest(caller=ALICE, run_id=run.run_id)
    )
    await call.read()

    call.cancel()

    await store.until_watched(0)
    assert store.app.signals.watcher_count == 0


async def test_deleted_run_can_not_be_watched(store: StoreHarness) -> None:
    """A log that is gone is not found, rather than empty."""
    run_id = await store.ended_run()
    await store.runs.DeleteRun(
        pb2.DeleteRunRequest(caller=ALICE, request_id="d", run_id=run_id)
    )

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.sequences(run_id)

    assert isinstance(refused(caught.value), NotFound)


@pytest.mark.parametrize("after", [3, 1_000])
async def test_watch_above_the_log_is_refused(store: StoreHarness, after: int) -> None:
    """There is nothing behind what is not there, for a watch as for a page."""
    run = await store.create_run()
    await store.started(run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as watched:
        await store.sequences(run.run_id, after=after)
    with pytest.raises(grpc.aio.AioRpcError) as listed:
        await store.runs.ListEvents(
            pb2.ListEventsRequest(caller=ALICE, run_id=run.run_id, after_sequence=after)
        )

    for caught in (watched, listed):
        error = refused(caught.value)
        assert isinstance(error, InvalidArgument)
        assert error.reason == "SEQUENCE_ABOVE_LAST"


async def test_pages_of_a_log_join(store: StoreHarness) -> None:
    """Pages behind one another hold the log once; the last says it is at rest."""
    run_id = await store.ended_run()

    sequences: list[int] = []
    while True:
        page = await store.runs.ListEvents(
            pb2.ListEventsRequest(
                caller=ALICE,
                run_id=run_id,
                after_sequence=sequences[-1] if sequences else 0,
                page_size=2,
            )
        )
        if not page.events:
            break
        sequences += [event.sequence for event in page.events]

    assert sequences == [1, 2, 3]
    assert (page.last_sequence, page.is_at_rest) == (3, True)


async def test_deltas_are_folded_ten_minutes_after_the_end(
    store: StoreHarness,
) -> None:
    """Only deltas go, only of runs at rest, and the log still reads to its end."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started(), turn_delta(), turn_delta(), turn_completed())
    going_on = await store.create_run()
    other = await store.started(going_on.run_id)
    await other.append(turn_started(), turn_delta())
    await conductor.append(run_incomplete())

    store.clock.advance(timedelta(minutes=9))
    early = await store.app.folding.fold_all()
    store.clock.advance(timedelta(minutes=1))
    due = await store.app.folding.fold_all()
    again = await store.app.folding.fold_all()

    assert (early, due, again) == (0, 2, 0)
    assert await store.sequences(run.run_id) == [1, 2, 3, 6, 7]
    await other.append(run_incomplete())
    assert await store.sequences(going_on.run_id) == [1, 2, 3, 4, 5]


async def test_stopping_store_ends_watches(store: StoreHarness) -> None:
    """A watch is told to come again instead of being cut."""
    run = await store.create_run()
    call = store.runs.WatchEvents(
        pb2.WatchEventsRequest(caller=ALICE, run_id=run.run_id)
    )
    await call.read()

    store.app.signals.close()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert refused(caught.value).reason == "STORE_STOPPING"
