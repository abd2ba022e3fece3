"""Reads documents' texts and contents from the store, part by part."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import grpc

from roundtable.store.v1 import (
    caller_pb2,
    document_service_pb2,
    document_service_pb2_grpc,
)
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.document_converters import paragraph_from_proto
from roundtable_gateway.domain.document import DocumentText, Paragraph

_DEADLINE = timedelta(seconds=30)


class DocumentReader:
    """Streams documents out of the store; the caller is whoever asks."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = document_service_pb2_grpc.DocumentServiceStub(channel)

    async def read_text(
        self, document_id: str, *, caller: caller_pb2.Caller
    ) -> DocumentText:
        """Read a document's text and paragraphs."""
        request = document_service_pb2.ReadDocumentTextRequest(
            caller=caller, document_id=document_id
        )
        text = bytearray()
        paragraphs: list[Paragraph] = []
        call = self._stub.ReadDocumentText(request, timeout=_DEADLINE.total_seconds())
        try:
            with errors_unwrapped():
                async for response in call:
                    text += response.text
                    paragraphs += map(
                        paragraph_from_proto, response.paragraphs.paragraphs
                    )
        finally:
            call.cancel()
        return DocumentText(text.decode(), tuple(paragraphs))

    async def read_content(
        self, document_id: str, *, caller: caller_pb2.Caller
    ) -> AsyncGenerator[bytes]:
        """Yield a document's original bytes."""
        request = document_service_pb2.ReadDocumentContentRequest(
            caller=caller, document_id=document_id
        )
        call = self._stub.ReadDocumentContent(
            request, timeout=_DEADLINE.total_seconds()
        )
        try:
            with errors_unwrapped():
                async for response in call:
                    yield response.content
        finally:
            call.cancel()
