"""What tests of pauses share: refusals, runs of an account, the log's pauses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from roundtable_gateway.conductor.run_driver import RunDriver
from roundtable_gateway.domain.event import RunPaused
from roundtable_gateway.domain.run import Budget, Engine, Pause
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.samples import refusal, run_summary

HOUR = timedelta(hours=1)
LIMIT = refusal("rate_limited", HOUR)
NO_ACCOUNT = refusal("auth_required")


def ledger_of(seats: str = "A", *, budget: Budget | None = None) -> FakeLedger:
    """Return a ledger with one run of an account."""
    return FakeLedger(run_summary(seats=seats, budget=budget, engine=Engine.CLAUDE))


def pauses_of(ledger: FakeLedger, run_id: str = "run_1") -> list[Pause]:
    """Return the pauses that a run's log tells of."""
    return [e.fact.pause for e in ledger.log(run_id) if isinstance(e.fact, RunPaused)]


@asynccontextmanager
async def driving(driver: RunDriver) -> AsyncIterator["asyncio.Task[None]"]:
    """Drive for as long as the block lasts."""
    task = asyncio.create_task(driver.drive())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
