"""What a reader makes of a document, before its paragraphs are numbered."""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_gateway.domain.document import DocumentWarning


class MediaType(StrEnum):
    """Types that are read."""

    MARKDOWN = "text/markdown"
    PLAIN = "text/plain"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that shares no paragraph with its neighbours.

    Attributes:
        text: May still hold blank lines, which part it further.
        page: Page or slide it begins on, from 1.
        is_heading: It is the heading of what follows.
        is_markdown: Headings are to be found by their marks.
        begins_section: No heading above it is still in force.
    """

    text: str
    page: int | None = None
    is_heading: bool = False
    is_markdown: bool = False
    begins_section: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All blocks of a document in reading order."""

    blocks: tuple[Block, ...]
    page_count: int | None = None
    warnings: tuple[DocumentWarning, ...] = ()
