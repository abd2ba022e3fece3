"""Takes an upload off the wire, under a hard cap from the first byte."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as StarletteRequest
from starlette.types import Message

from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.spool import UploadSpool
from roundtable_gateway.http.idempotency import sha256_of
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.schemas.document import LONGEST_TITLE, PastedDocumentBody
from roundtable_kit.errors import FieldViolation

# What a multipart body holds besides the file: boundaries, headers, the title.
_ENVELOPE_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A document's bytes on disk, and what came with them.

    Attributes:
        filename: As it was sent, without folders; empty for pasted text.
        title: As it was sent, None where there was none.
        request_sha256: Tells requests apart that ask for something else.
    """

    path: Path
    filename: str
    title: str | None
    size_bytes: int
    request_sha256: str


@asynccontextmanager
async def take_upload(
    request: Request, *, limits: Limits, spool_dir: Path
) -> AsyncIterator[Upload]:
    """Yield an upload, multipart or JSON; its file is gone when the block is left.

    Raises Problem 400, 415 or 422, DocumentTooLarge for more than may be sent.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    capped = _Capped(request, limits)
    async with UploadSpool(spool_dir, limits) as spool:
        if media_type == "multipart/form-data":
            yield await _take_file(capped.request, spool)
        elif media_type == "application/json":
            yield await _take_text(capped.request, spool)
        else:
            raise Problem(
                415,
                "UNSUPPORTED_BODY",
                "Send multipart/form-data with a file, or JSON with title and text.",
            )


class _Capped:
    """A request whose body ends in an error once it is larger than it may be."""

    def __init__(self, request: Request, limits: Limits) -> None:
        self._receive = request.receive
        self._limits = limits
        self._left = limits.file_bytes + _ENVELOPE_BYTES
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._left:
            raise refusal(Reason.FILE_TOO_LARGE, limits)
        self.request = StarletteRequest(request.scope, self._take)

    async def _take(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise refusal(Reason.FILE_TOO_LARGE, self._limits)
        return message


async def _take_file(request: StarletteRequest, spool: UploadSpool) -> Upload:
    try:
        form = await request.form(max_files=1, max_fields=1)
    except HTTPException as error:  # what Starlette makes of a MultiPartException
        raise Problem(400, "MALFORMED_MULTIPART", error.detail) from error
    try:
        file, title = form.get("file"), form.get("title")
        unknown = sorted(set(form) - {"file", "title"})
        if unknown:
            raise _wrong(unknown[0], "There is no such field; send file and title.")
        if not isinstance(file, UploadFile):
            raise _wrong("file", "Send the document as a file.")
        if title is not None and (not isinstance(title, str) or not title.strip()):
            raise _wrong("title", "Send words, or leave the field out.")
        if title is not None and len(title) > LONGEST_TITLE:
            raise _wrong("title", f"Send at most {LONGEST_TITLE} characters.")
        while chunk := await file.read(_CHUNK_BYTES):
            await spool.write(chunk)
        await spool.finish()
        filename = Path((file.filename or "").replace("\\", "/")).name
    finally:
        await form.close()
    fields = (spool.sha256, filename, title or "")
    return Upload(
        path=spool.path,
        filename=filename,
        title=title,
        size_bytes=spool.size_bytes,
        request_sha256=sha256_of(*(field.encode() for field in fields)),
    )


async def _take_text(request: StarletteRequest, spool: UploadSpool) -> Upload:
    try:
        body = PastedDocumentBody.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        ) from error
    await spool.write(body.text.encode())
    await spool.finish()
    return Upload(
        path=spool.path,
        filename="",
        title=body.title,
        size_bytes=spool.size_bytes,
        request_sha256=sha256_of(body.title.encode(), spool.sha256.encode()),
    )


def _wrong(field: str, detail: str) -> Problem:
    return Problem(
        422,
        "INVALID_FIELD",
        f"Something is wrong with: {field}.",
        violations=[FieldViolation(field, detail)],
    )
