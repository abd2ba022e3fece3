"""What the RPC room needs of the database room."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Protocol

from roundtable_store.records.callers import Caller
from roundtable_store.records.documents import DocumentRecord, NewDocument, PartKind
from roundtable_store.records.events import EventPage, NewEvent
from roundtable_store.records.findings import FindingRecord, Rejection
from roundtable_store.records.leases import Append, Claim, ClaimRequest, Renewal
from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.questions import NewQuestion
from roundtable_store.records.requests import CreateKey
from roundtable_store.records.runs import (
    NewRun,
    RunDetail,
    RunFilter,
    RunRecord,
    TurnRecord,
    Usage,
)
from roundtable_store.records.tokens import (
    Bearer,
    CreatedSession,
    CreatedToken,
    NewToken,
    TokenKind,
    TokenRecord,
)


class Documents(Protocol):
    """Keeps documents; another's document is not found (DOCUMENT_NOT_FOUND)."""

    async def create(self, new: NewDocument, *, key: CreateKey) -> DocumentRecord:
        """Store a document, or return the one that the key stands for.

        Reasons: DOCUMENT_NOT_FOUND for the revised one, IDEMPOTENCY_KEY_REUSED.
        """
        ...

    async def get(self, caller: Caller, document_id: str) -> DocumentRecord:
        """Return a document."""
        ...

    async def list_page(
        self, caller: Caller, page: PageRequest
    ) -> Page[DocumentRecord]:
        """Return a page of the caller's documents."""
        ...

    async def read_part(
        self, caller: Caller, document_id: str, *, kind: PartKind, position: int
    ) -> bytes | None:
        """Return one part of a document; None behind the last."""
        ...

    async def delete(self, caller: Caller, document_id: str) -> None:
        """Delete a document, its revisions and their runs (RUN_NOT_AT_REST)."""
        ...


class Runs(Protocol):
    """Keeps runs and reads their logs; another's run is not found (RUN_NOT_FOUND)."""

    async def create(
        self, new: NewRun, *, key: CreateKey, render: Callable[[RunRecord], bytes]
    ) -> bytes:
        """Create a run with event 1, or return what the key stands for.

        Args:
            new: The run.
            key: The caller's idempotency key.
            render: Makes event 1's payload of the run as created; pure.

        Returns:
            The payload of event 1.

        Reasons: DOCUMENT_NOT_FOUND, IDEMPOTENCY_KEY_REUSED.
        """
        ...

    async def get(self, caller: Caller, run_id: str) -> RunDetail:
        """Return a run, whole."""
        ...

    async def list_page(
        self, caller: Caller, page: PageRequest, *, filters: RunFilter
    ) -> Page[RunRecord]:
        """Return a page of the caller's runs."""
        ...

    async def delete(self, caller: Caller, run_id: str) -> None:
        """Delete a run and its log (RUN_NOT_AT_REST)."""
        ...

    async def request_cancel(self, caller: Caller, run_id: str) -> RunRecord:
        """Note that the run shall be cancelled, or else what it still answers.

        RUN_ENDED where it is at rest.
        """
        ...

    async def reopen(
        self, caller: Caller, run_id: str, *, event: NewEvent, key: CreateKey
    ) -> RunRecord:
        """Open an ended run again with its event, once a key.

        Reasons: RUN_NOT_RETRIABLE, IDEMPOTENCY_KEY_REUSED.
        """
        ...

    async def set_disposition(
        self, caller: Caller, run_id: str, *, event: NewEvent
    ) -> FindingRecord:
        """Set what the event says of a finding; what stands already adds no event.

        Reasons: FINDING_NOT_FOUND.
        """
        ...

    async def ask(
        self, caller: Caller, question: NewQuestion
    ) -> tuple[TurnRecord, ...]:
        """Queue an answer turn a seat, once a key, and return the turns as they are.

        Reasons: RUN_NOT_AT_REST, IDEMPOTENCY_KEY_REUSED.
        """
        ...

    async def read_events(
        self, caller: Caller, run_id: str, *, after: int, limit: int
    ) -> EventPage:
        """Return a page of the run's log (SEQUENCE_ABOVE_LAST)."""
        ...


class Conducting(Protocol):
    """What conductors need; a claim that is over is refused (FENCED)."""

    async def claim(self, request: ClaimRequest) -> Claim | None:
        """Claim a run; None when there is nothing to drive."""
        ...

    async def renew(
        self, run_id: str, fencing_token: int, *, duration: timedelta
    ) -> Renewal:
        """Prolong a lease."""
        ...

    async def release(self, run_id: str, fencing_token: int) -> None:
        """Give a lease back; a repetition changes nothing."""
        ...

    async def append(self, append: Append) -> int:
        """Append to a log and move the records; return the log's last sequence.

        Reasons: APPEND_GAP, ILLEGAL_EVENT, RUN_ENDED.
        """
        ...

    async def list_rejections(self, run_id: str) -> tuple[Rejection, ...]:
        """Return what the run's owner rejected in other runs on the document.

        They are runs on any revision of it. The last word is first, also where it took
        a rejection back; at most 1,000 findings, and what fits a message.
        """
        ...

    async def day_usage(self, day: date) -> Usage:
        """Return what all runs have used on a day in UTC, deleted ones too."""
        ...


class Tokens(Protocol):
    """Keeps personal tokens and sessions; another's is not found (TOKEN_NOT_FOUND)."""

    async def create(self, new: NewToken) -> CreatedToken:
        """Make a personal token (TOO_MANY_TOKENS)."""
        ...

    async def list_page(self, caller: Caller, page: PageRequest) -> Page[TokenRecord]:
        """Return a page of the caller's personal tokens that have not expired."""
        ...

    async def delete(self, caller: Caller, token_id: str) -> None:
        """Delete a personal token and its sessions."""
        ...

    async def authenticate(self, secret: str, kind: TokenKind) -> Bearer:
        """Return whose a secret is (TOKEN_INVALID)."""
        ...

    async def create_session(self, secret: str, *, request_id: str) -> CreatedSession:
        """Make a session from a personal token's secret (TOKEN_INVALID)."""
        ...

    async def end_session(self, secret: str) -> None:
        """End a session; what is no session (any more) changes nothing."""
        ...


class Installation(Protocol):
    """What the store remembers of the installation."""

    async def record_account(self) -> None:
        """Note that there is an account; the first time counts."""
        ...

    async def account_time(self) -> datetime | None:
        """Return when an account was first recorded; None when none ever was."""
        ...
