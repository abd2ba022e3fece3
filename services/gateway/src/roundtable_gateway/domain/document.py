"""Documents, their revisions and their numbered paragraphs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DocumentWarning:
    """Something the author should know about how the document was read."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered stretch of a document's text.

    Attributes:
        id: ``P1`` to ``Pn`` in reading order.
        start: Offset of the first character, in Unicode code points.
        end: Offset behind the last character; ``text[start:end]`` is the paragraph.
        page: Page it begins on, from 1; None where the format has no pages.
        heading: The nearest heading above it, None before the first.
    """

    id: str
    start: int
    end: int
    page: int | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An immutable revision under review, without its text."""

    id: str
    title: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    page_count: int | None
    word_count: int
    paragraph_count: int
    warnings: tuple[DocumentWarning, ...]
    revision: int
    revision_of: str | None
    create_time: datetime


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's extracted text and where its paragraphs lie in it."""

    text: str
    paragraphs: tuple[Paragraph, ...]
