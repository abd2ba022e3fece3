"""Personas and panels, read only."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from roundtable_gateway.domain.persona import Panel, Persona
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.paging import (
    DEFAULT_PAGE_SIZE,
    PageSize,
    PageToken,
    page_of,
)
from roundtable_gateway.packs.errors import UnknownEntryError
from roundtable_kit.errors import NotFound

router = APIRouter(tags=["personas and panels"])


@dataclass(frozen=True, slots=True)
class PersonaList:
    """A page of personas."""

    personas: tuple[Persona, ...]
    next_page_token: str | None


@dataclass(frozen=True, slots=True)
class PanelList:
    """A page of panels."""

    panels: tuple[Panel, ...]
    next_page_token: str | None


@router.get("/personas")
async def list_personas(
    context: ContextDep,
    _caller: CallerDep,
    pack: Annotated[str, Query(max_length=200)] = "",
    query: Annotated[str, Query(max_length=200)] = "",
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> PersonaList:
    """List personas, of one pack or with some words in name, role or summary."""
    personas = [
        persona
        for persona in context.catalogue.personas()
        if pack in ("", persona.pack) and _mentions(persona, query)
    ]
    page = page_of(personas, page_size=page_size, page_token=page_token)
    return PersonaList(page.items, page.next_page_token)


@router.get("/personas/{persona_id}")
async def get_persona(
    context: ContextDep,
    _caller: CallerDep,
    persona_id: str,
    response: Response,
    version: Annotated[int | None, Query(ge=1)] = None,
) -> Persona:
    """Return a persona, at its latest version unless another is asked for."""
    try:
        persona = context.catalogue.persona(persona_id)
    except UnknownEntryError as error:
        raise _not_found("persona") from error
    if version not in (None, persona.version):
        raise _not_found("version of this persona")
    response.headers["ETag"] = f'"{persona.etag}"'
    return persona


@router.get("/panels")
async def list_panels(
    context: ContextDep,
    _caller: CallerDep,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> PanelList:
    """List panels."""
    page = page_of(
        context.catalogue.panels(), page_size=page_size, page_token=page_token
    )
    return PanelList(page.items, page.next_page_token)


@router.get("/panels/{panel_id}")
async def get_panel(
    context: ContextDep, _caller: CallerDep, panel_id: str, response: Response
) -> Panel:
    """Return a panel."""
    try:
        panel = context.catalogue.panel(panel_id)
    except UnknownEntryError as error:
        raise _not_found("panel") from error
    response.headers["ETag"] = f'"{panel.etag}"'
    return panel


def _mentions(persona: Persona, query: str) -> bool:
    text = f"{persona.name}\n{persona.role}\n{persona.summary}"
    return query.casefold() in text.casefold()


def _not_found(what: str) -> NotFound:
    return NotFound("NOT_FOUND", f"There is no such {what}.")
