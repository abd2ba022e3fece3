"""People's documents in the store."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from datetime import timedelta
from uuid import uuid4

import grpc

from roundtable.store.v1 import (
    caller_pb2,
    document_pb2,
    document_service_pb2,
    document_service_pb2_grpc,
)
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.document_converters import (
    document_from_proto,
    document_to_proto,
    paragraph_to_proto,
)
from roundtable_gateway.clients.document_reader import DocumentReader
from roundtable_gateway.domain.document import Document, DocumentText
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page

PART_BYTES = 256 * 1024
# What a field of a message takes besides its content: tag and length.
_FRAMING_BYTES = 8
_DEADLINE = timedelta(seconds=30)


def user(email: str) -> caller_pb2.Caller:
    """Return the caller that a person is to the store."""
    return caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER, email=email)


class StoreDocuments:
    """Keeps and reads documents on behalf of their owner, named by e-mail."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = document_service_pb2_grpc.DocumentServiceStub(channel)
        self._reader = DocumentReader(channel)

    async def create(
        self,
        document: Document,
        text: DocumentText,
        content: AsyncIterator[bytes],
        *,
        owner: str,
        key: RequestKey,
    ) -> Document:
        """Store a document; the store sets its id, revision and creation time."""
        header = document_service_pb2.CreateDocumentHeader(
            caller=user(owner),
            request_id=key.request_id,
            request_sha256=key.request_sha256,
            document=document_to_proto(document),
        )
        with errors_unwrapped():
            response = await self._stub.CreateDocument(
                _create_requests(header, text, content),
                timeout=_DEADLINE.total_seconds(),
            )
        return document_from_proto(response.document)

    async def get(self, document_id: str, *, owner: str) -> Document:
        """Return a document without its text."""
        request = document_service_pb2.GetDocumentRequest(
            caller=user(owner), document_id=document_id
        )
        with errors_unwrapped():
            response = await self._stub.GetDocument(request)
        return document_from_proto(response.document)

    async def list(
        self, *, owner: str, page_size: int, page_token: str
    ) -> Page[Document]:
        """Return a page of the owner's documents, newest first."""
        request = document_service_pb2.ListDocumentsRequest(
            caller=user(owner), page_size=page_size, page_token=page_token
        )
        with errors_unwrapped():
            response = await self._stub.ListDocuments(request)
        return Page(
            tuple(map(document_from_proto, response.documents)),
            response.next_page_token or None,
        )

    async def read_text(self, document_id: str, *, owner: str) -> DocumentText:
        """Return a document's text and paragraphs."""
        return await self._reader.read_text(document_id, caller=user(owner))

    def read_content(self, document_id: str, *, owner: str) -> AsyncGenerator[bytes]:
        """Yield a document's original bytes."""
        return self._reader.read_content(document_id, caller=user(owner))

    async def delete(self, document_id: str, *, owner: str) -> None:
        """Delete a document, its revisions and their runs."""
        request = document_service_pb2.DeleteDocumentRequest(
            caller=user(owner), request_id=uuid4().hex, document_id=document_id
        )
        with errors_unwrapped():
            await self._stub.DeleteDocument(request)


async def _create_requests(
    header: document_service_pb2.CreateDocumentHeader,
    text: DocumentText,
    content: AsyncIterator[bytes],
) -> AsyncIterator[document_service_pb2.CreateDocumentRequest]:
    make = document_service_pb2.CreateDocumentRequest
    yield make(header=header)
    async for chunk in content:
        for start in range(0, len(chunk), PART_BYTES):
            yield make(content=chunk[start : start + PART_BYTES])
    encoded = text.text.encode()
    for start in range(0, len(encoded), PART_BYTES):
        yield make(text=encoded[start : start + PART_BYTES])
    for batch in _batches(map(paragraph_to_proto, text.paragraphs)):
        yield make(paragraphs=document_service_pb2.ParagraphBatch(paragraphs=batch))


def _batches(
    paragraphs: Iterable[document_pb2.Paragraph],
) -> Iterator[list[document_pb2.Paragraph]]:
    """Yield paragraphs in batches that are one part each, headings and all."""
    batch: list[document_pb2.Paragraph] = []
    left = PART_BYTES
    for paragraph in paragraphs:
        size = paragraph.ByteSize() + _FRAMING_BYTES
        if size > left:
            yield batch
            batch, left = [], PART_BYTES
        batch.append(paragraph)
        left -= size
    if batch:
        yield batch
