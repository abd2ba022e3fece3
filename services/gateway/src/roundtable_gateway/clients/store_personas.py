"""The personas that people wrote, in the store."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

import grpc

from roundtable.store.v1 import persona_service_pb2, persona_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.persona_converters import (
    persona_from_proto,
    persona_to_proto,
)
from roundtable_gateway.clients.store_documents import user
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.persona import Persona

# The most that the store returns at once.
_BATCH = 100


class StorePersonas:
    """Keeps personas on behalf of their owner, named by e-mail."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = persona_service_pb2_grpc.PersonaServiceStub(channel)

    async def create(
        self, personas: Sequence[Persona], *, owner: str, key: RequestKey
    ) -> tuple[Persona, ...]:
        """Store personas, all or none; the store sets id, version and etag."""
        request = persona_service_pb2.CreatePersonasRequest(
            caller=user(owner),
            request_id=key.request_id,
            request_sha256=key.request_sha256,
            personas=map(persona_to_proto, personas),
        )
        with errors_unwrapped():
            response = await self._stub.CreatePersonas(request)
        return tuple(map(persona_from_proto, response.personas))

    async def get(
        self, persona_id: str, *, owner: str, version: int | None = None
    ) -> Persona:
        """Return a persona, also an archived one, at its latest version or another."""
        request = persona_service_pb2.GetPersonaRequest(
            caller=user(owner), persona_id=persona_id, version=version or 0
        )
        with errors_unwrapped():
            response = await self._stub.GetPersona(request)
        return persona_from_proto(response.persona)

    async def find(
        self, persona_ids: Iterable[str], *, owner: str
    ) -> tuple[Persona, ...]:
        """Return those that the owner may seat; the others are left out."""
        found: list[Persona] = []
        for batch in _batches(sorted(set(persona_ids))):
            request = persona_service_pb2.BatchGetPersonasRequest(
                caller=user(owner), persona_ids=batch
            )
            with errors_unwrapped():
                response = await self._stub.BatchGetPersonas(request)
            found += map(persona_from_proto, response.personas)
        return tuple(found)

    async def list(
        self,
        *,
        owner: str,
        page_size: int,
        page_token: str,
        pack: str = "",
        query: str = "",
    ) -> Page[Persona]:
        """Return a page of the owner's personas, newest first."""
        request = persona_service_pb2.ListPersonasRequest(
            caller=user(owner),
            page_size=page_size,
            page_token=page_token,
            pack=pack,
            query=query,
        )
        with errors_unwrapped():
            response = await self._stub.ListPersonas(request)
        return Page(
            tuple(map(persona_from_proto, response.personas)),
            response.next_page_token or None,
        )

    async def update(self, persona: Persona, *, owner: str) -> Persona:
        """Store the next version; the etag is that of the version it was made from."""
        request = persona_service_pb2.UpdatePersonaRequest(
            caller=user(owner),
            request_id=uuid4().hex,
            persona=persona_to_proto(persona),
        )
        with errors_unwrapped():
            response = await self._stub.UpdatePersona(request)
        return persona_from_proto(response.persona)

    async def archive(self, persona_id: str, *, owner: str) -> None:
        """Take a persona out of the lists; one that is out stays so."""
        request = persona_service_pb2.ArchivePersonaRequest(
            caller=user(owner), request_id=uuid4().hex, persona_id=persona_id
        )
        with errors_unwrapped():
            await self._stub.ArchivePersona(request)


def _batches(persona_ids: Sequence[str]) -> Iterable[Sequence[str]]:
    starts = range(0, len(persona_ids), _BATCH)
    return (persona_ids[start : start + _BATCH] for start in starts)
