"""Runs as files."""

import asyncio
from typing import Any, Literal

from pydantic import TypeAdapter

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.editing.edits import Commenting, Remark
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import findings_csv, markdown
from roundtable_gateway.exports.docx import report_file
from roundtable_gateway.exports.html import page
from roundtable_gateway.exports.remarks import margin_notes
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.schemas.run_export import RunExport

ExportFormat = Literal["md", "html", "json", "csv", "docx"]

MEDIA_TYPES: dict[ExportFormat, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "docx": MediaType.DOCX.value,
}
# `model` is what FastAPI makes the JSON form's schema of.
EXPORTS_SCHEMA: dict[str, Any] = {
    "model": RunExport,
    "content": {
        media_type.partition(";")[0]: {"schema": {"type": "string"}}
        for name, media_type in MEDIA_TYPES.items()
        if name != "json"
    },
}
_ADAPTER = TypeAdapter(RunExport)


async def export_run(
    context: Context, run_id: str, *, owner: str, form: ExportFormat
) -> bytes:
    """Return a run as a file, as far as it is.

    Raises:
        UnreadableDocument: The author's own file was to be commented on, and can't be.
    """
    detail = await context.runs.get(run_id, owner=owner)
    document = detail.run.document
    text = await context.documents.read_text(document.id, owner=owner)
    if form == "docx" and document.media_type == MediaType.DOCX:
        order = await asyncio.to_thread(_order, detail, text)
        edited = await context.editor.edit(
            context.documents.read_content(document.id, owner=owner),
            order,
            media_type=document.media_type,
            folder=context.spool_dir,
        )
        return edited.content
    # Off the loop: a long document takes its time.
    return await asyncio.to_thread(_render, detail, text, form)


def _order(detail: RunDetail, text: DocumentText) -> Commenting:
    return Commenting(
        text=text.text,
        remarks=tuple(
            Remark(note.author, note.lines, note.start, note.end)
            for note in margin_notes(detail, text)
        ),
        time=detail.run.end_time or detail.run.create_time,
    )


def _render(detail: RunDetail, text: DocumentText, form: ExportFormat) -> bytes:
    match form:
        case "md":
            return markdown.render(detail).encode()
        case "html":
            return page.render(detail, text).encode()
        case "csv":
            return findings_csv.render(detail).encode()
        case "docx":
            return report_file.render(detail)
        case "json":
            return _ADAPTER.dump_json(RunExport.of_run(detail, text), indent=2)
