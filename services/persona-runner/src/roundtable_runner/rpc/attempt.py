"""One attempt: its parts as they come, and who watches them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from roundtable_runner.turn.parts import (
    EndPart,
    TurnFailure,
    TurnPart,
    TurnResult,
    TurnUsage,
)
from roundtable_runner.turn.task import TurnAttempt
from roundtable_runner.turn.timers import Timer, Timers


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells an attempt how long it may go unwatched, and whom to tell then."""

    limit: timedelta
    timers: Timers
    on_unwatched: Callable[["Attempt"], None] = field(repr=False)


class Attempt:
    """The parts of one attempt, kept for all who ask; it ends with an EndPart.

    Attributes:
        spec: What was asked for.
        task: Runs the turn; set right after the attempt is made.
        cancellation: Why it was cancelled, once it was.
    """

    def __init__(self, spec: TurnAttempt, watch: Watch) -> None:
        self.spec = spec
        self.task: asyncio.Task[TurnResult | TurnFailure] | None = None
        self.cancellation: TurnFailure | None = None
        self._watch = watch
        self._watchers = 0
        self._alarm: Timer | None = None
        self._parts: list[TurnPart] = []
        self._grown = asyncio.Event()
        self._over = asyncio.Event()
        self._await_watcher()

    @property
    def is_over(self) -> bool:
        """Whether it has ended and its process is gone."""
        return self._over.is_set()

    @property
    def part_count(self) -> int:
        """Number of parts so far."""
        return len(self._parts)

    def emit(self, part: TurnPart) -> None:
        """Add the next part."""
        self._parts.append(part)
        # Every watcher waits on the event it found; the next ones find a new one.
        self._grown.set()
        self._grown = asyncio.Event()

    def end(self, outcome: TurnResult | TurnFailure, usage: TurnUsage) -> None:
        """Add the last part."""
        self._over.set()
        self._silence()
        self.emit(EndPart(outcome, usage))

    def cancel(self, failure: TurnFailure) -> None:
        """Begin to end it; changes nothing once that has begun."""
        if self.is_over or self.cancellation is not None or self.task is None:
            return
        self.cancellation = failure
        self.task.cancel()

    async def wait_until_over(self) -> None:
        """Return once it has ended."""
        await self._over.wait()

    def enter(self) -> Callable[[], None]:
        """Count one watcher more; what is returned takes it off again, once."""
        self._watchers += 1
        self._silence()
        is_inside = True

        def leave() -> None:
            nonlocal is_inside
            if is_inside:
                is_inside = False
                self._watchers -= 1
                self._await_watcher()

        return leave

    async def follow(self, from_index: int) -> AsyncIterator[Sequence[TurnPart]]:
        """Yield the parts from an index on as they come, to the end."""
        index = from_index
        while True:
            grown, parts = self._grown, self._parts[index:]
            if parts:
                yield parts
                index += len(parts)
            elif self.is_over:
                return
            else:
                await grown.wait()

    def _await_watcher(self) -> None:
        if self._watchers or self.is_over:
            return
        when = self._watch.timers.time() + self._watch.limit.total_seconds()
        self._alarm = self._watch.timers.call_at(when, self._unwatched)

    def _unwatched(self) -> None:
        self._watch.on_unwatched(self)

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
