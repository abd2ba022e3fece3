"""The event stream's response: raw ASGI, shared bytes, every wait bounded."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from roundtable_gateway.domain.event_page import EventPage
from roundtable_gateway.http.feeds import Feeds
from roundtable_gateway.http.frames import (
    CLOSING,
    HEARTBEAT,
    OPENING,
    Frame,
    encode,
)
from roundtable_kit.errors import NotFound, Unavailable

_log = structlog.get_logger()

# Under the shortest idle limit of common proxies (60 s), with room to spare.
_HEARTBEAT = timedelta(seconds=15)
# A client that takes nothing for so long is gone.
_SEND_DEADLINE = timedelta(seconds=30)
_ASK_AGAIN = timedelta(seconds=1)

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class Logs(Protocol):
    """The logs of runs, page by page."""

    async def list_events(self, run_id: str, *, owner: str, after: int) -> EventPage:
        """Return the next page of a run's log."""
        ...


@dataclass(frozen=True, slots=True)
class Viewing:
    """One viewer's place in one run's log."""

    run_id: str
    owner: str
    after: int


class EventStream(Response):
    """Replays a log behind a sequence, then tails it until the run is at rest.

    Args:
        first_page: The log's page behind the viewer's place, already read.
        closing: Set when the service stops; the stream then says so and ends cleanly.
    """

    def __init__(
        self,
        viewing: Viewing,
        first_page: EventPage,
        *,
        logs: Logs,
        feeds: Feeds,
        closing: asyncio.Event,
    ) -> None:
        super().__init__(media_type="text/event-stream")
        self._viewing = viewing
        self._first_page = first_page
        self._logs = logs
        self._feeds = feeds
        self._closing = closing
        self._sent = viewing.after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Serve until the log's end, the client's leaving or the service's stop."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})

        async def send_bytes(body: bytes) -> None:
            async with asyncio.timeout(_SEND_DEADLINE.total_seconds()):
                await send(
                    {"type": "http.response.body", "body": body, "more_body": True}
                )

        async def write() -> None:
            await send_bytes(OPENING)
            async with aclosing(self._chunks()) as chunks:
                async for chunk in chunks:
                    await send_bytes(chunk)

        stopping = self._closing.wait
        try:
            ended = await _first_of(write, lambda: _disconnected(receive), stopping)
            if ended is stopping:
                await send_bytes(CLOSING)
        except TimeoutError:
            # The server cuts a response that is left unended.
            _log.info("viewer.dropped", run_id=self._viewing.run_id)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunks(self) -> AsyncGenerator[bytes]:
        if not self._first_page.is_at_rest:
            async with aclosing(self._live()) as chunks:
                async for chunk in chunks:
                    yield chunk
        async with aclosing(self._replay()) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _live(self) -> AsyncGenerator[bytes]:
        """Yield the log and what is appended, until the run is at rest."""
        viewing = self._viewing
        async with self._feeds.subscribe(
            viewing.run_id, owner=viewing.owner, after=self._first_page.last_sequence
        ) as subscription:
            async with aclosing(self._replay()) as chunks:
                async for chunk in chunks:
                    yield chunk
            while not subscription.is_complete and not subscription.is_overrun:
                try:
                    async with asyncio.timeout(_HEARTBEAT.total_seconds()):
                        frames = await subscription.take()
                except TimeoutError:
                    yield HEARTBEAT
                    continue
                if chunk := self._new_bytes(frames):
                    yield chunk

    async def _replay(self) -> AsyncGenerator[bytes]:
        """Yield what the log holds behind what was sent."""
        while True:
            try:
                page = await self._logs.list_events(
                    self._viewing.run_id, owner=self._viewing.owner, after=self._sent
                )
            except Unavailable:
                yield HEARTBEAT
                await asyncio.sleep(_ASK_AGAIN.total_seconds())
                continue
            except NotFound:
                return
            if not page.events:
                return
            yield self._new_bytes([encode(event) for event in page.events])

    def _new_bytes(self, frames: list[Frame]) -> bytes:
        """Return the frames behind what was sent as one chunk, and count them sent."""
        new = [frame for frame in frames if frame.sequence > self._sent]
        if new:
            self._sent = new[-1].sequence
        return b"".join(frame.data for frame in new)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(
    *waits: Callable[[], Coroutine[Any, Any, object]],
) -> Callable[[], Coroutine[Any, Any, object]]:
    """Run several waits, return the one that ended first, cancel the others."""
    tasks = {asyncio.create_task(wait()): wait for wait in waits}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    first = next(iter(done))
    if not first.cancelled() and (error := first.exception()) is not None:
        raise error
    return tasks[first]
