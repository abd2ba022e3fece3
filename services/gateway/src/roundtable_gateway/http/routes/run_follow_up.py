"""Runs that have ended: try again what failed, answer findings, ask panelists."""

from typing import Annotated

from fastapi import APIRouter, Header, Request

from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import RunSummary
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.idempotency import sha256_of
from roundtable_gateway.http.json_bodies import JSON_ONLY
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.run_reading import read_run
from roundtable_gateway.http.schemas.run_follow_up import DispositionBody, QuestionBody
from roundtable_gateway.http.schemas.whole_run import Run
from roundtable_kit.errors import FieldViolation, InvalidArgument

router = APIRouter(tags=["runs"], max_body_size=LARGEST_BODY_BYTES)


@router.post("/runs/{run_id}/retry", status_code=202)
async def retry_run(context: ContextDep, caller: CallerDep, run_id: str) -> Run:
    """Open a run again that is incomplete, failed or cancelled, for what failed."""
    await context.runs.retry(run_id, owner=caller.email)
    context.notices.notice_new_run(run_id)
    return await read_run(run_id, context, owner=caller.email)


@router.put("/runs/{run_id}/findings/{finding_id}/disposition", dependencies=JSON_ONLY)
async def set_disposition(
    context: ContextDep,
    caller: CallerDep,
    run_id: str,
    finding_id: str,
    body: DispositionBody,
) -> Finding:
    """Set the author's answer to a finding; the run's log tells it."""
    return await context.runs.set_disposition(
        run_id,
        finding_id,
        owner=caller.email,
        disposition=body.disposition,
        reason=body.reason,
    )


@router.post(
    "/runs/{run_id}/questions",
    status_code=202,
    dependencies=JSON_ONLY,
)
async def ask_question(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    run_id: str,
    body: QuestionBody,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Run:
    """Ask a panelist of a run at rest, or all: each answer is a turn of the run."""
    with context.keys_in_flight.hold(
        idempotency_key,
        caller=caller.email,
        route=f"questions:{run_id}",
        body_sha256=sha256_of(await request.body()),
    ) as key:
        run = (await context.runs.get(run_id, owner=caller.email)).run
        await context.runs.ask(
            run_id,
            owner=caller.email,
            panelist_ids=_asked(run, body.panelist_id),
            text=body.text,
            key=key,
        )
    context.notices.notice_new_run(run_id)
    return await read_run(run_id, context, owner=caller.email)


def _asked(run: RunSummary, panelist_id: str | None) -> tuple[str, ...]:
    seats = tuple(panelist.id for panelist in run.panelists)
    if panelist_id is None:
        return seats
    if panelist_id in seats:
        return (panelist_id,)
    raise InvalidArgument(
        "INVALID_FIELD",
        "Something is wrong with: panelist_id.",
        violations=[
            FieldViolation("panelist_id", f"Send one of: {', '.join(seats)}, or null.")
        ],
    )
