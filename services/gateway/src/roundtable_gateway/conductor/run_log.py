"""One claim's way into a run's log: in order, in batches, through a store's absence."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from roundtable_gateway.conductor.ports import Claim, Ledger, Progress
from roundtable_gateway.conductor.record import RunRecord
from roundtable_gateway.domain.event import NewEvent
from roundtable_kit.errors import FailedPrecondition, InvalidArgument, Unavailable

_log = structlog.get_logger()

_FIRST_BACKOFF_SECONDS = 0.1
_LONGEST_BACKOFF_SECONDS = 2.0
_MOST_WAITING = 1_000


@dataclass(frozen=True, slots=True)
class _Entry:
    events: Sequence[NewEvent]
    done: asyncio.Future[None]


class RunLog:
    """Appends under one claim; whatever waits goes out in one call.

    While the store is away it keeps what is not acknowledged and asks again: the
    store writes each position once. Run `write` as a task for as long as it is used.

    Args:
        record: What the log says; it learns of each event that is durable.
    """

    def __init__(self, claim: Claim, ledger: Ledger, record: RunRecord) -> None:
        self._run_id = claim.detail.run.id
        self._token = claim.fencing_token
        self._next_index = claim.next_index
        self._ledger = ledger
        self._record = record
        self._progress: Progress | None = None
        self._waiting: asyncio.Queue[_Entry] = asyncio.Queue(_MOST_WAITING)
        self._closed_by: Exception | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can be written under this claim."""
        return self._closed_by is not None

    def note(self, progress: Progress) -> None:
        """Write down with the next events where the run is."""
        self._progress = progress

    async def append(self, *events: NewEvent) -> None:
        """Append events in one piece; on return they are durable.

        Raises Aborted when another conductor has the run, InvalidArgument or
        FailedPrecondition when the store refuses the events as such.
        """
        if self._closed_by is not None:
            raise self._closed_by
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._waiting.put(_Entry(events, done))
        await done

    async def write(self) -> None:
        """Send what waits, for ever; ends by cancellation or with the claim's end."""
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                await self._send(batch)
            except (InvalidArgument, FailedPrecondition) as error:
                # Refused whole: nothing of it is in the log, and other events may be.
                _settle(batch, error)
            except BaseException as error:
                self._close(batch, error)
                raise
            else:
                _settle(batch, None)

    async def _send(self, batch: list[_Entry]) -> None:
        events = [event for entry in batch for event in entry.events]
        progress, self._progress = self._progress, None
        backoff = _FIRST_BACKOFF_SECONDS
        while True:
            try:
                await self._ledger.append(
                    self._run_id,
                    fencing_token=self._token,
                    first_index=self._next_index,
                    events=events,
                    progress=progress,
                )
            except Unavailable:
                _log.warning("append.postponed", run_id=self._run_id)
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, _LONGEST_BACKOFF_SECONDS)
            else:
                self._next_index += len(events)
                for event in events:
                    self._record.note(event)
                return

    def _close(self, batch: list[_Entry], error: BaseException) -> None:
        self._closed_by = _as_exception(error)
        while not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        _settle(batch, self._closed_by)


def _settle(batch: list[_Entry], error: Exception | None) -> None:
    for entry in batch:
        if entry.done.done():
            # Its appender was cancelled meanwhile.
            continue
        if error is None:
            entry.done.set_result(None)
        else:
            entry.done.set_exception(error)
            # An appender that is cancelled before it looks never does.
            entry.done.exception()


def _as_exception(error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    return Unavailable("CONDUCTOR_STOPPED", "The conductor is stopping.")
