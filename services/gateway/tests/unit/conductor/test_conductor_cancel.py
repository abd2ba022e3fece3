"""A run that is told to end: at once, with what it has used, and only once."""

import asyncio
from datetime import timedelta

import pytest

from roundtable_gateway.domain.event import (
    RunCancelled,
    TurnFailed,
)
from roundtable_gateway.domain.run import (
    TurnState,
    Usage,
)
from roundtable_kit.errors import Internal
from services.gateway.tests.support.conducting import claim, drive, ref, run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.samples import (
    answer,
    run_summary,
)


def _facts(ledger: FakeLedger, kind: type) -> list[object]:
    return [each.fact for each in ledger.log() if isinstance(each.fact, kind)]


async def test_cancel_before_the_start_asks_for_nothing() -> None:
    """A run that is to be cancelled when it is claimed ends at once."""
    ledger = FakeLedger(run_summary())
    ledger.request_cancel()
    runner = FakeRunner(A=[answer()])

    await drive(ledger, runner)

    assert ledger.types() == ["run.cancelled"]
    assert not runner.starts


async def test_cancel_ends_turns_at_the_runner() -> None:
    """Attempts that go on are ended before the run is, and nothing follows its end."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer()], B=[answer()])
    runner.hold(ref("A"), 1)
    runner.hold(ref("B"), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(lambda: ledger.types().count("turn.delta") == 2)

    driver.cancel_requested.set()
    await driving

    assert sorted(runner.cancels, key=str) == [ref("A"), ref("B")]
    assert ledger.log()[-1].fact == RunCancelled("CANCELLED_BY_OWNER")
    assert {turn.state for turn in ledger.detail().turns} == {TurnState.CANCELLED}


async def test_cancelled_attempts_count_with_what_they_have_used() -> None:
    """Ended attempts were paid for: their usage is in the log before the end."""
    ledger = FakeLedger(run_summary(seats="ABC"))
    runner = FakeRunner(A=[answer()], B=[answer()], C=[answer()])
    runner.spent = Usage(input_tokens=70, output_tokens=3, cost_usd=0.25)
    runner.hold(ref("A"), 1)
    runner.hold(ref("B"), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.completed")
    before = ledger.detail().run.usage

    driver.cancel_requested.set()
    await driving

    assert ledger.types()[-3:] == ["turn.failed", "turn.failed", "run.cancelled"]
    told = {
        each.turn: (each.fact.reason, each.fact.will_retry)
        for each in ledger.log()
        if isinstance(each.fact, TurnFailed)
    }
    assert told == dict.fromkeys((ref("A"), ref("B")), ("cancelled", False))
    usage = ledger.detail().run.usage
    assert (usage.input_tokens, usage.cost_usd, usage.turns) == (
        before.input_tokens + 140,
        (before.cost_usd or 0.0) + 0.5,
        3,
    )
    states = {turn.panelist_id: turn.state for turn in ledger.detail().turns}
    assert states["A"] is states["B"] is TurnState.CANCELLED


async def test_attempt_that_has_failed_is_not_told_to_be_cancelled() -> None:
    """The runner may have an attempt whose start it never acknowledged."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer()], B=[answer()])
    runner.start_error = Internal("UNKNOWN_VALUE", "Upgrade.")
    runner.hold(ref("B"), 1)
    runner.hold(ref("A", 2), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(lambda: ledger.types().count("turn.delta") == 2)
    runner.take_unheard(ref("A"))

    driver.cancel_requested.set()
    await driving

    assert set(runner.cancels) == {ref("A"), ref("A", 2), ref("B")}
    told = [each.turn for each in ledger.log() if isinstance(each.fact, TurnFailed)]
    assert sorted(told, key=str) == [ref("A"), ref("A", 2), ref("B")]
    assert ledger.types()[-1] == "run.cancelled"


async def test_end_that_is_not_told_keeps_no_run_from_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What an attempt has used is waited for a moment, no longer."""
    monkeypatch.setattr(
        "roundtable_gateway.conductor.afoot._END_DEADLINE", timedelta(0)
    )
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.delta")

    driver.cancel_requested.set()
    await driving

    assert runner.cancels == [ref()]
    assert ledger.types()[-2:] == ["turn.delta", "run.cancelled"]
    assert ledger.detail().turns[0].state is TurnState.CANCELLED


async def test_cancel_reaches_the_driver_by_its_lease() -> None:
    """A cancel that another gateway took in is heard of at the next renewal."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 0)
    tools = run_tools(ledger, runner, lease=timedelta(milliseconds=3))
    driving = asyncio.create_task((await claim(ledger, tools)).drive())
    await runner.until_watched(ref())

    ledger.request_cancel()
    await driving

    assert ledger.types()[-1] == "run.cancelled"


async def test_cancel_while_an_attempt_is_being_started_ends_it() -> None:
    """The runner may have taken an order whose answer nobody waits for any more."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.full_answers = 1_000_000
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.started")
    runner.take_unheard(ref())

    driver.cancel_requested.set()
    await driving

    assert runner.cancels == [ref()]


async def test_cancel_while_the_runner_is_away_ends_the_run() -> None:
    """A runner that can't be told is no reason to go on."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.delta")

    runner.go_away()
    driver.cancel_requested.set()
    await driving

    assert ledger.types()[-1] == "run.cancelled"


async def test_cancel_at_take_over_ends_attempts_left_running() -> None:
    """A conductor that takes a cancelled run over ends what the last one began."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driving = asyncio.create_task(
        (await claim(ledger, run_tools(ledger, runner))).drive()
    )
    await ledger.until("turn.delta")
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)

    ledger.request_cancel()
    ledger.lapse()
    await drive(ledger, runner)

    assert runner.cancels == [ref()]
    assert ledger.types()[-1] == "run.cancelled"


async def test_cancel_during_the_last_append_leaves_one_end() -> None:
    """A run whose end is on its way keeps that end."""
    ledger = FakeLedger(run_summary())
    driver = await claim(ledger, run_tools(ledger, FakeRunner(A=[answer()])))

    def cancel_at_the_end() -> None:
        if "turn.completed" in ledger.types():
            driver.cancel_requested.set()

    ledger.before_append = cancel_at_the_end

    await driver.drive()

    assert ledger.types()[-1] == "run.succeeded"
