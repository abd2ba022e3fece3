"""The real store in the test's own process, and the gateway's clients of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import grpc

from roundtable_gateway.clients.store_documents import StoreDocuments
from roundtable_gateway.clients.store_installation import StoreInstallation
from roundtable_gateway.clients.store_ledger import StoreLedger
from roundtable_gateway.clients.store_runs import StoreRuns
from roundtable_gateway.clients.store_tokens import StoreTokens
from roundtable_gateway.domain.document import Document, DocumentText
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.run import RunSummary
from roundtable_kit.rpc_client import open_channel
from roundtable_store.app import App
from roundtable_store.settings import Settings
from services.gateway.tests.support.samples import (
    DOCUMENT,
    DOCUMENT_TEXT,
    TEXT,
    run_summary,
)

_LARGE_PIECE = 300_000
OWNER = "owner@localhost"


@dataclass(slots=True)
class Store:
    """A running store and all that the gateway calls it by."""

    app: App
    channel: grpc.aio.Channel
    documents: StoreDocuments
    runs: StoreRuns
    ledger: StoreLedger
    installation: StoreInstallation
    tokens: StoreTokens

    async def create_document(
        self, *, owner: str = OWNER, text: DocumentText = DOCUMENT_TEXT
    ) -> Document:
        """Store a document whose content is its text."""
        content = text.text.encode()
        return await self.documents.create(
            describe(text), text, chunks(content), owner=owner, key=new_key()
        )

    async def create_run(self, *, owner: str = OWNER, seats: str = "A") -> RunSummary:
        """Create a run on a new document."""
        document = await self.create_document(owner=owner)
        planned = planned_run(document, seats=seats)
        return await self.runs.create(planned, owner=owner, key=new_key())


def describe(text: DocumentText) -> Document:
    """Return the description of a document whose content is its text."""
    content = text.text.encode()
    fields = {name: getattr(DOCUMENT, name) for name in Document.__slots__}
    return Document(
        **{
            **fields,
            "id": "",
            "size_bytes": len(content),
            "sha256": sha256(content).hexdigest(),
            "paragraph_count": len(text.paragraphs),
        }
    )


def planned_run(document: Document, *, seats: str = "A") -> RunSummary:
    """Return a run as the routes plan it."""
    fields = {name: getattr(run_summary(), name) for name in RunSummary.__slots__}
    panelists = run_summary(seats=seats).panelists
    return RunSummary(
        **{**fields, "id": "", "document": document, "panelists": panelists}
    )


async def chunks(
    content: bytes = TEXT.encode(), size: int = 300_000
) -> AsyncIterator[bytes]:
    """Yield bytes in pieces that are larger than a message may be."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


def new_key() -> RequestKey:
    """Return a key that nobody has used."""
    return RequestKey(uuid4().hex, "0" * 64)


@asynccontextmanager
async def run_store(data_dir: Path) -> AsyncIterator[Store]:
    """Start a store on a free port, and stop it."""
    app = App(Settings(data_dir=data_dir, address="127.0.0.1:0"))
    await app.start()
    channel = open_channel(f"127.0.0.1:{app.port}")
    try:
        yield Store(
            app=app,
            channel=channel,
            documents=StoreDocuments(channel),
            runs=StoreRuns(channel),
            ledger=StoreLedger(channel),
            installation=StoreInstallation(channel),
            tokens=StoreTokens(channel),
        )
    finally:
        await channel.close()
        await app.stop()
