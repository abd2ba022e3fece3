"""Why a document was not taken.

    DocumentError
    ├── UnsupportedType       not a type we read
    ├── DocumentTooLarge      over a limit
    └── UnreadableDocument    a type we read, but not this one

Readers raise `Refused` with a bare reason inside the child; only the gateway turns it
into one of the above, so no text of a document can get into a message.
"""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_gateway.documents.limits import Limits


class Reason(StrEnum):
    """Machine-readable reasons, in the contract's spelling."""

    UNSUPPORTED_TYPE = "UNSUPPORTED_TYPE"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    TOO_MUCH_TEXT = "TOO_MUCH_TEXT"
    TOO_MANY_PARAGRAPHS = "TOO_MANY_PARAGRAPHS"
    EMPTY_DOCUMENT = "EMPTY_DOCUMENT"
    SCANNED_OR_EMPTY = "SCANNED_OR_EMPTY"
    ENCRYPTED = "ENCRYPTED"
    UNREADABLE = "UNREADABLE"
    UNSAFE_ARCHIVE = "UNSAFE_ARCHIVE"
    TOO_COMPLEX = "TOO_COMPLEX"
    READING_TIMED_OUT = "READING_TIMED_OUT"
    READING_STOPPED = "READING_STOPPED"


class Refused(Exception):  # noqa: N818 - the child's answer, not a failure of it
    """A reader does not take this document."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class DocumentError(Exception):
    """A document that was not taken.

    Attributes:
        reason: Why, for programs.
        message: What happened and what to do, safe to show.
        diagnosis: Where reading failed, safe to log; often empty.
    """

    def __init__(self, reason: Reason, message: str, *, diagnosis: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.diagnosis = diagnosis


class UnsupportedType(DocumentError):  # noqa: N818 - named as the HTTP answer is
    """The content is of no type that we read."""


class DocumentTooLarge(DocumentError):  # noqa: N818 - named as the HTTP answer is
    """The document is over one of the limits."""


class UnreadableDocument(DocumentError):  # noqa: N818 - named as the HTTP answer is
    """The type is accepted, but this document can't be read."""


@dataclass(frozen=True, slots=True)
class _Answer:
    error: type[DocumentError]
    message: str


_ANSWERS = {
    Reason.UNSUPPORTED_TYPE: _Answer(
        UnsupportedType,
        "This type of file is not accepted. Upload Markdown, plain text, PDF, DOCX, "
        "PPTX or HTML.",
    ),
    Reason.FILE_TOO_LARGE: _Answer(
        DocumentTooLarge,
        "The file is larger than {file_megabytes:g} MB. Upload a smaller one, or the "
        "text alone.",
    ),
    Reason.TOO_MANY_PAGES: _Answer(
        DocumentTooLarge,
        "The document has more than {pages} pages or slides. Split it and upload the "
        "parts.",
    ),
    Reason.TOO_MUCH_TEXT: _Answer(
        DocumentTooLarge,
        "The document holds more than {text_megabytes:g} MB of text. Split it and "
        "upload the parts.",
    ),
    Reason.TOO_MANY_PARAGRAPHS: _Answer(
        DocumentTooLarge,
        "The document has more than {paragraphs} paragraphs. Split it and upload the "
        "parts.",
    ),
    Reason.EMPTY_DOCUMENT: _Answer(
        UnreadableDocument,
        "The document holds no text. Check that it is the right one and upload it "
        "again.",
    ),
    Reason.SCANNED_OR_EMPTY: _Answer(
        UnreadableDocument,
        "The PDF holds no text: it is empty or a scan. Run text recognition (OCR) on "
        "it and upload the result.",
    ),
    Reason.ENCRYPTED: _Answer(
        UnreadableDocument,
        "The document is protected by a password. Save it without one and upload that.",
    ),
    Reason.UNREADABLE: _Answer(
        UnreadableDocument,
        "The document is damaged or not what it says it is. Open it, save it anew and "
        "upload that.",
    ),
    Reason.UNSAFE_ARCHIVE: _Answer(
        UnreadableDocument,
        "The document's archive has a structure that is not safe to unpack. Save it "
        "anew in an office program and upload that.",
    ),
    Reason.TOO_COMPLEX: _Answer(
        UnreadableDocument,
        "Reading the document takes more memory or time than is allowed. Save it in a "
        "simpler form, such as plain text, and upload that.",
    ),
    Reason.READING_TIMED_OUT: _Answer(
        UnreadableDocument,
        "The document was not read within {wall_seconds:g} s. Try again; if that "
        "fails too, save it in a simpler form, such as plain text.",
    ),
    Reason.READING_STOPPED: _Answer(
        UnreadableDocument,
        "Reading the document was stopped from outside. Try again; if that fails too, "
        "save it in a simpler form, such as plain text.",
    ),
}


def refusal(reason: Reason, limits: Limits, *, diagnosis: str = "") -> DocumentError:
    """Return the typed error for a reason, its message written out with the limits."""
    answer = _ANSWERS[reason]
    message = answer.message.format(
        file_megabytes=limits.file_bytes / 1_000_000,
        pages=limits.pages,
        paragraphs=limits.paragraphs,
        text_megabytes=limits.text_bytes / 1_000_000,
        wall_seconds=limits.wall_seconds,
    )
    return answer.error(reason, message, diagnosis=diagnosis)
