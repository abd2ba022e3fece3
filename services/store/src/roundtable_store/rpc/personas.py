"""Serves the personas that people wrote."""

from typing import Any

import grpc
from typing_extensions import override

from roundtable.store.v1 import persona_service_pb2 as pb2
from roundtable.store.v1 import run_pb2
from roundtable.store.v1.persona_service_pb2_grpc import PersonaServiceServicer
from roundtable_store.records.etags import etag_of
from roundtable_store.records.library_ports import Personas
from roundtable_store.records.personas import (
    MAX_PERSONAS_AT_ONCE,
    PersonaChange,
    PersonaContent,
    PersonaFilter,
    PersonaRecord,
)
from roundtable_store.records.requests import CreateKey
from roundtable_store.rpc.callers import to_caller
from roundtable_store.rpc.paging import to_page_request, to_page_token
from roundtable_store.rpc.violations import Violations

_Context = grpc.aio.ServicerContext[Any, Any]


class PersonaServicer(PersonaServiceServicer):
    """Answers people about their own personas."""

    def __init__(self, personas: Personas) -> None:
        self._personas = personas

    @override
    async def CreatePersonas(
        self, request: pb2.CreatePersonasRequest, context: _Context
    ) -> pb2.CreatePersonasResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("request_sha256", request.request_sha256)
        if not 1 <= len(request.personas) <= MAX_PERSONAS_AT_ONCE:
            violations.add("personas", f"are 1 to {MAX_PERSONAS_AT_ONCE}")
        for index, persona in enumerate(request.personas):
            _require_content(violations, f"personas[{index}]", persona)
        violations.check()
        records = await self._personas.create(
            [_to_content(persona) for persona in request.personas],
            key=CreateKey(
                owner=owner,
                method="CreatePersonas",
                request_id=request.request_id,
                fingerprint=request.request_sha256,
            ),
        )
        return pb2.CreatePersonasResponse(personas=map(_to_persona, records))

    @override
    async def GetPersona(
        self, request: pb2.GetPersonaRequest, context: _Context
    ) -> pb2.GetPersonaResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        violations.require("persona_id", request.persona_id)
        if request.version < 0:
            violations.add("version", "must not be negative")
        violations.check()
        record = await self._personas.get(
            owner, request.persona_id, version=request.version or None
        )
        return pb2.GetPersonaResponse(persona=_to_persona(record))

    @override
    async def BatchGetPersonas(
        self, request: pb2.BatchGetPersonasRequest, context: _Context
    ) -> pb2.BatchGetPersonasResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        if len(request.persona_ids) > MAX_PERSONAS_AT_ONCE:
            violations.add("persona_ids", f"are at most {MAX_PERSONAS_AT_ONCE}")
        violations.check()
        records = await self._personas.find(owner, request.persona_ids)
        return pb2.BatchGetPersonasResponse(personas=map(_to_persona, records))

    @override
    async def ListPersonas(
        self, request: pb2.ListPersonasRequest, context: _Context
    ) -> pb2.ListPersonasResponse:
        page = await self._personas.list_page(
            to_caller(request.caller).require_user(),
            to_page_request(request.page_size, request.page_token),
            filters=PersonaFilter(request.pack, request.query),
        )
        return pb2.ListPersonasResponse(
            personas=map(_to_persona, page.items),
            next_page_token=to_page_token(page.next_cursor),
        )

    @override
    async def UpdatePersona(
        self, request: pb2.UpdatePersonaRequest, context: _Context
    ) -> pb2.UpdatePersonaResponse:
        owner = to_caller(request.caller).require_user()
        persona = request.persona
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("persona.persona_id", persona.persona_id)
        violations.require("persona.etag", persona.etag)
        _require_content(violations, "persona", persona)
        violations.check()
        change = PersonaChange(
            persona_id=persona.persona_id,
            request_id=request.request_id,
            etag=persona.etag,
            content=_to_content(persona),
        )
        record = await self._personas.update(owner, change)
        return pb2.UpdatePersonaResponse(persona=_to_persona(record))

    @override
    async def ArchivePersona(
        self, request: pb2.ArchivePersonaRequest, context: _Context
    ) -> pb2.ArchivePersonaResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("persona_id", request.persona_id)
        violations.check()
        await self._personas.archive(owner, request.persona_id)
        return pb2.ArchivePersonaResponse()


def _require_content(
    violations: Violations, field: str, persona: run_pb2.Persona
) -> None:
    violations.require(f"{field}.name", persona.name)
    violations.require(f"{field}.pack", persona.pack)
    violations.require(f"{field}.method", persona.method)


def _to_content(persona: run_pb2.Persona) -> PersonaContent:
    """Return what the persona says, without what the store sets."""
    body = run_pb2.Persona()
    body.CopyFrom(persona)
    body.ClearField("persona_id")
    body.ClearField("version")
    body.ClearField("is_built_in")
    body.ClearField("etag")
    return PersonaContent(
        pack=persona.pack,
        words=f"{persona.name}\n{persona.role}\n{persona.summary}",
        body=body.SerializeToString(),
    )


def _to_persona(record: PersonaRecord) -> run_pb2.Persona:
    persona = run_pb2.Persona.FromString(record.body)
    persona.persona_id = record.persona_id
    persona.version = record.version
    persona.etag = etag_of(record.version)
    return persona
