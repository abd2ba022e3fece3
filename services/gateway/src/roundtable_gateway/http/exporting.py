"""Runs as files."""

from typing import Any, Literal

from pydantic import TypeAdapter

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import findings_csv, markdown
from roundtable_gateway.exports.html import page
from roundtable_gateway.http.schemas.run_export import RunExport

ExportFormat = Literal["md", "html", "json", "csv"]

MEDIA_TYPES: dict[ExportFormat, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
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


def export(detail: RunDetail, text: DocumentText, form: ExportFormat) -> bytes:
    """Return a run as a file. Not for the event loop: it takes its time."""
    match form:
        case "md":
            return markdown.render(detail).encode()
        case "html":
            return page.render(detail, text).encode()
        case "csv":
            return findings_csv.render(detail).encode()
        case "json":
            return _ADAPTER.dump_json(RunExport.of_run(detail, text), indent=2)
