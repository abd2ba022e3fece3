"""What all runs of a day may spend."""

from datetime import timedelta

import pytest

from roundtable_gateway.conductor.budget import DayBudget
from roundtable_gateway.domain.event import TurnFailed
from roundtable_gateway.domain.run import Budget, Usage
from services.gateway.tests.support.conducting import SetClock, drive, ref
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.samples import NOW, answer, run_summary

_TEN_TURNS = Budget(turns=10)


def _day(
    ledger: FakeLedger, *, limit: Budget = _TEN_TURNS, clock: SetClock | None = None
) -> DayBudget:
    return DayBudget(limit, ledger=ledger, clock=clock or SetClock())


@pytest.mark.parametrize(
    ("limit", "spent"),
    [
        (_TEN_TURNS, Usage(turns=10)),
        (Budget(cost_usd=2.0), Usage(cost_usd=2.0)),
        (Budget(turns=0), Usage()),
    ],
    ids=str,
)
async def test_spent_day_asks_for_nothing(limit: Budget, spent: Usage) -> None:
    """The turn fails as budget_exhausted, for good, and is no turn of anybody's."""
    ledger = FakeLedger(run_summary())
    ledger.spent = spent
    runner = FakeRunner(A=[answer()])

    await drive(ledger, runner, day=limit)

    assert not runner.starts
    (failed,) = [e.fact for e in ledger.log() if isinstance(e.fact, TurnFailed)]
    assert (failed.reason, failed.will_retry) == ("budget_exhausted", False)
    assert ledger.detail().run.usage.turns == 0
    assert ledger.types()[-1] == "run.failed"


async def test_last_turn_of_the_day_keeps_what_is_there() -> None:
    """Seats that still fit are answered, the run ends with them."""
    ledger = FakeLedger(run_summary(seats="ABC"))
    ledger.spent = Usage(turns=8)
    runner = FakeRunner(A=[answer()], B=[answer()], C=[answer()])

    await drive(ledger, runner, day=_TEN_TURNS)

    assert sum(runner.starts.values()) == 2
    assert ledger.types()[-1] == "run.incomplete"


async def test_day_without_a_limit_is_not_looked_at() -> None:
    """The store is asked for what somebody wants to know."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])

    await drive(ledger, runner)

    assert runner.starts == {ref(): 1}
    assert "day_usage" not in ledger.calls


async def test_own_turns_count_between_two_looks() -> None:
    """The store is asked every few seconds; what was taken since counts, too."""
    ledger = FakeLedger()
    ledger.spent = Usage(turns=9)
    day = _day(ledger)
    before = await day.is_exhausted()

    day.take_turn()

    assert (before, await day.is_exhausted()) == (False, True)
    assert ledger.calls == ["day_usage"]


async def test_turn_given_back_is_free_again() -> None:
    """An attempt that its account refused was none."""
    ledger = FakeLedger()
    ledger.spent = Usage(turns=9)
    day = _day(ledger)
    await day.is_exhausted()

    day.take_turn()
    day.give_turn_back(NOW)

    assert not await day.is_exhausted()


async def test_turn_of_yesterday_is_not_given_back_today() -> None:
    """One that was refused behind midnight leaves no more turns than a day has."""
    ledger, clock = FakeLedger(), SetClock()
    day = _day(ledger, clock=clock)
    await day.is_exhausted()
    day.take_turn()
    clock.advance(timedelta(days=1))
    ledger.spent = Usage(turns=10)
    await day.is_exhausted()

    day.give_turn_back(NOW)

    assert await day.is_exhausted()


async def test_own_cost_counts_between_two_looks() -> None:
    """What a turn has cost is known before the store is asked again."""
    ledger = FakeLedger()
    day = _day(ledger, limit=Budget(cost_usd=1.0))
    before = await day.is_exhausted()

    day.spend(Usage(cost_usd=1.5))

    assert (before, await day.is_exhausted()) == (False, True)


async def test_other_gateways_turns_are_noticed_soon() -> None:
    """Each look begins anew from what the store has."""
    ledger, clock = FakeLedger(), SetClock()
    day = _day(ledger, clock=clock)
    before = await day.is_exhausted()

    ledger.spent = Usage(turns=10)
    clock.advance(timedelta(seconds=5))

    assert (before, await day.is_exhausted()) == (False, True)


async def test_next_day_is_looked_at_at_once() -> None:
    """Midnight in UTC ends what was exhausted."""
    ledger, clock = FakeLedger(), SetClock()
    clock.advance(timedelta(hours=11, minutes=59, seconds=59))
    ledger.spent = Usage(turns=10)
    day = _day(ledger, clock=clock)
    before = await day.is_exhausted()

    ledger.spent = Usage()
    clock.advance(timedelta(seconds=1))

    assert (before, await day.is_exhausted()) == (True, False)


async def test_store_away_is_waited_for() -> None:
    """Nobody spends what nobody could count."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    looks = 0

    def leave() -> None:
        nonlocal looks
        looks += 1
        ledger.is_away = looks < 3

    ledger.before_day_usage = leave

    await drive(ledger, runner, day=_TEN_TURNS)

    assert looks == 3
    assert ledger.types()[-1] == "run.succeeded"
