"""What a reading child tells the gateway: JSON lines, parsed as hostile input.

The first line is a refusal, or a header that the text and one line a paragraph follow.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.errors import Reason
from roundtable_gateway.domain.document import DocumentText, DocumentWarning, Paragraph

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """A document's text, numbered, and what was learned in reading it.

    Attributes:
        media_type: By content.
        text: The text and where its paragraphs lie.
        page_count: None where the format has no pages.
        word_count: What stands between spaces and has a letter or digit.
        warnings: What its author should know.
    """

    media_type: MediaType
    text: DocumentText
    page_count: int | None
    word_count: int
    warnings: tuple[DocumentWarning, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The child's word: a document, or the reason why there is none.

    Attributes:
        is_confined: Network and exec were cut off while it read.
        outcome: The document, or the reason.
        diagnosis: Where reading failed; holds nothing of the document.
    """

    is_confined: bool
    outcome: ExtractedDocument | Reason
    diagnosis: str = ""


def encode(answer: Answer) -> bytes:
    """Write an answer down."""
    lines = [{"is_confined": answer.is_confined}, *_outcome(answer)]
    return b"".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        for line in lines
    )


def _outcome(answer: Answer) -> Iterator[object]:
    if isinstance(answer.outcome, Reason):
        yield {"refused": answer.outcome, "diagnosis": answer.diagnosis}
        return
    document = answer.outcome
    paragraphs = document.text.paragraphs
    headings = list(dict.fromkeys(each.heading for each in paragraphs if each.heading))
    places = {heading: place for place, heading in enumerate(headings)}
    yield {
        "media_type": document.media_type,
        "page_count": document.page_count,
        "word_count": document.word_count,
        "warnings": [[each.code, each.detail] for each in document.warnings],
        "headings": headings,
    }
    yield document.text.text
    for each in paragraphs:
        place = None if each.heading is None else places[each.heading]
        yield [each.start, each.end, each.page, place]


def decode(data: bytes) -> Answer:
    """Parse an answer.

    Raises:
        ValueError: It is not one; a child that died or was taken over wrote it.
    """
    try:
        first, head, *rest = data.removesuffix(b"\n").split(b"\n")
        is_confined = _typed(json.loads(first)["is_confined"], bool)
        header = json.loads(head)
        if "refused" in header:
            diagnosis = _typed(header["diagnosis"], str)
            return Answer(is_confined, Reason(header["refused"]), diagnosis)
        return Answer(is_confined, _document(header, rest))
    except (KeyError, TypeError, IndexError, RecursionError) as err:
        raise ValueError("malformed answer") from err


def _document(header: dict[str, Any], rest: Sequence[bytes]) -> ExtractedDocument:
    text = _typed(json.loads(rest[0]), str)
    headings = [_typed(each, str) for each in header["headings"]]
    return ExtractedDocument(
        media_type=MediaType(header["media_type"]),
        text=DocumentText(text, tuple(_paragraphs(rest[1:], text, headings))),
        page_count=_optional(header["page_count"]),
        word_count=_typed(header["word_count"], int),
        warnings=tuple(
            DocumentWarning(_typed(code, str), _typed(detail, str))
            for code, detail in header["warnings"]
        ),
    )


def _paragraphs(
    lines: Sequence[bytes], text: str, headings: Sequence[str]
) -> Iterator[Paragraph]:
    behind = 0
    for count, line in enumerate(lines, start=1):
        start, end, page, place = (_optional(each) for each in json.loads(line))
        if start is None or end is None or not behind <= start < end <= len(text):
            raise ValueError("offsets out of order")
        heading = None if place is None else headings[place]
        yield Paragraph(f"P{count}", start, end, page, heading)
        behind = end


def _optional(value: object) -> int | None:
    return None if value is None else _typed(value, int)


def _typed(value: object, kind: type[_T]) -> _T:
    # Exactly: True would pass for an int.
    if type(value) is not kind:
        raise ValueError("wrong type")
    if isinstance(value, str):
        value.encode()  # refuses half a surrogate pair, which nothing can store
    return value
