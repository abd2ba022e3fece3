"""The places of the turns that go on at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal


class TurnSlots(asyncio.Semaphore):
    """A semaphore that knows how many turns wait for their start, here or elsewhere."""

    def __init__(self, slots: int) -> None:
        super().__init__(slots)
        self.waiting = 0

    async def acquire(self) -> Literal[True]:
        """Take a place, waiting for one if none is free."""
        with self.one_more_waiting():
            return await super().acquire()

    @contextmanager
    def one_more_waiting(self) -> Iterator[None]:
        """Count a turn that waits, also one that waits for its account."""
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1
