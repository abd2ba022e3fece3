"""Personas: the built-in ones, which are read only, and people's own."""

import asyncio
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Request, Response

from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.persona import Persona
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.drafting import faults_as_fields
from roundtable_gateway.http.etags import IfMatch, require_match, tell_etag
from roundtable_gateway.http.idempotency import sha256_of
from roundtable_gateway.http.json_bodies import JSON_ONLY
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.pack_bodies import (
    IMPORT_BODY,
    PACKS_SCHEMA,
    PackForm,
    pack_response,
    read_pack,
)
from roundtable_gateway.http.paging import (
    DEFAULT_PAGE_SIZE,
    PageSize,
    PageToken,
    own_then_shipped,
)
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.schemas.persona import (
    ImportedPersonas,
    PersonaBody,
    PersonaList,
)
from roundtable_gateway.packs.drafts import copy_of, draft_pack, draft_persona

router = APIRouter(tags=["personas"], max_body_size=LARGEST_BODY_BYTES)

_Version = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
_Key = Annotated[str | None, Header()]


@router.get("/personas")
async def list_personas(
    context: ContextDep,
    caller: CallerDep,
    pack: Annotated[str, Query(max_length=200)] = "",
    query: Annotated[str, Query(max_length=200)] = "",
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> PersonaList:
    """List personas, one's own first, newest first.

    Of one pack, or with some words in name, role or summary; archived ones are left
    out.
    """

    async def list_own(size: int, token: str) -> Page[Persona]:
        return await context.library.personas.list(
            owner=caller.email, page_size=size, page_token=token, pack=pack, query=query
        )

    shipped = [
        persona
        for persona in context.library.catalogue.personas()
        if pack in ("", persona.pack) and _mentions(persona, query)
    ]
    page = await own_then_shipped(
        list_own, shipped, page_size=page_size, page_token=page_token
    )
    return PersonaList(page.items, page.next_page_token)


@router.post("/personas", status_code=201, dependencies=JSON_ONLY)
async def create_persona(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    response: Response,
    body: PersonaBody,
    idempotency_key: _Key = None,
) -> Persona:
    """Write a persona."""
    with faults_as_fields():
        persona = draft_persona(body.root, schemas=context.library.catalogue.schemas)
    with context.keys_in_flight.hold(
        idempotency_key,
        caller=caller.email,
        route="personas",
        body_sha256=sha256_of(await request.body()),
    ) as key:
        [created] = await context.library.personas.create(
            [persona], owner=caller.email, key=key
        )
    tell_etag(response, created.etag)
    return created


@router.post("/personas/import", status_code=201, openapi_extra=IMPORT_BODY)
async def import_personas(
    context: ContextDep,
    caller: CallerDep,
    request: Request,
    idempotency_key: _Key = None,
) -> ImportedPersonas:
    """Write all personas of a pack, or none; each is new, whatever its id says."""
    with faults_as_fields():
        pack = await read_pack(request)
        personas = await asyncio.to_thread(
            draft_pack, pack, schemas=context.library.catalogue.schemas
        )
    with context.keys_in_flight.hold(
        idempotency_key,
        caller=caller.email,
        route="personas:import",
        body_sha256=sha256_of(await request.body()),
    ) as key:
        created = await context.library.personas.create(
            personas, owner=caller.email, key=key
        )
    return ImportedPersonas(created)


@router.get("/personas/{persona_id}")
async def get_persona(
    context: ContextDep,
    caller: CallerDep,
    persona_id: str,
    response: Response,
    version: _Version = None,
) -> Persona:
    """Return a persona, at its latest version unless another is asked for."""
    persona = await context.library.persona(
        persona_id, owner=caller.email, version=version
    )
    tell_etag(response, persona.etag)
    return persona


@router.put("/personas/{persona_id}", dependencies=JSON_ONLY)
async def update_persona(
    context: ContextDep,
    caller: CallerDep,
    persona_id: str,
    response: Response,
    body: PersonaBody,
    if_match: IfMatch = None,
) -> Persona:
    """Write a persona's next version, whole; runs keep the one they began with."""
    current = await context.library.persona(persona_id, owner=caller.email)
    _require_own(current)
    require_match(if_match, current.etag)
    fields = {"pack": current.pack, **body.root}
    with faults_as_fields():
        draft = draft_persona(fields, schemas=context.library.catalogue.schemas)
    updated = await context.library.personas.update(
        replace(draft, id=current.id, etag=current.etag), owner=caller.email
    )
    tell_etag(response, updated.etag)
    return updated


@router.delete("/personas/{persona_id}", status_code=204)
async def archive_persona(
    context: ContextDep, caller: CallerDep, persona_id: str
) -> None:
    """Archive a persona: it is listed and seated no more, and runs keep it."""
    _require_own(await context.library.persona(persona_id, owner=caller.email))
    await context.library.personas.archive(persona_id, owner=caller.email)


@router.post("/personas/{persona_id}/copy", status_code=201)
async def copy_persona(
    context: ContextDep,
    caller: CallerDep,
    persona_id: str,
    response: Response,
    idempotency_key: _Key = None,
) -> Persona:
    """Write a persona of one's own that begins as a copy of another."""
    persona = await context.library.persona(persona_id, owner=caller.email)
    with context.keys_in_flight.hold(
        idempotency_key,
        caller=caller.email,
        route=f"personas:{persona.id}:copy",
        body_sha256=sha256_of(),
    ) as key:
        [copied] = await context.library.personas.create(
            [copy_of(persona)], owner=caller.email, key=key
        )
    tell_etag(response, copied.etag)
    return copied


@router.get(
    "/personas/{persona_id}/export", response_class=Response, responses=PACKS_SCHEMA
)
async def export_persona(
    context: ContextDep,
    caller: CallerDep,
    persona_id: str,
    form: Annotated[PackForm, Query(alias="format")] = PackForm.YAML,
    version: _Version = None,
) -> Response:
    """Return a persona as a pack of one, which an import takes as it is."""
    persona = await context.library.persona(
        persona_id, owner=caller.email, version=version
    )
    return pack_response(persona, form)


def _mentions(persona: Persona, query: str) -> bool:
    text = f"{persona.name}\n{persona.role}\n{persona.summary}"
    return query.casefold() in text.casefold()


def _require_own(persona: Persona) -> None:
    if persona.built_in:
        raise Problem(
            403,
            "BUILT_IN_READ_ONLY",
            "A built-in persona stays as it is; copy it first (POST"
            f" /personas/{quote(persona.id)}/copy) and change the copy.",
        )
