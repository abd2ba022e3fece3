"""Documents as the store keeps them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from roundtable_kit.errors import NotFound

PIECE_BYTES = 256 * 1024
MAX_CONTENT_BYTES = 20 * 1024 * 1024
MAX_TEXT_BYTES = 8 * 1024 * 1024


class PartKind(StrEnum):
    """What a row of a document's parts holds."""

    CONTENT = "content"
    TEXT = "text"
    PARAGRAPHS = "paragraphs"


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """At most 256 KiB of a document."""

    kind: PartKind
    position: int
    body: bytes


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to store; `body` is opaque, as the caller described it."""

    owner: str
    revision_of: str | None
    body: bytes
    parts: tuple[DocumentPart, ...]


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A stored document without its parts."""

    document_id: str
    owner: str
    revision: int
    revision_of: str | None
    create_time: datetime
    body: bytes


def document_not_found() -> NotFound:
    """Return the error for a document that is not there or not the caller's."""
    return NotFound("DOCUMENT_NOT_FOUND", "There is no such document.")
