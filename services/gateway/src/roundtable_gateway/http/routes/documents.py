"""Documents: upload, read, delete."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response, StreamingResponse

from roundtable_gateway.access.identity import Identity
from roundtable_gateway.documents.answer import ExtractedDocument
from roundtable_gateway.domain.document import Document
from roundtable_gateway.http.context import CallerDep, Context, ContextDep
from roundtable_gateway.http.paging import (
    DEFAULT_PAGE_SIZE,
    PageSize,
    PageToken,
    lowered,
)
from roundtable_gateway.http.schemas.document import (
    LONGEST_TITLE,
    DocumentList,
    NumberedText,
    PastedDocumentBody,
)
from roundtable_gateway.http.uploads import Upload, take_upload

router = APIRouter(tags=["documents"])

_CHUNK_BYTES = 256 * 1024
# Pasted text is read as Markdown, which plain text is too.
_PASTED_NAME = "pasted.md"

_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "title": {"type": "string", "maxLength": LONGEST_TITLE},
                    },
                }
            },
            "application/json": {"schema": PastedDocumentBody.model_json_schema()},
        },
    }
}


@router.post("/documents", status_code=201, openapi_extra=_UPLOAD_BODY)
async def create_document(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Document:
    """Read an uploaded or pasted document and keep it."""
    return await _keep(context, caller, request, idempotency_key, revised=None)


@router.post(
    "/documents/{document_id}/revisions", status_code=201, openapi_extra=_UPLOAD_BODY
)
async def create_revision(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    document_id: str,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Document:
    """Keep the next version of a document; it is a document of its own."""
    revised = await context.documents.get(document_id, owner=caller.email)
    return await _keep(context, caller, request, idempotency_key, revised=revised)


@router.get("/documents")
async def list_documents(
    context: ContextDep,
    caller: CallerDep,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> DocumentList:
    """List the caller's documents, newest first."""
    page = await context.documents.list(
        owner=caller.email, page_size=lowered(page_size), page_token=page_token
    )
    return DocumentList(page.items, page.next_page_token)


@router.get("/documents/{document_id}")
async def get_document(
    context: ContextDep, caller: CallerDep, document_id: str
) -> Document:
    """Return a document without its text."""
    return await context.documents.get(document_id, owner=caller.email)


@router.get("/documents/{document_id}/text")
async def get_document_text(
    context: ContextDep, caller: CallerDep, document_id: str
) -> NumberedText:
    """Return a document's text and its numbered paragraphs."""
    text = await context.documents.read_text(document_id, owner=caller.email)
    return NumberedText.of(text)


@router.get("/documents/{document_id}/content", response_class=Response)
async def get_document_content(
    context: ContextDep, caller: CallerDep, document_id: str
) -> StreamingResponse:
    """Return a document's original bytes, as an attachment whatever they are."""
    document = await context.documents.get(document_id, owner=caller.email)
    name = quote(document.filename or f"{document.title}.md", safe="")
    return StreamingResponse(
        context.documents.read_content(document_id, owner=caller.email),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(document.size_bytes),
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.delete("/documents/{document_id}", status_code=204)
async def delete_document(
    context: ContextDep, caller: CallerDep, document_id: str
) -> None:
    """Delete a document with its revisions and runs, unless one of them goes on."""
    await context.documents.delete(document_id, owner=caller.email)


async def _keep(
    context: Context,
    caller: Identity,
    request: Request,
    idempotency_key: str | None,
    *,
    revised: Document | None,
) -> Document:
    route = "documents" if revised is None else f"revisions:{revised.id}"
    async with take_upload(
        request, limits=context.limits, spool_dir=context.spool_dir
    ) as upload:
        with context.keys_in_flight.hold(
            idempotency_key,
            caller=caller.email,
            route=route,
            body_sha256=upload.request_sha256,
        ) as key:
            extracted = await context.reader.read(
                upload.path, upload.filename or _PASTED_NAME
            )
            return await context.documents.create(
                _describe(upload, extracted, revised),
                extracted.text,
                _chunks(upload.path),
                owner=caller.email,
                key=key,
            )


def _describe(
    upload: Upload, extracted: ExtractedDocument, revised: Document | None
) -> Document:
    """Return the document; the store sets id, revision and creation time."""
    known_as = revised.title if revised else Path(upload.filename).stem
    title = upload.title or known_as or "Untitled"
    return Document(
        id="",
        title=title[:LONGEST_TITLE],
        filename=upload.filename,
        media_type=extracted.media_type,
        size_bytes=upload.size_bytes,
        sha256=hashlib.sha256(extracted.text.text.encode()).hexdigest(),
        page_count=extracted.page_count,
        word_count=extracted.word_count,
        paragraph_count=len(extracted.text.paragraphs),
        warnings=extracted.warnings,
        revision=1,
        revision_of=revised.id if revised else None,
        create_time=datetime.now(UTC),
    )


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            yield chunk
