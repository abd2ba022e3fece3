"""Runs as files."""

from fastapi import APIRouter
from fastapi.responses import Response

from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.exporting import (
    EXPORTS_SCHEMA,
    MEDIA_TYPES,
    ExportFormat,
    export_run,
)

router = APIRouter(tags=["runs"])


@router.get(
    "/runs/{run_id}/export", response_class=Response, responses={200: EXPORTS_SCHEMA}
)
async def get_export(
    context: ContextDep,
    caller: CallerDep,
    run_id: str,
    format: ExportFormat,  # noqa: A002 - the contract's word
) -> Response:
    """Return a run as a file.

    A report (md, html, docx), its findings (csv), or all (json). Of a run on a DOCX,
    docx is the author's own file with each finding as a comment. In csv, lists are one
    entry a line, and an apostrophe stands before what a spreadsheet could take for a
    formula.
    """
    content = await export_run(context, run_id, owner=caller.email, form=format)
    return Response(
        content,
        media_type=MEDIA_TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="{run_id}.{format}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
