"""What is used in a day, over a real server."""

from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import conductor_service_pb2 as pb2
from roundtable.store.v1 import run_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable_kit.errors import InvalidArgument
from services.store.tests.store_harness import (
    ALICE,
    BOB,
    GATEWAY,
    StoreHarness,
    refused,
    run_incomplete,
    turn_completed,
    turn_failed,
    turn_started,
)


async def _day_usage(store: StoreHarness, day: str = "2026-01-01") -> run_pb2.Usage:
    request = pb2.GetDayUsageRequest(caller=GATEWAY, day=day)
    return (await store.conductor.GetDayUsage(request)).usage


async def test_day_without_a_turn_is_empty(store: StoreHarness) -> None:
    """Nothing used is nothing, at no known price."""
    assert await _day_usage(store) == run_pb2.Usage()


async def test_day_sums_all_runs_and_owners(store: StoreHarness) -> None:
    """Every attempt counts, whoever asked and however it ended."""
    for caller in (ALICE, BOB):
        run = await store.create_run(caller)
        conductor = await store.started(run.run_id)
        await conductor.append(turn_started(), turn_failed(will_retry=True))
        await conductor.append(turn_started(attempt=2), turn_completed(attempt=2))

    assert await _day_usage(store) == run_pb2.Usage(
        input_tokens=2 * 107, output_tokens=2 * 10, cost_usd=1.0, turns=4
    )


async def test_turn_counts_from_its_start(store: StoreHarness) -> None:
    """What is asked is asked: a turn that never ends was one, too."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    await conductor.append(turn_started("t1"), turn_started("t2"))

    assert (await _day_usage(store)).turns == 2


async def test_attempt_that_ends_in_a_pause_is_no_turn(store: StoreHarness) -> None:
    """It counts towards no limit, neither the run's nor the day's."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    await conductor.append(turn_started(), turn_failed(will_retry=True, counts=False))

    assert (await _day_usage(store)).turns == 0
    assert (await store.detail(run.run_id)).run.usage.turns == 0


async def test_turn_is_given_back_on_the_day_it_was_counted(
    store: StoreHarness,
) -> None:
    """One that began before midnight and is refused behind it leaves no day owing."""
    run = await store.create_run()
    store.clock.advance(timedelta(hours=11, minutes=59, seconds=50))
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started())
    store.clock.advance(timedelta(seconds=15))

    await conductor.append(turn_failed(will_retry=True, counts=False))

    assert (await _day_usage(store)).turns == 0
    next_day = await _day_usage(store, "2026-01-02")
    assert (next_day.turns, next_day.input_tokens) == (0, 7)


async def test_repeated_append_counts_once(store: StoreHarness) -> None:
    """A gateway that heard no answer asks again."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started(), turn_completed())

    conductor.next_index = 1
    await conductor.append(turn_started(), turn_completed())

    assert (await _day_usage(store)).turns == 1


async def test_deleted_run_was_used_all_the_same(store: StoreHarness) -> None:
    """Deleting a run gives nothing back."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started(), turn_completed(), run_incomplete())
    before = await _day_usage(store)

    await store.runs.DeleteRun(
        runs_pb2.DeleteRunRequest(caller=ALICE, request_id="d", run_id=run.run_id)
    )

    assert await _day_usage(store) == before
    assert before.turns == 1


async def test_next_day_begins_anew(store: StoreHarness) -> None:
    """A day is a day in UTC, by the store's own clock."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started("t1"), turn_completed("t1"))
    store.clock.advance(timedelta(hours=11, minutes=59))
    conductor = await store.claim(run.run_id, holder="there")
    await conductor.append(turn_started("t2"))

    store.clock.advance(timedelta(minutes=1))
    conductor = await store.claim(run.run_id, holder="elsewhere")
    await conductor.append(turn_started("t3"))

    assert (await _day_usage(store)).turns == 2
    assert (await _day_usage(store, "2026-01-02")).turns == 1


async def test_day_that_is_none_is_refused(store: StoreHarness) -> None:
    """The field is named."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await _day_usage(store, "yesterday")

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert error.violations[0].field == "day"
