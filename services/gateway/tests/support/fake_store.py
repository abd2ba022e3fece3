"""What the store keeps of documents and runs, in memory."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from roundtable_gateway.clients.run_converters import run_to_proto
from roundtable_gateway.domain.document import Document, DocumentText
from roundtable_gateway.domain.event import (
    DispositionSet,
    Event,
    Fact,
    RunCreated,
    RunReopened,
    TurnRef,
)
from roundtable_gateway.domain.event_page import EventPage
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.run import (
    RunDetail,
    RunState,
    RunSummary,
    Turn,
    TurnKind,
    TurnState,
)
from roundtable_kit.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from services.gateway.tests.support.samples import NOW

_T = TypeVar("_T")

EVENTS_A_PAGE = 3
_RETRIABLE = {RunState.INCOMPLETE, RunState.FAILED, RunState.CANCELLED}


class Away:
    """Something that can be told to fail."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def _enter(self) -> None:
        if self.error is not None:
            raise self.error


class FakeDocuments(Away):
    """Keeps documents in memory, as the store promises to."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, tuple[str, Document, DocumentText, bytes]] = {}
        self._keys: dict[tuple[str, str], tuple[str, str]] = {}

    async def create(
        self,
        document: Document,
        text: DocumentText,
        content: AsyncIterator[bytes],
        *,
        owner: str,
        key: RequestKey,
    ) -> Document:
        """Store a document."""
        self._enter()
        body = b"".join([chunk async for chunk in content])
        known = self._keys.get((owner, key.request_id))
        if known is not None:
            if known[1] != key.request_sha256:
                raise AlreadyExists("IDEMPOTENCY_KEY_REUSED", "Used for another.")
            return self.rows[known[0]][1]
        document_id = f"doc_{len(self.rows) + 1}"
        stored = replace(document, id=document_id)
        self.rows[document_id] = (owner, stored, text, body)
        self._keys[owner, key.request_id] = (document_id, key.request_sha256)
        return stored

    def _row(
        self, document_id: str, owner: str
    ) -> tuple[str, Document, DocumentText, bytes]:
        self._enter()
        row = self.rows.get(document_id)
        if row is None or row[0] != owner:
            raise NotFound("DOCUMENT_NOT_FOUND", "There is no such document.")
        return row

    async def get(self, document_id: str, *, owner: str) -> Document:
        """Return a document."""
        return self._row(document_id, owner)[1]

    async def list(
        self, *, owner: str, page_size: int, page_token: str
    ) -> Page[Document]:
        """Return a page of documents."""
        self._enter()
        mine = [row[1] for row in self.rows.values() if row[0] == owner]
        return page_of(mine[::-1], page_size=page_size, page_token=page_token)

    async def read_text(self, document_id: str, *, owner: str) -> DocumentText:
        """Return a document's text."""
        return self._row(document_id, owner)[2]

    async def read_content(
        self, document_id: str, *, owner: str
    ) -> AsyncGenerator[bytes]:
        """Yield a document's bytes."""
        yield self._row(document_id, owner)[3]

    async def delete(self, document_id: str, *, owner: str) -> None:
        """Delete a document."""
        self._row(document_id, owner)
        del self.rows[document_id]


def page_of(items: list[_T], *, page_size: int, page_token: str) -> Page[_T]:
    """Return a page as the store does, its tokens opaque and checked."""
    if page_token and not page_token.isdigit():
        raise InvalidArgument("BAD_PAGE_TOKEN", "Not one of this list's.")
    start = int(page_token or 0)
    end = start + page_size
    return Page(tuple(items[start:end]), str(end) if end < len(items) else None)


@dataclass(slots=True)
class _Log:
    """A run with its log."""

    owner: str
    detail: RunDetail
    events: list[Event] = field(default_factory=list)
    is_at_rest: bool = False
    is_deleted: bool = False
    watches: int = 0
    opened: int = 0
    watched_from: list[int] = field(default_factory=list)


def _answer_turn(run_id: str, seat: str, question: str) -> Turn:
    return Turn(
        id=f"{run_id}-8-1-{seat}",
        kind=TurnKind.ANSWER,
        panelist_id=seat,
        round=1,
        attempt=0,
        state=TurnState.QUEUED,
        question=question,
    )


class FakeRuns(Away):
    """Keeps runs and their logs in memory, as the store promises to."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict[str, _Log] = {}
        self.cancelled: list[str] = []
        self.create_gate: asyncio.Event | None = None
        self.creating = asyncio.Event()
        self.watch_error: Exception | None = None
        self.listed = 0
        self._keys: dict[tuple[str, str], tuple[str, str]] = {}
        self._changed = asyncio.Event()

    def add(self, run: RunSummary, *, owner: str = "owner@localhost") -> None:
        """Have a run, with event 1."""
        self.logs[run.id] = _Log(owner, RunDetail(run, (), (), None))
        self.append(run.id, RunCreated(run))

    def append(self, run_id: str, *facts: Fact, turn: TurnRef | None = None) -> None:
        """Append facts to a log."""
        log = self.logs[run_id]
        for fact in facts:
            number = len(log.events) + 1
            log.events.append(
                Event(number, NOW + timedelta(seconds=number), run_id, turn, fact)
            )
        self._wake()

    def rest(self, run_id: str) -> None:
        """Let a run be at rest."""
        self.logs[run_id].is_at_rest = True
        self._wake()

    def remove(self, run_id: str) -> None:
        """Delete a run under its viewers."""
        self.logs.pop(run_id).is_deleted = True
        self._wake()

    def fail(self, error: Exception | None) -> None:
        """Let every call fail, and cut the watches; None is back to normal."""
        self.error = error
        self._wake()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true; looked at whenever anything happens here."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()

    def _log(self, run_id: str, owner: str) -> _Log:
        self._enter()
        log = self.logs.get(run_id)
        if log is None or log.owner != owner:
            raise NotFound("RUN_NOT_FOUND", "There is no such run.")
        return log

    async def create(
        self, run: RunSummary, *, owner: str, key: RequestKey
    ) -> RunSummary:
        """Create a run."""
        self._enter()
        self.creating.set()
        run_to_proto(run)  # what the wire can't carry must not come so far
        if self.create_gate is not None:
            await self.create_gate.wait()
        known = self._keys.get((owner, key.request_id))
        if known is not None:
            if known[1] != key.request_sha256:
                raise AlreadyExists("IDEMPOTENCY_KEY_REUSED", "Used for another.")
            return self.logs[known[0]].detail.run
        stored = replace(run, id=f"run_{len(self.logs) + 1}")
        self.add(stored, owner=owner)
        self._keys[owner, key.request_id] = (stored.id, key.request_sha256)
        return stored

    async def get(self, run_id: str, *, owner: str) -> RunDetail:
        """Return a run."""
        return self._log(run_id, owner).detail

    async def list(
        self,
        *,
        owner: str,
        page_size: int,
        page_token: str,
        query: str = "",
        state: RunState | None = None,
        document_id: str = "",
    ) -> Page[RunSummary]:
        """Return a page of runs."""
        self._enter()
        mine = [
            log.detail.run
            for log in self.logs.values()
            if log.owner == owner
            and query.casefold() in log.detail.run.document.title.casefold()
            and state in (None, log.detail.run.state)
            and document_id in ("", log.detail.run.document.id)
        ]
        return page_of(mine[::-1], page_size=page_size, page_token=page_token)

    async def delete(self, run_id: str, *, owner: str) -> None:
        """Delete a run that is at rest."""
        if not self._log(run_id, owner).is_at_rest:
            raise FailedPrecondition("RUN_NOT_AT_REST", "It goes on.")
        self.remove(run_id)

    async def cancel(self, run_id: str, *, owner: str) -> None:
        """Note that a run is to be cancelled."""
        if self._log(run_id, owner).is_at_rest:
            raise FailedPrecondition("RUN_ENDED", "The run has ended.")
        self.cancelled.append(run_id)

    async def retry(self, run_id: str, *, owner: str) -> RunSummary:
        """Open a run again that ended without success."""
        log = self._log(run_id, owner)
        run = log.detail.run
        if not log.is_at_rest or run.state not in _RETRIABLE:
            raise FailedPrecondition("RUN_NOT_RETRIABLE", "There is nothing to retry.")
        opened = replace(run, state=RunState.RUNNING, reopen_time=NOW)
        log.detail = replace(log.detail, run=opened)
        log.is_at_rest = False
        self.append(run_id, RunReopened())
        return opened

    async def set_disposition(
        self,
        run_id: str,
        finding_id: str,
        *,
        owner: str,
        disposition: Disposition,
        reason: str | None,
    ) -> Finding:
        """Set the author's answer to a finding."""
        log = self._log(run_id, owner)
        by_id = {finding.id: finding for finding in log.detail.findings}
        if finding_id not in by_id:
            raise NotFound("FINDING_NOT_FOUND", "There is no such finding.")
        answered = replace(
            by_id[finding_id], disposition=disposition, disposition_reason=reason
        )
        by_id[finding_id] = answered
        log.detail = replace(log.detail, findings=tuple(by_id.values()))
        self.append(run_id, DispositionSet(finding_id, disposition, reason, owner))
        return answered

    async def ask(
        self,
        run_id: str,
        *,
        owner: str,
        panelist_ids: Sequence[str],
        text: str,
        key: RequestKey,
    ) -> tuple[Turn, ...]:
        """Queue a question, once a key."""
        log = self._log(run_id, owner)
        known = self._keys.get((owner, key.request_id))
        if known is not None:
            if known[1] != key.request_sha256:
                raise AlreadyExists("IDEMPOTENCY_KEY_REUSED", "Used for another.")
            return tuple(turn for turn in log.detail.turns if turn.question == text)
        if not log.is_at_rest:
            raise FailedPrecondition("RUN_NOT_AT_REST", "It goes on.")
        turns = tuple(_answer_turn(run_id, seat, text) for seat in panelist_ids)
        log.detail = replace(log.detail, turns=(*log.detail.turns, *turns))
        log.is_at_rest = False
        self._keys[owner, key.request_id] = (run_id, key.request_sha256)
        return turns

    async def list_events(self, run_id: str, *, owner: str, after: int) -> EventPage:
        """Return a page of a log, a small one."""
        await asyncio.sleep(0)
        self.listed += 1
        self._wake()
        log = self._log(run_id, owner)
        if after > len(log.events):
            raise InvalidArgument("SEQUENCE_ABOVE_LAST", "Not that far.")
        events = tuple(log.events[after : after + EVENTS_A_PAGE])
        return EventPage(events, len(log.events), log.is_at_rest)

    async def watch_events(
        self, run_id: str, *, owner: str, after: int
    ) -> AsyncGenerator[tuple[Event, ...]]:
        """Yield a log as it grows, until the run is at rest."""
        log = self._log(run_id, owner)
        if self.watch_error is not None:
            raise self.watch_error
        log.watches += 1
        log.opened += 1
        log.watched_from.append(after)
        self._wake()
        try:
            while True:
                if log.is_deleted:
                    raise NotFound("RUN_NOT_FOUND", "There is no such run.")
                self._enter()
                new = tuple(log.events[after:])
                if new:
                    yield new
                    after = new[-1].sequence
                    continue
                if log.is_at_rest:
                    return
                self._changed.clear()
                await self._changed.wait()
        finally:
            log.watches -= 1
            self._wake()
