"""One watch a run, however many viewers: events are encoded once and fanned out.

A viewer subscribes first, then reads the log, then drops what it has sent already.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from roundtable_gateway.domain.event import Event
from roundtable_gateway.http.frames import Frame, encode
from roundtable_kit.errors import NotFound, ServiceError

_log = structlog.get_logger()

_ASK_AGAIN = timedelta(seconds=0.5)
# About a minute of a full panel's words; a viewer that lags more starts over by replay.
_MOST_WAITING = 4_096


class Logs(Protocol):
    """The logs of runs, as they grow."""

    def watch_events(
        self, run_id: str, *, owner: str, after: int
    ) -> AsyncGenerator[tuple[Event, ...]]:
        """Yield a log's events behind a sequence until the run is at rest."""
        ...


class Subscription:
    """What one viewer has waiting.

    Attributes:
        is_complete: Nothing will come behind what waits: the run is at rest.
        is_overrun: The viewer was too slow and must start over.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self.is_overrun = False
        self._frames: list[Frame] = []
        self._news = asyncio.Event()

    def put(self, frames: tuple[Frame, ...]) -> None:
        """Add frames, or give the viewer up when too many wait."""
        if len(self._frames) + len(frames) > _MOST_WAITING:
            self._frames.clear()
            self.is_overrun = True
        elif not self.is_overrun:
            self._frames.extend(frames)
        self._news.set()

    def complete(self) -> None:
        """Say that nothing more will come."""
        self.is_complete = True
        self._news.set()

    async def take(self) -> list[Frame]:
        """Wait for news and return what waits, which may be nothing."""
        await self._news.wait()
        self._news.clear()
        frames, self._frames = self._frames, []
        return frames


@dataclass(slots=True)
class _Feed:
    subscriptions: set[Subscription] = field(default_factory=set)
    task: asyncio.Task[None] | None = None


class Feeds:
    """The live ends of all logs that anybody watches here."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._feeds: dict[str, _Feed] = {}

    @asynccontextmanager
    async def subscribe(
        self, run_id: str, *, owner: str, after: int
    ) -> AsyncIterator[Subscription]:
        """Yield a subscription to all that is appended from now on.

        Args:
            run_id: The run.
            owner: Whose run it is; the caller has seen to it that they may watch.
            after: Last sequence known to be in the log.
        """
        feed = self._feeds.setdefault(run_id, _Feed())
        subscription = Subscription()
        feed.subscriptions.add(subscription)
        if feed.task is None:
            feed.task = asyncio.create_task(
                self._follow(run_id, feed, owner, after), name=f"feed-{run_id}"
            )
        try:
            yield subscription
        finally:
            feed.subscriptions.discard(subscription)
            if not feed.subscriptions:
                await self._end(run_id, feed)

    async def _end(self, run_id: str, feed: _Feed) -> None:
        if self._feeds.get(run_id) is feed:
            del self._feeds[run_id]
        if feed.task is not None:
            feed.task.cancel()
            await asyncio.gather(feed.task, return_exceptions=True)

    async def _follow(self, run_id: str, feed: _Feed, owner: str, after: int) -> None:
        """Fan a log out, and let its viewers go once there is nothing more to fan."""
        try:
            await self._fan_out(run_id, feed, owner, after)
        except Exception:  # noqa: BLE001 - the feed's supervisor: viewers must not wait for ever
            _log.exception("feed.crashed", run_id=run_id)
        # A viewer that comes from now on finds the run at rest, or begins a new feed.
        if self._feeds.get(run_id) is feed:
            del self._feeds[run_id]
        for subscription in feed.subscriptions:
            subscription.complete()

    async def _fan_out(self, run_id: str, feed: _Feed, owner: str, after: int) -> None:
        """Return when the run is at rest or gone; wait for a store that is away."""
        while True:
            try:
                stream = self._logs.watch_events(run_id, owner=owner, after=after)
                async with aclosing(stream) as batches:
                    async for events in batches:
                        after = events[-1].sequence
                        frames = tuple(map(encode, events))
                        for subscription in feed.subscriptions:
                            subscription.put(frames)
            except NotFound:
                return
            except ServiceError as error:
                _log.warning("feed.cut", run_id=run_id, reason=error.reason)
                await asyncio.sleep(_ASK_AGAIN.total_seconds())
            else:
                return
