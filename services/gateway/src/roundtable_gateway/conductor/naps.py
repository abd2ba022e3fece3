"""Waiting for a moment of the clock on the wall."""

import asyncio
from datetime import datetime, timedelta

from roundtable_kit.clock import Clock

# A machine that sleeps stops the loop's timers, not the clock on the wall.
LONGEST_NAP = timedelta(seconds=30)


async def sleep_until(moment: datetime, clock: Clock) -> None:
    """Return at a moment or soon behind it."""
    while (left := moment - clock.now()) > timedelta(0):  # noqa: ASYNC110 - a clock tells nobody
        await asyncio.sleep(min(left, LONGEST_NAP).total_seconds())
