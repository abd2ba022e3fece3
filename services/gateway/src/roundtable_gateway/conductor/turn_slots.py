"""The places of the turns that go on at once."""

import asyncio
from typing import Literal


class TurnSlots(asyncio.Semaphore):
    """A semaphore that knows how many wait for it."""

    def __init__(self, slots: int) -> None:
        super().__init__(slots)
        self.waiting = 0

    async def acquire(self) -> Literal[True]:
        """Take a place, waiting for one if none is free."""
        self.waiting += 1
        try:
            return await super().acquire()
        finally:
            self.waiting -= 1
