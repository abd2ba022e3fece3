"""Cancels, budgets and pauses hold in every stage, not in the first alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from roundtable_gateway.conductor.parts import TurnOrder, TurnPart
from roundtable_gateway.domain.event import RunCancelled, TurnFailed, TurnRef
from roundtable_gateway.domain.run import (
    Budget,
    RunState,
    Stage,
    StageResult,
    TurnState,
)
from services.gateway.tests.support.conducting import (
    PassingClock,
    claim,
    drive,
    run_tools,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script, key_of
from services.gateway.tests.support.samples import answer, draft, refusal, run_summary
from services.gateway.tests.support.whole_roundtable import (
    SCRIPTS,
    check_log,
    outcome,
    whole_roundtable,
)

# A turn of each stage that asks anything.
_KEYS = ("B", "control", "repair_A", "cluster", "round2_B", "round3_C", "synthesis")


class _HoldingRunner(FakeRunner):
    """Holds the turn of one key back."""

    def __init__(self, key: str) -> None:
        super().__init__(**SCRIPTS)
        self._key = key
        self.held = TurnRef("", 0)
        self.is_held = asyncio.Event()

    async def start(self, order: TurnOrder) -> None:
        if key_of(order) == self._key:
            self.held = TurnRef(order.turn_id, order.attempt)
            self.hold(self.held, 0)
            self.is_held.set()
        await super().start(order)


@pytest.mark.parametrize("key", _KEYS)
async def test_cancel_ends_a_run_in_any_stage(key: str) -> None:
    """The attempt that goes on is ended, and nothing is asked any more."""
    ledger, runner = FakeLedger(whole_roundtable()), _HoldingRunner(key)
    tools = run_tools(ledger, runner, clock=PassingClock())
    driver = await claim(ledger, tools)
    driving = asyncio.create_task(driver.drive())
    await runner.is_held.wait()
    await runner.until_watched(runner.held)

    driver.cancel_requested.set()
    await driving

    assert ledger.log()[-1].fact == RunCancelled("CANCELLED_BY_OWNER")
    under_way = (TurnState.QUEUED, TurnState.RUNNING)
    assert all(turn.state not in under_way for turn in ledger.detail().turns)
    assert runner.cancels


@pytest.mark.parametrize("turns", range(1, 17))
async def test_budget_that_ends_in_any_stage_leaves_a_whole_run(turns: int) -> None:
    """What is beyond it is not asked; the run ends as far as it came, and says so."""
    whole = FakeLedger(whole_roundtable())
    await drive(whole, FakeRunner(**SCRIPTS), clock=PassingClock())
    assert whole.detail().run.usage.turns > 16
    run = replace(whole_roundtable(), budget=Budget(turns=turns))
    ledger, runner = FakeLedger(run), FakeRunner(**SCRIPTS)

    await drive(ledger, runner, clock=PassingClock())

    detail = ledger.detail()
    assert sum(runner.starts.values()) == turns
    assert detail.run.usage.turns == turns
    assert "budget_exhausted" in {turn.reason for turn in detail.turns}
    assert detail.run.state in (RunState.INCOMPLETE, RunState.FAILED)
    assert [each.stage for each in detail.run.manifest] == list(Stage)
    assert StageResult.FAILED in {each.result for each in detail.run.manifest}
    assert (detail.decision is None) == (detail.run.state is RunState.FAILED)


@pytest.mark.parametrize("key", _KEYS)
async def test_pause_in_any_stage_is_waited_for(key: str) -> None:
    """The account refuses once; the run comes to what it would have come to."""
    whole = FakeLedger(whole_roundtable())
    await drive(whole, FakeRunner(**SCRIPTS), clock=PassingClock())
    refused: Script = _once_refused(SCRIPTS[key])
    ledger = FakeLedger(whole_roundtable())

    await drive(ledger, FakeRunner(**{**SCRIPTS, key: refused}), clock=PassingClock())

    check_log(ledger)
    assert ledger.types().count("run.paused") == 1
    assert ledger.types().count("run.resumed") == 1
    failed = [e.fact for e in ledger.log() if isinstance(e.fact, TurnFailed)]
    assert [f.usage.turns for f in failed if f.reason == "rate_limited"] == [0]
    got, expected = outcome(ledger.detail()), outcome(whole.detail())
    assert got["run"] == expected["run"]
    assert len(got["stances"]) == len(expected["stances"])  # type: ignore[arg-type]  # both are dicts


def _once_refused(script: Script) -> Script:
    assert not callable(script)

    def play(order: TurnOrder) -> Sequence[TurnPart]:
        if order.attempt == 1:
            return refusal("rate_limited")
        return script[min(order.attempt - 1, len(script)) - 1]

    return play


async def test_no_more_turns_go_on_at_once_than_there_are_slots() -> None:
    """Turns of all kinds pass the same slots."""
    most = 0

    class Counting(FakeRunner):
        async def start(self, order: TurnOrder) -> None:
            nonlocal most
            await super().start(order)
            most = max(most, sum(self.watching.values()) + 1)

    ledger, runner = FakeLedger(whole_roundtable()), Counting(**SCRIPTS)
    tools = run_tools(ledger, runner, clock=PassingClock(), slots=2)

    await (await claim(ledger, tools)).drive()

    assert most == 2
    assert ledger.types()[-1] == "run.succeeded"


async def test_four_turns_go_on_at_once_where_there_is_room() -> None:
    """A panel of four is not made to queue."""
    ledger = FakeLedger(run_summary(seats="ABCD"))
    script = [answer(draft())]
    runner = FakeRunner(A=script, B=script, C=script, D=script)
    refs = [TurnRef(f"run_1-1-{seat}", 1) for seat in "ABCD"]
    for each in refs:
        runner.hold(each, 0)
    driver = await claim(ledger, run_tools(ledger, runner, slots=4))
    driving = asyncio.create_task(driver.drive())
    for each in refs:
        await runner.until_watched(each)

    for each in refs:
        runner.go(each)
    await driving

    assert ledger.types()[-1] == "run.succeeded"
