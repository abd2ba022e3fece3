"""Panels: the built-in ones, which are read only, and people's own."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from roundtable_gateway.domain import persona as domain
from roundtable_gateway.domain.page import Page
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.drafting import faults_as_fields, wrong_fields
from roundtable_gateway.http.etags import IfMatch, require_match, tell_etag
from roundtable_gateway.http.idempotency import sha256_of
from roundtable_gateway.http.json_bodies import JSON_ONLY
from roundtable_gateway.http.library import Library
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.paging import (
    DEFAULT_PAGE_SIZE,
    PageSize,
    PageToken,
    own_then_shipped,
)
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.schemas.panel import Panel, PanelBody, PanelList
from roundtable_gateway.packs.drafts import draft_panel
from roundtable_gateway.packs.errors import Fault

router = APIRouter(tags=["panels"], max_body_size=LARGEST_BODY_BYTES)


@router.get("/panels")
async def list_panels(
    context: ContextDep,
    caller: CallerDep,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> PanelList:
    """List panels, one's own first, newest first."""

    async def list_own(size: int, token: str) -> Page[domain.Panel]:
        return await context.library.panels.list(
            owner=caller.email, page_size=size, page_token=token
        )

    page = await own_then_shipped(
        list_own,
        context.library.catalogue.panels(),
        page_size=page_size,
        page_token=page_token,
    )
    panels = await _with_warnings(page.items, context.library, owner=caller.email)
    return PanelList(panels, page.next_page_token)


@router.post("/panels", status_code=201, dependencies=JSON_ONLY)
async def create_panel(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    response: Response,
    body: PanelBody,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Panel:
    """Put a panel together."""
    panel = await _draft(body.root, context.library, owner=caller.email)
    with context.keys_in_flight.hold(
        idempotency_key,
        caller=caller.email,
        route="panels",
        body_sha256=sha256_of(await request.body()),
    ) as key:
        created = await context.library.panels.create(
            panel, owner=caller.email, key=key
        )
    return await _told(created, context.library, response, owner=caller.email)


@router.get("/panels/{panel_id}")
async def get_panel(
    context: ContextDep, caller: CallerDep, panel_id: str, response: Response
) -> Panel:
    """Return a panel."""
    panel = await context.library.panel(panel_id, owner=caller.email)
    return await _told(panel, context.library, response, owner=caller.email)


@router.put("/panels/{panel_id}", dependencies=JSON_ONLY)
async def update_panel(
    context: ContextDep,
    caller: CallerDep,
    panel_id: str,
    response: Response,
    body: PanelBody,
    if_match: IfMatch = None,
) -> Panel:
    """Change a panel, whole; runs keep their seats."""
    current = await context.library.panel(panel_id, owner=caller.email)
    _require_own(current)
    require_match(if_match, current.etag)
    draft = await _draft(body.root, context.library, owner=caller.email)
    updated = await context.library.panels.update(
        replace(draft, id=current.id, etag=current.etag), owner=caller.email
    )
    return await _told(updated, context.library, response, owner=caller.email)


@router.delete("/panels/{panel_id}", status_code=204)
async def delete_panel(context: ContextDep, caller: CallerDep, panel_id: str) -> None:
    """Delete a panel; runs keep their seats."""
    _require_own(await context.library.panel(panel_id, owner=caller.email))
    await context.library.panels.delete(panel_id, owner=caller.email)


async def _draft(
    fields: dict[str, Any], library: Library, *, owner: str
) -> domain.Panel:
    """Return the panel of a body; every seat is for a persona that there is."""
    with faults_as_fields():
        panel = draft_panel(fields, schemas=library.catalogue.schemas)
    known = await library.find_personas(
        (seat.persona_id for seat in panel.seats), owner=owner
    )
    faults = [
        Fault(
            f"seats[{place}].persona_id",
            f"there is no persona {seat.persona_id!r}",
            "use one of those that GET /personas lists",
        )
        for place, seat in enumerate(panel.seats)
        if seat.persona_id not in known
    ]
    if faults:
        raise wrong_fields(faults)
    return panel


async def _told(
    panel: domain.Panel, library: Library, response: Response, *, owner: str
) -> Panel:
    tell_etag(response, panel.etag)
    [told] = await _with_warnings([panel], library, owner=owner)
    return told


async def _with_warnings(
    panels: Iterable[domain.Panel], library: Library, *, owner: str
) -> tuple[Panel, ...]:
    panels = tuple(panels)
    personas = await library.find_personas(
        {seat.persona_id for panel in panels for seat in panel.seats}, owner=owner
    )
    return tuple(Panel.of(panel, personas) for panel in panels)


def _require_own(panel: domain.Panel) -> None:
    if panel.built_in:
        raise Problem(
            403,
            "BUILT_IN_READ_ONLY",
            "A built-in panel stays as it is; copy it first: POST /panels with its"
            " seats.",
        )
