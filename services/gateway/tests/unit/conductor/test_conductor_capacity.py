"""What a conductor takes up, and what it tells those who wait."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from roundtable_gateway.conductor import conductor as conductor_module
from roundtable_gateway.conductor.conductor import Conductor
from roundtable_gateway.conductor.ports import Claim, Progress
from roundtable_gateway.domain.event import NewEvent, TurnRef
from roundtable_gateway.domain.run import Engine
from roundtable_kit.errors import Internal
from services.gateway.tests.support.conducting import run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.log_projection import TERMINAL_TYPES
from services.gateway.tests.support.samples import answer, run_summary


@asynccontextmanager
async def _conducting(
    ledger: FakeLedger, runner: FakeRunner, *, incarnation: str = "1", at_once: int = 1
) -> AsyncIterator[Conductor]:
    conductor = Conductor(
        run_tools(ledger, runner),
        holder="here",
        incarnation=incarnation,
        runs_at_once=at_once,
    )
    conductor.start()
    try:
        yield conductor
    finally:
        await conductor.stop()


def _first(run_id: str) -> TurnRef:
    return TurnRef(f"{run_id}-1-A", 1)


def _two_runs() -> tuple[FakeLedger, FakeRunner]:
    ledger = FakeLedger(run_summary("run_1"), run_summary("run_2"))
    runner = FakeRunner(A=[answer()])
    runner.hold(_first("run_1"), 1)
    return ledger, runner


async def test_new_run_is_driven_at_once() -> None:
    """A notice is enough; nobody waits for the next look."""
    ledger = FakeLedger()
    async with _conducting(ledger, FakeRunner(A=[answer()])) as conductor:
        await ledger.until_true(lambda: "claim" in ledger.calls)

        ledger.create(run_summary())
        conductor.notice_new_run("run_1")
        await ledger.until_ended()

    assert ledger.types()[-1] == "run.succeeded"


async def test_run_that_nobody_told_of_is_found() -> None:
    """Runs of gateways that are gone are looked for again and again."""
    ledger = FakeLedger()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conductor_module, "_LOOK_AGAIN", timedelta(milliseconds=1))
        async with _conducting(ledger, FakeRunner(A=[answer()])):
            await ledger.until_true(lambda: "claim" in ledger.calls)

            ledger.create(run_summary())
            await ledger.until_ended()

    assert ledger.types()[-1] == "run.succeeded"


async def test_run_without_room_is_queued_once_and_taken_up_later() -> None:
    """Its viewers are told, nobody holds it, and it runs when there is room."""
    ledger, runner = _two_runs()
    with capture_logs() as logs:
        await _wait_for_room(ledger, runner)

    assert ledger.types("run_2")[:2] == ["run.queued", "run.started"]
    assert ledger.types("run_2")[-1] == "run.succeeded"
    assert "claim.failed" not in [each["event"] for each in logs]


async def _wait_for_room(ledger: FakeLedger, runner: FakeRunner) -> None:
    async with _conducting(ledger, runner) as conductor:
        conductor.notice_new_run("run_2")
        await ledger.until_true(lambda: "release" in ledger.calls)
        assert ledger.types("run_2") == ["run.queued"]
        assert not ledger.is_held("run_2")

        conductor.notice_new_run("run_2")
        await ledger.until_true(lambda: ledger.calls.count("release") == 2)
        runner.go(_first("run_1"))
        await ledger.until_ended("run_2")


async def test_run_that_another_took_up_is_not_queued() -> None:
    """A gateway with room may be faster; its run is left alone."""
    ledger = FakeLedger(run_summary())
    await ledger.claim(holder="there", incarnation="9", lease=timedelta(minutes=1))
    async with _conducting(ledger, FakeRunner(A=[answer()])) as conductor:
        conductor.notice_new_run("run_1")
        await ledger.until_true(lambda: ledger.calls.count("claim") >= 3)

    assert ledger.types() == []


async def test_runs_up_to_the_bound_go_on_side_by_side() -> None:
    """With room for two the second does not wait for the first."""
    ledger, runner = _two_runs()

    async with _conducting(ledger, runner, at_once=2):
        await ledger.until_ended("run_2")

    assert TERMINAL_TYPES.isdisjoint(ledger.types("run_1"))


async def test_cancel_of_a_driven_run_ends_it_now() -> None:
    """The driver hears of it without waiting for its lease."""
    ledger, runner = _two_runs()
    async with _conducting(ledger, runner) as conductor:
        await ledger.until("turn.delta")

        ledger.request_cancel("run_1")
        conductor.notice_cancel("run_1")
        await ledger.until_ended("run_1")

    assert ledger.types("run_1")[-1] == "run.cancelled"


async def test_cancel_of_a_waiting_run_needs_no_room() -> None:
    """A run that waits ends at once rather than behind those in front of it."""
    ledger, runner = _two_runs()
    async with _conducting(ledger, runner) as conductor:
        await ledger.until("turn.delta")

        ledger.request_cancel("run_2")
        conductor.notice_cancel("run_2")
        await ledger.until_ended("run_2")

    assert ledger.types("run_2") == ["run.cancelled"]


async def test_cancel_during_the_claim_is_not_lost() -> None:
    """The store may have answered the claim before it took the cancel in."""
    answered, go = asyncio.Event(), asyncio.Event()

    class Slow(FakeLedger):
        async def claim(
            self,
            *,
            holder: str,
            incarnation: str,
            lease: timedelta,
            run_id: str | None = None,
            except_engines: Collection[Engine] = (),
        ) -> Claim | None:
            claim = await super().claim(
                holder=holder,
                incarnation=incarnation,
                lease=lease,
                run_id=run_id,
                except_engines=except_engines,
            )
            answered.set()
            await go.wait()
            return claim

    ledger, runner = Slow(run_summary()), FakeRunner(A=[answer()])
    runner.hold(_first("run_1"), 0)
    async with _conducting(ledger, runner) as conductor:
        await answered.wait()

        ledger.request_cancel()
        conductor.notice_cancel("run_1")
        go.set()
        await ledger.until_ended()

    assert ledger.types()[-1] == "run.cancelled"


async def test_run_that_is_tried_again_at_once_is_not_cancelled_again() -> None:
    """Its driver of before may not have heard yet that it has ended."""
    ended, go = asyncio.Event(), asyncio.Event()

    class Unheard(FakeLedger):
        async def append(
            self,
            run_id: str,
            *,
            fencing_token: int,
            first_index: int,
            events: Sequence[NewEvent],
            progress: Progress | None,
        ) -> None:
            await super().append(
                run_id,
                fencing_token=fencing_token,
                first_index=first_index,
                events=events,
                progress=progress,
            )
            if self.types()[-1] == "run.cancelled":
                ended.set()
                await go.wait()

    ledger, runner = Unheard(run_summary()), FakeRunner(A=[answer(), answer()])
    runner.hold(_first("run_1"), 1)
    async with _conducting(ledger, runner, at_once=2) as conductor:
        await ledger.until("turn.delta")
        ledger.request_cancel()
        conductor.notice_cancel("run_1")
        await ended.wait()

        ledger.reopen()
        conductor.notice_new_run("run_1")
        await ledger.until("run.succeeded")

    assert ledger.types().count("run.cancelled") == 1


async def test_cancel_of_a_run_elsewhere_is_left_to_its_conductor() -> None:
    """Another gateway's run is not touched."""
    ledger = FakeLedger(run_summary())
    await ledger.claim(holder="there", incarnation="9", lease=timedelta(minutes=1))
    async with _conducting(ledger, FakeRunner(A=[answer()])) as conductor:
        conductor.notice_cancel("run_1")
        await ledger.until_true(lambda: ledger.calls.count("claim") >= 3)

    assert ledger.types() == []


async def test_restarted_gateway_takes_its_runs_back_at_once() -> None:
    """The next incarnation goes on; the turn is not asked for again."""
    ledger, runner = FakeLedger(run_summary()), FakeRunner(A=[answer()])
    runner.hold(_first("run_1"), 1)
    async with _conducting(ledger, runner, incarnation="1"):
        await ledger.until("turn.delta")
    runner.go(_first("run_1"))

    async with _conducting(ledger, runner, incarnation="2"):
        await ledger.until_ended()

    assert sum(runner.starts.values()) == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_stop_leaves_no_task_and_no_end() -> None:
    """Runs are let go of as they are, turns go on, nothing keeps running here."""
    before = asyncio.all_tasks()
    ledger, runner = _two_runs()

    async with _conducting(ledger, runner, at_once=2):
        await ledger.until("turn.delta", "run_1")

    assert asyncio.all_tasks() == before
    assert TERMINAL_TYPES.isdisjoint(ledger.types("run_1"))
    assert runner.cancels == []


async def test_store_that_is_away_does_not_end_the_search() -> None:
    """A claim that fails is made again."""
    ledger = FakeLedger(run_summary())
    ledger.is_away = True
    async with _conducting(ledger, FakeRunner(A=[answer()])) as conductor:
        await ledger.until_true(lambda: "claim" in ledger.calls)

        ledger.is_away = False
        conductor.notice_new_run("run_1")
        await ledger.until_ended()

    assert ledger.types()[-1] == "run.succeeded"


@pytest.mark.parametrize(
    "error", [Internal("UNKNOWN_VALUE", "Upgrade."), ValueError("unforeseen")], ids=repr
)
async def test_run_that_cannot_be_read_does_not_stop_the_others(
    error: Exception,
) -> None:
    """Whatever a claim raises, the conductor looks again."""

    class Poisoned(FakeLedger):
        poisoned = asyncio.Event()

        async def claim(
            self,
            *,
            holder: str,
            incarnation: str,
            lease: timedelta,
            run_id: str | None = None,
            except_engines: Collection[Engine] = (),
        ) -> Claim | None:
            if not self.poisoned.is_set():
                self.poisoned.set()
                raise error
            return await super().claim(
                holder=holder,
                incarnation=incarnation,
                lease=lease,
                run_id=run_id,
                except_engines=except_engines,
            )

    ledger = Poisoned(run_summary())
    with capture_logs() as logs:
        async with _conducting(ledger, FakeRunner(A=[answer()])) as conductor:
            await ledger.poisoned.wait()
            conductor.notice_new_run("run_1")
            await ledger.until_ended()

    assert ledger.types()[-1] == "run.succeeded"
    assert {"claim.failed", "claim.crashed"} & {each["event"] for each in logs}


async def test_fenced_run_makes_room_for_the_next() -> None:
    """A run that was lost to another gateway no longer counts here."""
    ledger, runner = _two_runs()
    with capture_logs() as logs:
        async with _conducting(ledger, runner):
            await ledger.until("turn.delta", "run_1")
            ledger.hand_over("run_1")
            runner.go(_first("run_1"))
            await ledger.until_ended("run_2")

    assert "run.lost" in [each["event"] for each in logs]
    assert TERMINAL_TYPES.isdisjoint(ledger.types("run_1"))


async def test_run_whose_store_fails_is_dropped_and_said_so() -> None:
    """A failure that is neither absence nor refusal leaves the run to its lease."""

    class Failing(FakeLedger):
        async def renew(
            self, run_id: str, *, fencing_token: int, lease: timedelta
        ) -> bool:
            raise Internal("INTERNAL", "The store failed.")

    ledger, runner = (
        Failing(run_summary("run_1"), run_summary("run_2")),
        FakeRunner(A=[answer()]),
    )
    runner.hold(_first("run_1"), 1)
    tools = run_tools(ledger, runner, lease=timedelta(milliseconds=3))
    conductor = Conductor(tools, holder="here", incarnation="1", runs_at_once=1)

    with capture_logs() as logs:
        conductor.start()
        await ledger.until_true(lambda: ledger.is_held("run_2"))
        await conductor.stop()

    assert "run.dropped" in [each["event"] for each in logs]
    assert TERMINAL_TYPES.isdisjoint(ledger.types("run_1"))


async def test_own_run_handed_back_after_a_long_pause_goes_on() -> None:
    """A lease that lapsed while we slept costs no turn, and a cancel is still heard."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(_first("run_1"), 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conductor_module, "_LOOK_AGAIN", timedelta(milliseconds=1))
        async with _conducting(ledger, runner, at_once=2) as conductor:
            await ledger.until("turn.delta")

            ledger.lapse()
            await ledger.until_true(ledger.is_held)
            await runner.until_watched(_first("run_1"))
            conductor.notice_cancel("run_1")
            await ledger.until_ended()

    types = ledger.types()
    assert types.count("turn.started") == 1
    assert [kind for kind in types if kind in TERMINAL_TYPES] == ["run.cancelled"]
