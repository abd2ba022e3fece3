"""Documents over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from roundtable_gateway.domain.document import Document, DocumentText

LONGEST_TITLE = 300


class PastedDocumentBody(BaseModel):
    """A document as text; Markdown is read as such."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE
        ),
    ]
    text: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class NumberedParagraph:
    """A paragraph with its text, which is `text[start:end]` of the document's."""

    id: str
    start: int
    end: int
    text: str
    page: int | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A document's text; offsets are in Unicode code points."""

    text: str
    paragraphs: tuple[NumberedParagraph, ...]

    @classmethod
    def of(cls, document: DocumentText) -> Self:
        """Return the contract's form of a text."""
        return cls(
            text=document.text,
            paragraphs=tuple(
                NumberedParagraph(
                    id=paragraph.id,
                    start=paragraph.start,
                    end=paragraph.end,
                    text=document.text[paragraph.start : paragraph.end],
                    page=paragraph.page,
                    heading=paragraph.heading,
                )
                for paragraph in document.paragraphs
            ),
        )


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A page of documents, newest first."""

    documents: tuple[Document, ...]
    next_page_token: str | None
