"""The real HTTP application on a real server, over fakes of what lies behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
from fastapi import FastAPI

from roundtable_gateway.access.identity import AccessRules
from roundtable_gateway.documents.answer import ExtractedDocument
from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.run import (
    Account,
    Engine,
)
from roundtable_gateway.domain.runner import AccountProof, Login, RunnerState
from roundtable_gateway.http.app import build_http
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.feeds import Feeds
from roundtable_gateway.http.idempotency import KeysInFlight
from roundtable_gateway.http.server import HttpServer
from roundtable_gateway.http.tls import ServedCertificate
from roundtable_gateway.packs.catalogue import Catalogue, load_catalogue
from roundtable_gateway.settings import GatewaySettings
from roundtable_kit.errors import (
    ServiceError,
    Unavailable,
)
from services.gateway.tests.support.fake_store import Away, FakeDocuments, FakeRuns
from services.gateway.tests.support.no_library import shipped_library
from services.gateway.tests.support.no_tokens import NoTokens
from services.gateway.tests.support.samples import NOW

PERSONAS = Path(__file__).parents[4] / "personas"
WRITE = {"X-Requested-With": "roundtable"}
RUNNER = RunnerState(
    account=Account.NONE,
    since=NOW,
    is_working=None,
    cli_version="2.1.0",
    slots=9,
    busy=0,
    warm=0,
)


@cache
def catalogue() -> Catalogue:
    """Return the real packs, loaded once."""
    return load_catalogue(PERSONAS)


def _built(settings: GatewaySettings) -> FastAPI:
    # The context is set for every server that is started.
    return build_http(None, settings)  # type: ignore[arg-type]  # see above


@cache
def default_app() -> FastAPI:
    """Return an application of the default settings without a page, built once."""
    return _built(GatewaySettings(page_dir=Path("no-such-folder")))


class FakeReader:
    """Reads UTF-8 text as one paragraph, or refuses as it is told."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.names: list[str] = []

    async def read(self, path: Path, filename: str) -> ExtractedDocument:
        """Read a document."""
        self.names.append(filename)
        if self.error is not None:
            raise self.error
        text = path.read_text(encoding="utf-8", errors="replace")  # noqa: ASYNC240 - a small file of a test
        return ExtractedDocument(
            media_type=MediaType.MARKDOWN,
            text=DocumentText(text, (Paragraph("P1", 0, len(text)),)),
            page_count=None,
            word_count=len(text.split()),
            warnings=(),
        )


class FakeEngines(Away):
    """Has no account unless it is told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.engine, self.runner = Engine.REHEARSAL, RUNNER
        self.questions = 0

    async def look(self) -> tuple[Engine, RunnerState]:
        """Return the engine and the runner."""
        self.questions += 1
        self._enter()
        return self.engine, self.runner

    async def for_new_run(self) -> Engine:
        """Return the engine."""
        return (await self.look())[0]


class FakeAccounts(Away):
    """An account that answers as it is told; notes what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, ...]] = []
        self.proof = AccountProof(None, None, timedelta(0), None, None)

    async def start_login(self) -> Login:
        """Begin a login."""
        self._enter()
        self.done.append(("start_login",))
        return Login("login_1", "https://login.example.org/?state=1")

    async def finish_login(self, login_id: str, code: str) -> None:
        """Take a code."""
        self._enter()
        # What the wire can't carry must not come so far.
        self.done.append(("finish_login", login_id, code.encode().decode()))

    async def log_out(self) -> None:
        """Forget the login."""
        self._enter()
        self.done.append(("log_out",))

    async def test(self, model: str | None) -> AccountProof:
        """Return the proof."""
        self._enter()
        self.done.append(("test", (model or "").encode().decode()))
        return self.proof


@dataclass(slots=True)
class FakeTurnQueue:
    """As long as it is told."""

    waiting: int = 0


@dataclass(slots=True)
class FakePeers:
    """Serving or not, as told."""

    store: bool = True
    runner: bool = True

    async def is_store_serving(self) -> bool:
        """Return what was told of the store."""
        return self.store

    async def is_runner_serving(self) -> bool:
        """Return what was told of the runner."""
        return self.runner


@dataclass(slots=True)
class FakeNotices:
    """Remembers what it was told."""

    new: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def notice_new_run(self, run_id: str) -> None:
        """Remember a new run."""
        self.new.append(run_id)

    def notice_cancel(self, run_id: str) -> None:
        """Remember a cancel."""
        self.cancelled.append(run_id)


@dataclass(slots=True)
class Gateway:
    """A served application and what lies behind it."""

    port: int
    http: httpx.AsyncClient
    documents: FakeDocuments
    runs: FakeRuns
    engines: FakeEngines
    accounts: FakeAccounts
    turn_queue: FakeTurnQueue
    peers: FakePeers
    reader: FakeReader
    notices: FakeNotices
    closing: asyncio.Event
    server: HttpServer
    feeds: Feeds
    spool_dir: Path


def store_away() -> ServiceError:
    """Return the error of a store that can't be reached."""
    return Unavailable("UNREACHABLE", "The service can't be reached.")


@asynccontextmanager
async def serve(
    folder: Path,
    *,
    limits: Limits | None = None,
    settings: GatewaySettings | None = None,
    certificate: ServedCertificate | None = None,
) -> AsyncIterator[Gateway]:
    """Serve the application over fakes on a free port."""
    runs, closing = FakeRuns(), asyncio.Event()
    spool_dir = folder / "spool"
    spool_dir.mkdir()
    feeds = Feeds(runs)
    documents, engines, peers = FakeDocuments(), FakeEngines(), FakePeers()
    accounts, turn_queue = FakeAccounts(), FakeTurnQueue()
    reader, notices = FakeReader(), FakeNotices()
    context = Context(
        library=shipped_library(catalogue()),
        documents=documents,
        runs=runs,
        tokens=NoTokens(),
        access=AccessRules(),
        engines=engines,
        accounts=accounts,
        turn_queue=turn_queue,
        peers=peers,
        reader=reader,
        notices=notices,
        feeds=feeds,
        keys_in_flight=KeysInFlight(),
        limits=limits or Limits(),
        spool_dir=spool_dir,
        closing=closing,
    )
    app = _built(settings) if settings else default_app()
    app.state.context = context
    server = HttpServer(app, grace=timedelta(seconds=1), certificate=certificate)
    port = await server.start("127.0.0.1", 0)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", trust_env=False
    ) as client:
        try:
            yield Gateway(
                port=port,
                http=client,
                documents=documents,
                runs=runs,
                engines=engines,
                accounts=accounts,
                turn_queue=turn_queue,
                peers=peers,
                reader=reader,
                notices=notices,
                closing=closing,
                server=server,
                feeds=feeds,
                spool_dir=spool_dir,
            )
        finally:
            closing.set()
            await server.stop()
