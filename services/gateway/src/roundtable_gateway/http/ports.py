"""What routes ask of the rest of the gateway."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

from roundtable_gateway.documents.answer import ExtractedDocument
from roundtable_gateway.domain.document import Document, DocumentText
from roundtable_gateway.domain.event import Event
from roundtable_gateway.domain.event_page import EventPage
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.run import (
    Engine,
    RunDetail,
    RunState,
    RunSummary,
    Turn,
)
from roundtable_gateway.domain.runner import AccountProof, Login, RunnerState
from roundtable_gateway.domain.token import (
    IssuedSession,
    IssuedToken,
    SecretKind,
    Token,
)


class Documents(Protocol):
    """People's documents."""

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
        ...

    async def get(self, document_id: str, *, owner: str) -> Document:
        """Return a document without its text."""
        ...

    async def list(
        self, *, owner: str, page_size: int, page_token: str
    ) -> Page[Document]:
        """Return a page of documents, newest first."""
        ...

    async def read_text(self, document_id: str, *, owner: str) -> DocumentText:
        """Return a document's text and paragraphs."""
        ...

    def read_content(self, document_id: str, *, owner: str) -> AsyncGenerator[bytes]:
        """Yield a document's original bytes."""
        ...

    async def delete(self, document_id: str, *, owner: str) -> None:
        """Delete a document and its runs."""
        ...


class Runs(Protocol):
    """People's runs."""

    async def create(
        self, run: RunSummary, *, owner: str, key: RequestKey
    ) -> RunSummary:
        """Create a run."""
        ...

    async def get(self, run_id: str, *, owner: str) -> RunDetail:
        """Return a run, whole."""
        ...

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
        """Return a page of runs, newest first."""
        ...

    async def delete(self, run_id: str, *, owner: str) -> None:
        """Delete a run and its log."""
        ...

    async def cancel(self, run_id: str, *, owner: str) -> None:
        """Ask for a run to be cancelled."""
        ...

    async def retry(self, run_id: str, *, owner: str) -> RunSummary:
        """Open an ended run again, for what failed.

        Raises FailedPrecondition (RUN_NOT_RETRIABLE) where there is nothing to retry.
        """
        ...

    async def set_disposition(
        self,
        run_id: str,
        finding_id: str,
        *,
        owner: str,
        disposition: Disposition,
        reason: str | None,
    ) -> Finding:
        """Set the author's answer to a finding and return the finding."""
        ...

    async def ask(
        self,
        run_id: str,
        *,
        owner: str,
        panelist_ids: Sequence[str],
        text: str,
        key: RequestKey,
    ) -> tuple[Turn, ...]:
        """Queue a question to panelists and return the turns that will answer.

        Raises FailedPrecondition (RUN_NOT_AT_REST) while the run goes on.
        """
        ...

    async def list_events(self, run_id: str, *, owner: str, after: int) -> EventPage:
        """Return the next page of a run's log.

        Raises InvalidArgument (SEQUENCE_ABOVE_LAST) behind the log's end.
        """
        ...

    def watch_events(
        self, run_id: str, *, owner: str, after: int
    ) -> AsyncGenerator[tuple[Event, ...]]:
        """Yield a log's events as it grows."""
        ...


class Tokens(Protocol):
    """People's tokens and sessions."""

    async def create(self, *, owner: str, name: str, lifetime_days: int) -> IssuedToken:
        """Make a token."""
        ...

    async def list(self, *, owner: str, page_size: int, page_token: str) -> Page[Token]:
        """Return a page of tokens, newest first."""
        ...

    async def delete(self, token_id: str, *, owner: str) -> None:
        """Delete a token and its sessions."""
        ...

    async def find_owner(self, secret: str, kind: SecretKind) -> str:
        """Return whose a secret is; raises Unauthenticated for a bad one."""
        ...

    async def create_session(self, secret: str) -> IssuedSession:
        """Make a session from a token; raises Unauthenticated for a bad one."""
        ...

    async def end_session(self, secret: str) -> None:
        """End a session; one that is over stays so."""
        ...


class Reader(Protocol):
    """Reads uploaded files."""

    async def read(self, path: Path, filename: str) -> ExtractedDocument:
        """Read a document. Raises a DocumentError that says what to do."""
        ...


class Engines(Protocol):
    """What answers new runs."""

    async def look(self) -> tuple[Engine, RunnerState]:
        """Return what would answer a new run, and the runner that it goes to."""
        ...

    async def for_new_run(self) -> Engine:
        """Return the engine that a run created now gets unless it asks for another."""
        ...


class Accounts(Protocol):
    """The runner's account, as admins look after it."""

    async def start_login(self) -> Login:
        """Begin a login; one that was begun before is ended."""
        ...

    async def finish_login(self, login_id: str, code: str) -> None:
        """Hand over the code that the provider showed."""
        ...

    async def log_out(self) -> None:
        """End a login that is under way and forget the one that is there."""
        ...

    async def test(self, model: str | None) -> AccountProof:
        """Prove the account with one tiny turn."""
        ...


class TurnQueue(Protocol):
    """The turns of this gateway that wait for their start."""

    @property
    def waiting(self) -> int:
        """How many they are."""
        ...


class Peers(Protocol):
    """The services behind the gateway."""

    async def is_store_serving(self) -> bool:
        """Ask the store's health."""
        ...

    async def is_runner_serving(self) -> bool:
        """Ask the runner's health."""
        ...


class RunNotices(Protocol):
    """Who wants to hear at once of what people ask of runs."""

    def notice_new_run(self, run_id: str) -> None:
        """A run waits to be driven: it is new, was opened again or was asked."""
        ...

    def notice_cancel(self, run_id: str) -> None:
        """A run is to be cancelled."""
        ...
