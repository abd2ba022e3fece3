"""Two runs of a caller, held against each other."""

import asyncio

from roundtable_gateway.domain.comparison import Comparison
from roundtable_gateway.domain.document import Document
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.http.context import Context
from roundtable_gateway.panel.comparison import compare
from roundtable_kit.errors import (
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
)

_FIELD = "with"


async def compare_runs(
    run_id: str, other_id: str, context: Context, *, owner: str
) -> Comparison:
    """Return what became of the earlier run's findings in the later one.

    Raises NotFound for the first run, InvalidArgument naming the field where the other
    is not there, is the same or is on another document, and FailedPrecondition while
    one of them goes on.
    """
    one = await context.runs.get(run_id, owner=owner)
    other = await _other(run_id, other_id, context, owner=owner)
    documents = one.run.document, other.run.document
    first, second = [await _first(each, context, owner=owner) for each in documents]
    if first != second:
        raise _wrong("That run is on another document, not on a revision of this one.")
    if not (one.run.state.is_ended and other.run.state.is_ended):
        raise FailedPrecondition(
            "RUN_NOT_AT_REST", "One of the runs still goes on; wait for its end."
        )
    old, new = sorted((one, other), key=_age)
    old_text, new_text = [
        await context.documents.read_text(each.run.document.id, owner=owner)
        for each in (old, new)
    ]
    # Off the loop: long documents take their time.
    return await asyncio.to_thread(
        compare, old, new, old_text=old_text, new_text=new_text
    )


async def _other(
    run_id: str, other_id: str, context: Context, *, owner: str
) -> RunDetail:
    if other_id == run_id:
        raise _wrong("Send another run than the one it is compared with.")
    try:
        return await context.runs.get(other_id, owner=owner)
    except NotFound as error:
        raise _wrong("You have no such run.") from error


async def _first(document: Document, context: Context, *, owner: str) -> str:
    """Return the id of the document that a line of revisions began with."""
    while document.revision_of is not None:
        document = await context.documents.get(document.revision_of, owner=owner)
    return document.id


def _age(detail: RunDetail) -> tuple[object, ...]:
    """Return what runs on one line of revisions are ordered by, the earlier first."""
    return detail.run.document.revision, detail.run.create_time


def _wrong(detail: str) -> InvalidArgument:
    return InvalidArgument(
        "INVALID_FIELD",
        f"Something is wrong with: {_FIELD}.",
        violations=[FieldViolation(_FIELD, detail)],
    )
