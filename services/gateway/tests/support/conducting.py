"""A conductor's tools over the fakes, and a run driven with them."""

import asyncio
from datetime import datetime, timedelta
from random import Random

from roundtable_gateway.conductor.ports import Ledger
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_driver import RunDriver, RunTools
from roundtable_gateway.domain.event import TurnRef
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
        """Return the sample moment."""
        return NOW

    def monotonic(self) -> float:
        """Return what was set."""
        return self.seconds


class RunningClock(SetClock):
    """A clock on which seconds pass at every look."""

    def monotonic(self) -> float:
        """Return ten seconds more than at the last look."""
        self.seconds += 10.0
        return self.seconds


def run_tools(
    ledger: Ledger,
    runner: FakeRunner,
    *,
    clock: SetClock | None = None,
    lease: timedelta = LEASE,
    slots: int = 9,
) -> RunTools:
    """Return tools over the fakes."""
    return RunTools(
        ledger=ledger,
        runner=runner,
        retries=RetryPolicy(Random(1)),  # noqa: S311 - spreads delays
        clock=clock or SetClock(),
        lease=lease,
        slots=asyncio.Semaphore(slots),
    )


async def claim(ledger: FakeLedger, tools: RunTools) -> RunDriver:
    """Claim the only run and return its driver."""
    claimed = await ledger.claim(holder="here", incarnation="1", lease=tools.lease)
    assert claimed is not None
    return RunDriver(claimed, tools)


async def drive(
    ledger: FakeLedger, runner: FakeRunner, *, clock: SetClock | None = None
) -> None:
    """Claim the only run and drive it to its end."""
    await (await claim(ledger, run_tools(ledger, runner, clock=clock))).drive()


def ref(seat: str = "A", attempt: int = 1) -> TurnRef:
    """Return a reference to an attempt of a seat's review in the sample run."""
    return TurnRef(f"run_1-1-{seat}", attempt)
