"""Serves documents."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
from typing_extensions import override

from roundtable.store.v1 import document_service_pb2 as pb2
from roundtable.store.v1.document_service_pb2_grpc import DocumentServiceServicer
from roundtable_kit.errors import ServiceError
from roundtable_store.records.callers import Caller
from roundtable_store.records.documents import NewDocument, PartKind
from roundtable_store.records.ports import Documents
from roundtable_store.records.requests import CreateKey
from roundtable_store.rpc.callers import to_caller
from roundtable_store.rpc.document_messages import to_document, to_document_body
from roundtable_store.rpc.paging import to_page_request, to_page_token
from roundtable_store.rpc.upload import Upload
from roundtable_store.rpc.violations import Violations

_Context = grpc.aio.ServicerContext[Any, Any]


class DocumentServicer(DocumentServiceServicer):
    """Answers people, and the gateway where it acts for all."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    @override
    async def CreateDocument(
        self,
        request_iterator: AsyncIterator[pb2.CreateDocumentRequest],
        context: _Context,
    ) -> pb2.CreateDocumentResponse:
        upload = await _take_upload(request_iterator)
        header = upload.header
        document = header.document
        revision_of = document.revision_of if document.HasField("revision_of") else None
        record = await self._documents.create(
            NewDocument(
                owner=header.caller.email,
                revision_of=revision_of,
                body=to_document_body(document),
                parts=upload.finish(),
            ),
            key=CreateKey(
                owner=header.caller.email,
                method="CreateDocument",
                request_id=header.request_id,
                fingerprint=header.request_sha256,
            ),
        )
        return pb2.CreateDocumentResponse(document=to_document(record))

    @override
    async def GetDocument(
        self, request: pb2.GetDocumentRequest, context: _Context
    ) -> pb2.GetDocumentResponse:
        caller = to_caller(request.caller)
        _require_id(request.document_id)
        record = await self._documents.get(caller, request.document_id)
        return pb2.GetDocumentResponse(document=to_document(record))

    @override
    async def ListDocuments(
        self, request: pb2.ListDocumentsRequest, context: _Context
    ) -> pb2.ListDocumentsResponse:
        page = await self._documents.list_page(
            to_caller(request.caller),
            to_page_request(request.page_size, request.page_token),
        )
        return pb2.ListDocumentsResponse(
            documents=[to_document(record) for record in page.items],
            next_page_token=to_page_token(page.next_cursor),
        )

    @override
    async def ReadDocumentText(
        self, request: pb2.ReadDocumentTextRequest, context: _Context
    ) -> AsyncIterator[pb2.ReadDocumentTextResponse]:
        caller = to_caller(request.caller)
        _require_id(request.document_id)
        async for piece in self._read(caller, request.document_id, PartKind.TEXT):
            yield pb2.ReadDocumentTextResponse(text=piece)
        async for body in self._read(caller, request.document_id, PartKind.PARAGRAPHS):
            batch = pb2.ParagraphBatch.FromString(body)
            yield pb2.ReadDocumentTextResponse(paragraphs=batch)

    @override
    async def ReadDocumentContent(
        self, request: pb2.ReadDocumentContentRequest, context: _Context
    ) -> AsyncIterator[pb2.ReadDocumentContentResponse]:
        caller = to_caller(request.caller)
        _require_id(request.document_id)
        async for piece in self._read(caller, request.document_id, PartKind.CONTENT):
            yield pb2.ReadDocumentContentResponse(content=piece)

    @override
    async def DeleteDocument(
        self, request: pb2.DeleteDocumentRequest, context: _Context
    ) -> pb2.DeleteDocumentResponse:
        caller = to_caller(request.caller)
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("document_id", request.document_id)
        violations.check()
        await self._documents.delete(caller, request.document_id)
        return pb2.DeleteDocumentResponse()

    async def _read(
        self, caller: Caller, document_id: str, kind: PartKind
    ) -> AsyncIterator[bytes]:
        position = 0
        while True:
            body = await self._documents.read_part(
                caller, document_id, kind=kind, position=position
            )
            if body is None:
                return
            yield body
            position += 1


async def _take_upload(messages: AsyncIterator[pb2.CreateDocumentRequest]) -> Upload:
    """Return the whole stream's upload.

    A refused stream is read to its end all the same and dropped: a client that is
    answered while it writes may see its own broken write instead of the answer (in
    grpc.aio 1.85, 18 of 600 such calls). The call's deadline bounds it.
    """
    upload: Upload | None = None
    try:
        async for message in messages:
            if upload is None:
                upload = Upload(_check_header(message.header))
            else:
                upload.add(message)
    except ServiceError:
        async for _ in messages:
            pass
        raise
    return upload or Upload(_check_header(pb2.CreateDocumentHeader()))


def _check_header(header: pb2.CreateDocumentHeader) -> pb2.CreateDocumentHeader:
    to_caller(header.caller).require_user()
    violations = Violations()
    violations.require("header.request_id", header.request_id)
    violations.require("header.request_sha256", header.request_sha256)
    violations.require("header.document.title", header.document.title)
    violations.require("header.document.media_type", header.document.media_type)
    violations.require("header.document.sha256", header.document.sha256)
    violations.check()
    return header


def _require_id(document_id: str) -> None:
    violations = Violations()
    violations.require("document_id", document_id)
    violations.check()
