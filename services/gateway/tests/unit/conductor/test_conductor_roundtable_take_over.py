"""A roundtable that one conductor leaves and another takes over, at any point."""

import pytest

from roundtable_gateway.domain.event import TurnStarted
from roundtable_gateway.domain.run import Stage, StageResult, TurnKind
from services.gateway.tests.support.conducting import PassingClock, drive
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.whole_roundtable import (
    SCRIPTS,
    check_log,
    drive_until,
    outcome,
    whole_roundtable,
)


async def _uncut() -> tuple[FakeLedger, FakeRunner]:
    ledger, runner = FakeLedger(whole_roundtable()), FakeRunner(**SCRIPTS)
    await drive(ledger, runner, clock=PassingClock())
    return ledger, runner


async def test_uncut_run_has_everything_in_it() -> None:
    """What the cuts below are held against: all kinds of turns, all kinds of facts."""
    ledger, runner = await _uncut()

    detail = ledger.detail()
    check_log(ledger)
    assert {each.result for each in detail.run.manifest} == {StageResult.RAN}
    assert [each.stage for each in detail.run.manifest] == list(Stage)
    kinds = {order.task.kind for order in runner.orders}
    assert kinds == set(TurnKind) - {TurnKind.SWEEP, TurnKind.ANSWER}
    assert {"finding.changed", "finding.withdrawn", "turn.superseded"} < set(
        ledger.types()
    )
    assert any(each.links for each in detail.clusters)
    assert {each.is_evidenced for each in detail.stances} == {True, False}
    assert set(runner.starts.values()) == {1}


async def test_run_that_is_cut_behind_any_append_ends_as_if_it_had_not_been() -> None:
    """Nothing is asked twice, nothing set twice, and the outcome is the same."""
    whole, _ = await _uncut()
    expected, appends = outcome(whole.detail()), 1

    while True:
        ledger, runner = FakeLedger(whole_roundtable()), FakeRunner(**SCRIPTS)
        if await drive_until(ledger, runner, appends=appends):
            break
        await drive(ledger, runner, clock=PassingClock())

        assert outcome(ledger.detail()) == expected, f"cut behind {appends} appends"
        assert set(runner.starts.values()) == {1}
        check_log(ledger)
        appends += 1

    assert appends > 20


@pytest.mark.parametrize("every", [1, 2, 3, 5])
async def test_run_that_is_cut_again_and_again_ends_the_same(every: int) -> None:
    """Any number of conductors make one run."""
    whole, _ = await _uncut()
    ledger, runner = FakeLedger(whole_roundtable()), FakeRunner(**SCRIPTS)

    conductors = 1
    while not await drive_until(ledger, runner, appends=every):
        conductors += 1

    assert conductors > 20 / every
    assert outcome(ledger.detail()) == outcome(whole.detail())
    assert set(runner.starts.values()) == {1}
    check_log(ledger)


async def test_log_that_is_all_that_is_left_is_gone_on_with() -> None:
    """With the progress that was never written and a runner that forgot it all."""
    whole, before = await _uncut()
    expected = outcome(whole.detail())

    for length in (0, *whole.boundaries()[:-1]):
        ledger = whole.fork(length)
        begun = {e.turn for e in ledger.log() if isinstance(e.fact, TurnStarted)}
        runner = FakeRunner(**SCRIPTS)
        runner.adopt([each for each in begun if each], of=before)

        await drive(ledger, runner, clock=PassingClock())

        assert outcome(ledger.detail()) == expected, f"cut behind {length} events"
        assert begun.isdisjoint(runner.starts)
        check_log(ledger)
