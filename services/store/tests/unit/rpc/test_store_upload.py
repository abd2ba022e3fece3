"""Taking in the stream that creates a document."""

from collections.abc import AsyncIterator

import pytest

from roundtable.store.v1 import document_service_pb2 as pb2
from roundtable_kit.errors import InvalidArgument, ServiceError
from roundtable_store.records.documents import MAX_CONTENT_BYTES, PIECE_BYTES
from roundtable_store.rpc.documents import _take_upload
from roundtable_store.rpc.upload import Upload
from services.store.tests.store_harness import document_header


async def test_refused_stream_is_read_to_its_end() -> None:
    """No message is left unread when the refusal goes out.

    A client that is answered while it writes may report a broken write instead.
    """
    unread = [pb2.CreateDocumentRequest(content=b"more") for _ in range(5)]

    async def messages() -> AsyncIterator[pb2.CreateDocumentRequest]:
        yield pb2.CreateDocumentRequest(header=document_header())
        yield pb2.CreateDocumentRequest(content=bytes(PIECE_BYTES + 1))
        while unread:
            yield unread.pop()

    with pytest.raises(InvalidArgument) as caught:
        await _take_upload(messages())

    assert caught.value.reason == "MESSAGE_TOO_LARGE"
    assert unread == []


async def test_stream_without_a_header_is_refused() -> None:
    """An empty stream names what it lacks."""

    async def messages() -> AsyncIterator[pb2.CreateDocumentRequest]:
        nothing: list[pb2.CreateDocumentRequest] = []
        for message in nothing:
            yield message

    with pytest.raises(ServiceError) as caught:
        await _take_upload(messages())

    assert caught.value.violations[0].field == "caller.kind"


def test_second_header_is_refused() -> None:
    """The header comes first, and only first."""
    upload = Upload(document_header())

    with pytest.raises(InvalidArgument):
        upload.add(pb2.CreateDocumentRequest(header=document_header()))


def test_content_above_the_cap_is_refused() -> None:
    """What does not fit is refused by its first piece too many."""
    upload = Upload(document_header())
    piece = pb2.CreateDocumentRequest(content=bytes(PIECE_BYTES))
    for _ in range(MAX_CONTENT_BYTES // PIECE_BYTES):
        upload.add(piece)

    with pytest.raises(InvalidArgument) as caught:
        upload.add(pb2.CreateDocumentRequest(content=b"1"))

    assert caught.value.reason == "DOCUMENT_TOO_LARGE"
