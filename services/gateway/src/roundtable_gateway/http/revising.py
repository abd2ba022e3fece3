"""The author's own document with the accepted rewrites in it."""

from dataclasses import dataclass

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.editing.edits import Edited, Rewrite, Rewriting
from roundtable_gateway.domain.document import Document, DocumentText
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports.rewrites import (
    LeftOutReason,
    RewritePlan,
    plan_rewrites,
)
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.problems import Problem

_REVISABLE = frozenset({MediaType.MARKDOWN, MediaType.PLAIN, MediaType.DOCX})


@dataclass(frozen=True, slots=True)
class Revision:
    """A document as its author agreed to have it, and how it came to that."""

    document: Document
    content: bytes
    plan: RewritePlan


async def revise_document(context: Context, run_id: str, *, owner: str) -> Revision:
    """Put the rewrites that the author accepted into the original file.

    Raises:
        Problem: REWRITES_NOT_APPLICABLE for a type that is read but not written.
    """
    detail = await context.runs.get(run_id, owner=owner)
    document = detail.run.document
    if document.media_type not in _REVISABLE:
        raise Problem(
            422,
            "REWRITES_NOT_APPLICABLE",
            "Rewrites go into Markdown, plain text and DOCX alone, and the document is "
            "neither. Make them by hand from the findings, or upload it as DOCX.",
        )
    text = await context.documents.read_text(document.id, owner=owner)
    plan = plan_rewrites(detail, text)
    edited = await context.editor.edit(
        context.documents.read_content(document.id, owner=owner),
        _order(detail, text, plan),
        media_type=document.media_type,
        folder=context.spool_dir,
    )
    return Revision(document, edited.content, plan.without(_reasons(edited)))


def _order(detail: RunDetail, text: DocumentText, plan: RewritePlan) -> Rewriting:
    rewrites = (
        Rewrite(each.role, each.start, each.end, each.new) for each in plan.applied
    )
    time = detail.run.end_time or detail.run.create_time
    return Rewriting(text.text, tuple(rewrites), time)


def _reasons(edited: Edited) -> list[LeftOutReason | None]:
    return [
        None if obstacle is None else LeftOutReason(obstacle.value)
        for obstacle in edited.obstacles
    ]
