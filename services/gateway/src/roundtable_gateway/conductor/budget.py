"""What a run, and all runs of a day, may still spend."""

import asyncio
from datetime import date, datetime, timedelta

from roundtable_gateway.conductor.ports import Ledger
from roundtable_gateway.domain.run import Budget, Usage
from roundtable_kit.clock import Clock
from roundtable_kit.errors import Unavailable

_ASK_AGAIN = timedelta(seconds=0.5)
# Another gateway spends, too; between two looks each knows of its own.
_LOOK_AGAIN_SECONDS = 3.0


class DayBudget:
    """Counts what all runs spend in a day in UTC, as the store has it.

    Args:
        limit: What a day may cost; without any limit nothing is asked.
    """

    def __init__(self, limit: Budget, *, ledger: Ledger, clock: Clock) -> None:
        self._limit = limit
        self._ledger = ledger
        self._clock = clock
        self._day: date | None = None
        self._looked_at = 0.0
        self._turns = 0
        self._cost_usd = 0.0
        self._looking = asyncio.Lock()

    async def is_exhausted(self) -> bool:
        """Return whether nothing more may be asked today."""
        if self._limit == Budget():
            return False
        async with self._looking:
            await self._look()
        return _is_reached(self._limit, turns=self._turns, cost_usd=self._cost_usd)

    def take_turn(self) -> None:
        """Count one more attempt."""
        self._turns += 1

    def give_turn_back(self, begun: datetime | None) -> None:
        """Take back an attempt that counts towards no limit, if it is of this day."""
        if begun is not None and begun.date() == self._day:
            self._turns -= 1

    def spend(self, usage: Usage) -> None:
        """Count what an attempt has cost."""
        self._cost_usd += usage.cost_usd or 0.0

    async def _look(self) -> None:
        today, moment = self._clock.now().date(), self._clock.monotonic()
        is_fresh = moment - self._looked_at < _LOOK_AGAIN_SECONDS
        if self._day == today and is_fresh:
            return
        usage = await self._read(today)
        self._day, self._looked_at = today, moment
        self._turns, self._cost_usd = usage.turns, usage.cost_usd or 0.0

    async def _read(self, day: date) -> Usage:
        while True:
            try:
                return await self._ledger.day_usage(day)
            except Unavailable:
                await asyncio.sleep(_ASK_AGAIN.total_seconds())


class BudgetMeter:
    """Counts attempts and cost against a run's budget and the day's.

    Args:
        budget: What the author allows.
        spent: What the run's log says is spent.
        day: What everybody may spend in a day.
    """

    def __init__(self, budget: Budget, spent: Usage, *, day: DayBudget) -> None:
        self._budget = budget
        self._turns = spent.turns
        self._cost_usd = spent.cost_usd or 0.0
        self._day = day

    async def take_turn(self) -> bool:
        """Count one more attempt and return True, or False when none is left."""
        if await self._day.is_exhausted() or self._is_exhausted():
            return False
        self._turns += 1
        self._day.take_turn()
        return True

    def give_turn_back(self, begun: datetime | None) -> None:
        """Take back an attempt that counts towards no limit."""
        self._turns -= 1
        self._day.give_turn_back(begun)

    def spend(self, usage: Usage) -> None:
        """Count what an attempt has cost."""
        self._cost_usd += usage.cost_usd or 0.0
        self._day.spend(usage)

    def _is_exhausted(self) -> bool:
        return _is_reached(self._budget, turns=self._turns, cost_usd=self._cost_usd)


def _is_reached(limit: Budget, *, turns: int, cost_usd: float) -> bool:
    if limit.turns is not None and turns >= limit.turns:
        return True
    return limit.cost_usd is not None and cost_usd >= limit.cost_usd
