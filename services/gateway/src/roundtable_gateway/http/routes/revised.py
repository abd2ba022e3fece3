"""A run's document with the accepted rewrites in it."""

from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.revising import Revision, revise_document
from roundtable_gateway.http.schemas.revision import RevisionPlan

router = APIRouter(tags=["runs"])

_FILE = {"application/octet-stream": {"schema": {"type": "string"}}}


@router.get(
    "/runs/{run_id}/revised",
    response_class=Response,
    responses={200: {"content": _FILE}},
)
async def get_revised_document(
    context: ContextDep, caller: CallerDep, run_id: str
) -> Response:
    """Return the original file with every accepted rewrite that has one place in it.

    Markdown and plain text have the new words in place of the old; a DOCX has them as
    tracked changes. 409 if there are none, 422 for a type that can't be written.
    """
    revision = await revise_document(context, run_id, owner=caller.email)
    if not revision.plan.applied:
        raise Problem(
            409,
            "NO_ACCEPTED_REWRITES",
            "No rewrite can be applied. Accept a finding that has one; the plan says "
            "why others are left out.",
        )
    return Response(
        revision.content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{_name(revision)}",
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.get("/runs/{run_id}/revised/plan")
async def get_revision_plan(
    context: ContextDep, caller: CallerDep, run_id: str
) -> RevisionPlan:
    """Tell which accepted rewrites the revised document has, which not, and why."""
    revision = await revise_document(context, run_id, owner=caller.email)
    return RevisionPlan.of(run_id, revision.document.id, revision.plan)


def _name(revision: Revision) -> str:
    document = revision.document
    name = Path(document.filename or f"{document.title}.md")
    return quote(f"{name.stem}-revised{name.suffix}", safe="")
