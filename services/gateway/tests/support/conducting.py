"""A conductor's tools over the fakes, and a run driven with them."""

import asyncio
from datetime import datetime, timedelta
from random import Random

from roundtable_gateway.conductor.account_barrier import AccountBarriers
from roundtable_gateway.conductor.budget import DayBudget
from roundtable_gateway.conductor.ports import Ledger
from roundtable_gateway.conductor.rests import RestPolicy
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_driver import RunDriver
from roundtable_gateway.conductor.run_tools import RunTools
from roundtable_gateway.conductor.turn_slots import TurnSlots
from roundtable_gateway.domain.event import TurnRef
from roundtable_gateway.domain.run import Account, Budget
from roundtable_gateway.domain.runner import RunnerState
from roundtable_kit.errors import ServiceError
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.samples import NOW

# No test lets a lease lapse by waiting.
LEASE = timedelta(minutes=10)


class SetClock:
    """A clock that stands still unless a test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """Return the sample moment and what was set behind it."""
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return what was set."""
        return self.seconds

    def advance(self, span: timedelta) -> None:
        """Let time pass."""
        self.seconds += span.total_seconds()


class RunningClock(SetClock):
    """A clock on which seconds pass at every look."""

    def monotonic(self) -> float:
        """Return ten seconds more than at the last look."""
        self.seconds += 10.0
        return self.seconds


class PassingClock(SetClock):
    """A clock on which time passes as often as it is looked at."""

    def now(self) -> datetime:
        """Return a second more than at the last look."""
        self.seconds += 1.0
        return super().now()


class FakeWatch:
    """A runner's word on its account.

    Attributes:
        account: How its turns are paid for.
        since: Since when with that credential.
        is_working: Whether it answered when it was last used.
        limit_reset_time: When its limit opens; far away unless a test says otherwise.
        looks: How often it was asked.
        error: Raised by every look while it is set.
    """

    def __init__(self) -> None:
        self.account = Account.SUBSCRIPTION
        self.since = NOW
        self.limit_reset_time: datetime | None = NOW + timedelta(days=365)
        self.is_working: bool | None = None
        self.looks = 0
        self.error: ServiceError | None = None
        self._looked = asyncio.Event()

    async def until_looked(self, times: int) -> None:
        """Wait until it was asked as often."""
        while self.looks < times:
            self._looked.clear()
            await self._looked.wait()

    async def look(self) -> RunnerState:
        """Return the state."""
        await asyncio.sleep(0)
        self.looks += 1
        self._looked.set()
        if self.error is not None:
            raise self.error
        return RunnerState(
            account=self.account,
            since=self.since,
            is_working=self.is_working,
            cli_version="",
            slots=9,
            busy=0,
            warm=0,
            limit_reset_time=self.limit_reset_time,
        )


def run_tools(
    ledger: Ledger,
    runner: FakeRunner,
    *,
    clock: SetClock | None = None,
    lease: timedelta = LEASE,
    slots: int = 9,
    watch: FakeWatch | None = None,
    day: Budget | None = None,
) -> RunTools:
    """Return tools over the fakes."""
    clock = clock or SetClock()
    return RunTools(
        ledger=ledger,
        runner=runner,
        retries=RetryPolicy(Random(1)),  # noqa: S311 - spreads delays
        clock=clock,
        lease=lease,
        slots=TurnSlots(slots),
        barriers=AccountBarriers(
            runner=watch or FakeWatch(),
            rests=RestPolicy(Random(1)),  # noqa: S311 - spreads delays
            clock=clock,
        ),
        day=DayBudget(day or Budget(), ledger=ledger, clock=clock),
        window_tokens=200_000,
    )


async def claim(ledger: FakeLedger, tools: RunTools) -> RunDriver:
    """Claim the only run and return its driver."""
    claimed = await ledger.claim(holder="here", incarnation="1", lease=tools.lease)
    assert claimed is not None
    return RunDriver(claimed, tools)


async def drive(
    ledger: FakeLedger,
    runner: FakeRunner,
    *,
    clock: SetClock | None = None,
    day: Budget | None = None,
) -> None:
    """Claim the only run and drive it to its end."""
    tools = run_tools(ledger, runner, clock=clock, day=day)
    await (await claim(ledger, tools)).drive()


def ref(seat: str = "A", attempt: int = 1) -> TurnRef:
    """Return a reference to an attempt of a seat's review in the sample run."""
    return TurnRef(f"run_1-1-{seat}", attempt)


async def turns_of_the_loop(count: int = 200) -> None:
    """Let everything happen that does not wait for something outside."""
    for _ in range(count):
        await asyncio.sleep(0)
