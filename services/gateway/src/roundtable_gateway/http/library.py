"""Personas and panels as a caller sees them: the built-in ones and their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.persona import Panel, Persona
from roundtable_gateway.packs.catalogue import Catalogue
from roundtable_gateway.packs.errors import UnknownEntryError
from roundtable_kit.errors import NotFound


class Personas(Protocol):
    """The personas that people wrote; another's is not found (PERSONA_NOT_FOUND)."""

    async def create(
        self, personas: Sequence[Persona], *, owner: str, key: RequestKey
    ) -> tuple[Persona, ...]:
        """Store personas, all or none (TOO_MANY_PERSONAS)."""
        ...

    async def get(
        self, persona_id: str, *, owner: str, version: int | None = None
    ) -> Persona:
        """Return a persona, also an archived one."""
        ...

    async def find(
        self, persona_ids: Iterable[str], *, owner: str
    ) -> tuple[Persona, ...]:
        """Return those that the owner may seat; the others are left out."""
        ...

    async def list(
        self,
        *,
        owner: str,
        page_size: int,
        page_token: str,
        pack: str = "",
        query: str = "",
    ) -> Page[Persona]:
        """Return a page of personas that are not archived, newest first."""
        ...

    async def update(self, persona: Persona, *, owner: str) -> Persona:
        """Store the next version (ETAG_MISMATCH, PERSONA_ARCHIVED)."""
        ...

    async def archive(self, persona_id: str, *, owner: str) -> None:
        """Take a persona out of the lists (PERSONA_ON_PANEL)."""
        ...


class Panels(Protocol):
    """People's panels; another's is not found (PANEL_NOT_FOUND)."""

    async def create(self, panel: Panel, *, owner: str, key: RequestKey) -> Panel:
        """Store a panel."""
        ...

    async def get(self, panel_id: str, *, owner: str) -> Panel:
        """Return a panel."""
        ...

    async def list(self, *, owner: str, page_size: int, page_token: str) -> Page[Panel]:
        """Return a page of panels, newest first."""
        ...

    async def update(self, panel: Panel, *, owner: str) -> Panel:
        """Change a panel (ETAG_MISMATCH)."""
        ...

    async def delete(self, panel_id: str, *, owner: str) -> None:
        """Delete a panel."""
        ...


@dataclass(frozen=True, slots=True)
class Library:
    """The shipped packs, and what people wrote themselves."""

    catalogue: Catalogue
    personas: Personas
    panels: Panels

    async def persona(
        self, persona_id: str, *, owner: str, version: int | None = None
    ) -> Persona:
        """Return a persona (PERSONA_NOT_FOUND)."""
        try:
            persona = self.catalogue.persona(persona_id)
        except UnknownEntryError:
            return await self.personas.get(persona_id, owner=owner, version=version)
        if version not in (None, persona.version):
            raise NotFound("PERSONA_NOT_FOUND", "The persona has no such version.")
        return persona

    async def find_personas(
        self, persona_ids: Iterable[str], *, owner: str
    ) -> Mapping[str, Persona]:
        """Return by id those that the owner may seat; the others are left out."""
        found: dict[str, Persona] = {}
        elsewhere: set[str] = set()
        for persona_id in persona_ids:
            try:
                found[persona_id] = self.catalogue.persona(persona_id)
            except UnknownEntryError:
                elsewhere.add(persona_id)
        for persona in await self.personas.find(elsewhere, owner=owner):
            found[persona.id] = persona
        return found

    async def panel(self, panel_id: str, *, owner: str) -> Panel:
        """Return a panel (PANEL_NOT_FOUND)."""
        try:
            return self.catalogue.panel(panel_id)
        except UnknownEntryError:
            return await self.panels.get(panel_id, owner=owner)
