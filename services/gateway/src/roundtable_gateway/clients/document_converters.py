"""Documents and paragraphs: the store's messages <-> the domain."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from roundtable.store.v1 import document_pb2
from roundtable_gateway.domain.document import Document, DocumentWarning, Paragraph


def time_to_proto(time: datetime) -> Timestamp:
    """Return the wire's form of an aware moment."""
    message = Timestamp()
    message.FromDatetime(time)
    return message


def time_from_proto(message: Timestamp) -> datetime:
    """Return an aware moment in UTC."""
    return message.ToDatetime(tzinfo=UTC)


def document_to_proto(document: Document) -> document_pb2.Document:
    """Return the wire's form of a document."""
    return document_pb2.Document(
        document_id=document.id,
        title=document.title,
        filename=document.filename,
        media_type=document.media_type,
        size_bytes=document.size_bytes,
        sha256=document.sha256,
        page_count=document.page_count,
        word_count=document.word_count,
        paragraph_count=document.paragraph_count,
        warnings=[
            document_pb2.DocumentWarning(code=warning.code, detail=warning.detail)
            for warning in document.warnings
        ],
        revision=document.revision,
        revision_of=document.revision_of,
        create_time=time_to_proto(document.create_time),
    )


def document_from_proto(message: document_pb2.Document) -> Document:
    """Return the document of a message."""
    return Document(
        id=message.document_id,
        title=message.title,
        filename=message.filename,
        media_type=message.media_type,
        size_bytes=message.size_bytes,
        sha256=message.sha256,
        page_count=message.page_count if message.HasField("page_count") else None,
        word_count=message.word_count,
        paragraph_count=message.paragraph_count,
        warnings=tuple(
            DocumentWarning(code=warning.code, detail=warning.detail)
            for warning in message.warnings
        ),
        revision=message.revision,
        revision_of=message.revision_of if message.HasField("revision_of") else None,
        create_time=time_from_proto(message.create_time),
    )


def paragraph_to_proto(paragraph: Paragraph) -> document_pb2.Paragraph:
    """Return the wire's form of a paragraph."""
    return document_pb2.Paragraph(
        paragraph_id=paragraph.id,
        start=paragraph.start,
        end=paragraph.end,
        page=paragraph.page,
        heading=paragraph.heading,
    )


def paragraph_from_proto(message: document_pb2.Paragraph) -> Paragraph:
    """Return the paragraph of a message."""
    return Paragraph(
        id=message.paragraph_id,
        start=message.start,
        end=message.end,
        page=message.page if message.HasField("page") else None,
        heading=message.heading if message.HasField("heading") else None,
    )
