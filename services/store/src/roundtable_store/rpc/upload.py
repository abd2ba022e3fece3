"""Puts together the stream that creates a document, under hard caps."""

import hashlib

from roundtable.store.v1 import document_pb2
from roundtable.store.v1 import document_service_pb2 as pb2
from roundtable_kit.errors import InvalidArgument
from roundtable_store.records.documents import (
    MAX_CONTENT_BYTES,
    MAX_TEXT_BYTES,
    PIECE_BYTES,
    DocumentPart,
    PartKind,
)
from roundtable_store.rpc.violations import Violations

# An id, two offsets, a page and a short heading: no document of the text cap has more.
_MAX_PARAGRAPHS_BYTES = 32 * 1024 * 1024


class Upload:
    """A document on its way in: nothing of it is stored before it is whole."""

    def __init__(self, header: pb2.CreateDocumentHeader) -> None:
        self.header = header
        self._content = bytearray()
        self._text = bytearray()
        self._paragraphs: list[document_pb2.Paragraph] = []
        self._batches: list[bytes] = []
        self._batch_bytes = 0

    def add(self, message: pb2.CreateDocumentRequest) -> None:
        """Take the next message (MESSAGE_TOO_LARGE, DOCUMENT_TOO_LARGE)."""
        match message.WhichOneof("part"):
            case "content":
                _extend(self._content, message.content, most=MAX_CONTENT_BYTES)
            case "text":
                _extend(self._text, message.text, most=MAX_TEXT_BYTES)
            case "paragraphs":
                self._add_paragraphs(message.paragraphs)
            case _:
                violations = Violations()
                violations.add("part", "is the header first, and then anything else")
                violations.check()

    def finish(self) -> tuple[DocumentPart, ...]:
        """Return the parts, once all that the header says of them is true."""
        document = self.header.document
        violations = Violations()
        if len(self._content) != document.size_bytes:
            violations.add("header.document.size_bytes", "is not the content's size")
        if hashlib.sha256(self._text).hexdigest() != document.sha256:
            violations.add("header.document.sha256", "is not the text's hash")
        if len(self._paragraphs) != document.paragraph_count:
            violations.add("header.document.paragraph_count", "is not their number")
        self._check_paragraphs(violations)
        violations.check()
        return (
            *_cut(PartKind.CONTENT, self._content),
            *_cut(PartKind.TEXT, self._text),
            *(
                DocumentPart(PartKind.PARAGRAPHS, position, batch)
                for position, batch in enumerate(self._batches)
            ),
        )

    def _add_paragraphs(self, batch: pb2.ParagraphBatch) -> None:
        body = batch.SerializeToString()
        if len(body) > PIECE_BYTES:
            raise _message_too_large()
        self._batch_bytes += len(body)
        if self._batch_bytes > _MAX_PARAGRAPHS_BYTES:
            raise _document_too_large()
        self._paragraphs.extend(batch.paragraphs)
        self._batches.append(body)

    def _check_paragraphs(self, violations: Violations) -> None:
        try:
            last_end, text_length = 0, len(self._text.decode())
        except UnicodeDecodeError:
            violations.add("text", "is not UTF-8")
            return
        for number, paragraph in enumerate(self._paragraphs, 1):
            field = f"paragraphs[{number - 1}]"
            if paragraph.paragraph_id != f"P{number}":
                violations.add(f"{field}.paragraph_id", "are P1, P2, P3 … in order")
                return
            if not last_end <= paragraph.start <= paragraph.end <= text_length:
                violations.add(
                    f"{field}.start", "does not lie behind the last one's end"
                )
                return
            last_end = paragraph.end


def _extend(whole: bytearray, piece: bytes, *, most: int) -> None:
    if len(piece) > PIECE_BYTES:
        raise _message_too_large()
    if len(whole) + len(piece) > most:
        raise _document_too_large()
    whole += piece


def _cut(kind: PartKind, whole: bytearray) -> list[DocumentPart]:
    starts = range(0, len(whole), PIECE_BYTES)
    return [
        DocumentPart(kind, position, bytes(whole[start : start + PIECE_BYTES]))
        for position, start in enumerate(starts)
    ]


def _message_too_large() -> InvalidArgument:
    return InvalidArgument(
        "MESSAGE_TOO_LARGE", "A message of the stream carries at most 256 KiB."
    )


def _document_too_large() -> InvalidArgument:
    return InvalidArgument(
        "DOCUMENT_TOO_LARGE", "The document is larger than the store takes."
    )
