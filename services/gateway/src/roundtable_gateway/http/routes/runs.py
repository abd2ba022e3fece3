"""Runs: create, read, cancel, delete."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from roundtable_gateway.domain.run import RunState
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.idempotency import sha256_of
from roundtable_gateway.http.json_bodies import JSON_ONLY
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.paging import (
    DEFAULT_PAGE_SIZE,
    PageSize,
    PageToken,
    lowered,
)
from roundtable_gateway.http.run_preparation import prepare_run
from roundtable_gateway.http.run_reading import read_run
from roundtable_gateway.http.schemas.run import CreateRunBody, RunList
from roundtable_gateway.http.schemas.whole_run import Run

router = APIRouter(tags=["runs"], max_body_size=LARGEST_BODY_BYTES)


@router.post("/runs", status_code=201, dependencies=JSON_ONLY)
async def create_run(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    body: CreateRunBody,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Run:
    """Send a document past a panel."""
    with context.keys_in_flight.hold(
        idempotency_key,
        caller=caller.email,
        route="runs",
        body_sha256=sha256_of(await request.body()),
    ) as key:
        prepared = await prepare_run(body, context, owner=caller.email)
        run = await context.runs.create(prepared.run, owner=caller.email, key=key)
    context.notices.notice_new_run(run.id)
    return Run.as_created(run)


@router.get("/runs")
async def list_runs(
    context: ContextDep,
    caller: CallerDep,
    query: Annotated[str, Query(max_length=200)] = "",
    state: RunState | None = None,
    document_id: str = "",
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> RunList:
    """List the caller's runs, newest first."""
    page = await context.runs.list(
        owner=caller.email,
        page_size=lowered(page_size),
        page_token=page_token,
        query=query,
        state=state,
        document_id=document_id,
    )
    return RunList(page.items, page.next_page_token)


@router.get("/runs/{run_id}")
async def get_run(context: ContextDep, caller: CallerDep, run_id: str) -> Run:
    """Return a run, whole."""
    return await read_run(run_id, context, owner=caller.email)


@router.post("/runs/{run_id}/cancel", status_code=202)
async def cancel_run(context: ContextDep, caller: CallerDep, run_id: str) -> Run:
    """End a run; it ends in run.cancelled as soon as its conductor hears of it.

    Of a run that has ended, end what its panelists still answer; 409 where it is at
    rest.
    """
    await context.runs.cancel(run_id, owner=caller.email)
    context.notices.notice_cancel(run_id)
    return await read_run(run_id, context, owner=caller.email)


@router.delete("/runs/{run_id}", status_code=204)
async def delete_run(context: ContextDep, caller: CallerDep, run_id: str) -> None:
    """Delete a run that is at rest."""
    await context.runs.delete(run_id, owner=caller.email)
