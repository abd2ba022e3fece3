"""Runs on documents whose original bytes matter."""

from dataclasses import replace

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.domain.run import RunDetail
from services.gateway.tests.support.http_harness import Gateway
from services.gateway.tests.support.samples import DOCUMENT_TEXT


def keep_docx(gateway: Gateway, detail: RunDetail, content: bytes) -> None:
    """Let a run's document be a DOCX with the sample's text."""
    keep(gateway, detail, content, MediaType.DOCX, filename="plan.docx")


def keep(
    gateway: Gateway,
    detail: RunDetail,
    content: bytes,
    media_type: MediaType,
    *,
    filename: str,
) -> None:
    """Let a run's document, of the sample's text, be of a type and these bytes."""
    document = replace(
        detail.run.document,
        media_type=media_type.value,
        filename=filename,
        size_bytes=len(content),
    )
    owned = ("owner@localhost", document, DOCUMENT_TEXT, content)
    gateway.documents.rows[document.id] = owned
    run = replace(detail.run, document=document)
    gateway.runs.logs[run.id].detail = replace(detail, run=run)
