"""One claim's way into the log, through a store's absence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from roundtable_gateway.conductor.ports import Progress
from roundtable_gateway.conductor.record import RunRecord
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.domain.event import NewEvent, RunStarted, RunSucceeded
from roundtable_gateway.domain.run import Stage
from roundtable_kit.errors import Aborted, FailedPrecondition, Unavailable
from services.gateway.tests.support.conducting import LEASE, drive, ref
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.samples import answer, draft, run_summary

_STARTED = NewEvent(RunStarted())
_ENDED = NewEvent(RunSucceeded())


@asynccontextmanager
async def _open_log(ledger: FakeLedger) -> AsyncIterator[RunLog]:
    claim = await ledger.claim(holder="here", incarnation="1", lease=LEASE)
    assert claim is not None
    log = RunLog(claim, ledger, RunRecord(claim))
    writing = asyncio.create_task(log.write())
    try:
        yield log
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)


async def test_append_returns_once_the_event_is_durable() -> None:
    """What append has returned from is in the log, its progress with it."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        log.note(Progress(Stage.REVIEW, ()))
        await log.append(_STARTED)

        assert ledger.types() == ["run.started"]
        assert ledger.detail().run.stage is Stage.REVIEW


async def test_events_that_wait_go_out_in_one_call() -> None:
    """Many appenders share a call, in the order in which they came."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        await asyncio.gather(log.append(_STARTED), log.append(_ENDED))

    assert ledger.calls.count("append") == 1
    assert ledger.types() == ["run.started", "run.succeeded"]


async def test_last_progress_of_a_call_counts() -> None:
    """Where the run is now is what was noted last before the call."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        log.note(Progress(Stage.REVIEW, ()))
        log.note(Progress(Stage.DECISION, ()))
        await log.append(_STARTED)

    assert ledger.detail().run.stage is Stage.DECISION


async def test_store_that_is_away_loses_nothing_and_writes_nothing_twice() -> None:
    """Parts that come while the store is away are in the log once it is back."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer(draft(), words=5)])
    runner.hold(ref(), 2)
    driving = asyncio.create_task(drive(ledger, runner))
    await ledger.until_true(lambda: ledger.types().count("turn.delta") == 2)
    ledger.calls.clear()

    ledger.is_away = True
    runner.go(ref())
    await ledger.until_true(lambda: ledger.calls.count("append") >= 3)
    ledger.is_away = False
    await driving

    indexes = [each.part_index for each in ledger.log() if each.turn == ref()][1:]
    assert indexes == [0, 1, 2, 3, 4, 5, 6]
    assert ledger.types()[-1] == "run.succeeded"


async def test_append_whose_answer_was_lost_is_written_once() -> None:
    """The same position is sent again, and the store knows it."""
    ledger = FakeLedger(run_summary())
    ledger.is_deaf = True
    driving = asyncio.create_task(drive(ledger, FakeRunner(A=[answer()])))
    await ledger.until_true(lambda: ledger.calls.count("append") >= 3)

    ledger.is_deaf = False
    await driving

    assert ledger.types().count("run.started") == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_appender_that_is_cancelled_does_not_hold_the_others_up() -> None:
    """Its event is written all the same, and the next one's append returns."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        cancelled = asyncio.create_task(log.append(_STARTED))
        await asyncio.sleep(0)
        cancelled.cancel()
        await log.append(_ENDED)

    assert ledger.types() == ["run.started", "run.succeeded"]


async def test_refused_event_leaves_the_log_open() -> None:
    """The appender learns of it, and what it appends next gets the same position."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        with pytest.raises(FailedPrecondition):
            await log.append(_ENDED)
        await log.append(_STARTED)

        assert not log.is_closed
    assert ledger.types() == ["run.started"]


async def test_lost_claim_closes_the_log_for_all() -> None:
    """Who waits and who comes later learns that another has the run."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        ledger.lapse()
        outcomes = await asyncio.gather(
            log.append(_STARTED), log.append(_ENDED), return_exceptions=True
        )
        with pytest.raises(Aborted):
            await log.append(_STARTED)

    assert [type(each) for each in outcomes] == [Aborted, Aborted]
    assert log.is_closed


async def test_stopped_log_lets_its_appenders_go() -> None:
    """Who waits when the conductor stops is told so rather than left waiting."""
    ledger = FakeLedger(run_summary())

    async with _open_log(ledger) as log:
        ledger.is_away = True
        first = asyncio.create_task(log.append(_STARTED))
        await ledger.until_true(lambda: ledger.calls.count("append") >= 2)
        second = asyncio.create_task(log.append(_ENDED))
        await asyncio.sleep(0)

    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(each) for each in outcomes] == [Unavailable, Unavailable]
