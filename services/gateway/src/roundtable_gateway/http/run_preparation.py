"""From what somebody asks for to a run that can be created."""

import asyncio
from dataclasses import dataclass

from roundtable_gateway.domain.document import Document, DocumentText
from roundtable_gateway.domain.run import Engine, RunSummary
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.run_plan import plan_run
from roundtable_gateway.http.schemas.run import CreateRunBody
from roundtable_gateway.http.seating import find_seating
from roundtable_gateway.panel.overhead import estimate_overhead
from roundtable_gateway.panel.sections import (
    ReadingPlan,
    SectionTooLongError,
    plan_reading,
)
from roundtable_kit.errors import FieldViolation, InvalidArgument, NotFound


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run as it would be created, and who would be shown what of its document."""

    run: RunSummary
    document: DocumentText
    reading: ReadingPlan


async def prepare_run(
    body: CreateRunBody, context: Context, *, owner: str
) -> PreparedRun:
    """Return the run that a body asks for; nothing is created yet.

    Raises InvalidArgument naming the field for what is not there, and Problem 422
    (DOCUMENT_TOO_LONG_FOR_MODEL) for a document whose parts the model can't take.
    """
    document = await _document(body.document_id, context, owner=owner)
    run = plan_run(
        body,
        document,
        seating=await find_seating(body, context.library, owner=owner),
        catalogue=context.catalogue,
        engine=await _engine(body, context),
    )
    text = await context.documents.read_text(document.id, owner=owner)
    # Off the loop: a long document takes its time.
    reading = await asyncio.to_thread(
        _plan_reading, run, text, context.model_window_tokens
    )
    return PreparedRun(run, text, reading)


async def _document(document_id: str, context: Context, *, owner: str) -> Document:
    try:
        return await context.documents.get(document_id, owner=owner)
    except NotFound as error:
        raise InvalidArgument(
            "INVALID_FIELD",
            "Something is wrong with: document_id.",
            violations=[FieldViolation("document_id", "You have no such document.")],
        ) from error


async def _engine(body: CreateRunBody, context: Context) -> Engine:
    if body.engine is not None:
        return Engine.REHEARSAL
    return await context.engines.for_new_run()


def _plan_reading(run: RunSummary, text: DocumentText, window: int) -> ReadingPlan:
    try:
        return plan_reading(
            text,
            [panelist.id for panelist in run.panelists],
            window_tokens=window,
            overhead_tokens=estimate_overhead(run),
        )
    except SectionTooLongError as error:
        raise _too_long(error) from error


def _too_long(error: SectionTooLongError) -> Problem:
    figures = (
        f"about {error.needed_tokens:,} tokens with its prompt, "
        f"the model's window holds {error.window_tokens:,}"
    )
    return Problem(
        422,
        "DOCUMENT_TOO_LONG_FOR_MODEL",
        f"A section of the document is too long for the model: it takes {figures}. "
        "Break its longest paragraphs, shorten the brief, or tell the gateway of a "
        "larger window (ROUNDTABLE_GATEWAY_MODEL_WINDOW_TOKENS).",
        violations=[FieldViolation("document_id", f"One section takes {figures}.")],
    )
