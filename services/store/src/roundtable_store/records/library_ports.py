"""What the RPC room needs of the database room for personas and panels."""

from collections.abc import Sequence
from typing import Protocol

from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.panels import PanelChange, PanelContent, PanelRecord
from roundtable_store.records.personas import (
    PersonaChange,
    PersonaContent,
    PersonaFilter,
    PersonaRecord,
)
from roundtable_store.records.requests import CreateKey


class Personas(Protocol):
    """Keeps people's personas; another's is not found (PERSONA_NOT_FOUND)."""

    async def create(
        self, contents: Sequence[PersonaContent], *, key: CreateKey
    ) -> tuple[PersonaRecord, ...]:
        """Store personas, all or none, or return those that the key stands for.

        Reasons: TOO_MANY_PERSONAS, IDEMPOTENCY_KEY_REUSED.
        """
        ...

    async def get(
        self, owner: str, persona_id: str, *, version: int | None
    ) -> PersonaRecord:
        """Return a persona, also an archived one, at its latest version or another."""
        ...

    async def find(
        self, owner: str, persona_ids: Sequence[str]
    ) -> tuple[PersonaRecord, ...]:
        """Return those that are the owner's and not archived."""
        ...

    async def list_page(
        self, owner: str, page: PageRequest, *, filters: PersonaFilter
    ) -> Page[PersonaRecord]:
        """Return a page of the owner's personas that are not archived."""
        ...

    async def update(self, owner: str, change: PersonaChange) -> PersonaRecord:
        """Store the next version (ETAG_MISMATCH, PERSONA_ARCHIVED)."""
        ...

    async def archive(self, owner: str, persona_id: str) -> None:
        """Take a persona out of the lists (PERSONA_ON_PANEL)."""
        ...


class Panels(Protocol):
    """Keeps people's panels; another's is not found (PANEL_NOT_FOUND)."""

    async def create(self, content: PanelContent, *, key: CreateKey) -> PanelRecord:
        """Store a panel, or return the one that the key stands for.

        Reasons: INVALID_FIELD for a seat, IDEMPOTENCY_KEY_REUSED.
        """
        ...

    async def get(self, owner: str, panel_id: str) -> PanelRecord:
        """Return a panel."""
        ...

    async def list_page(self, owner: str, page: PageRequest) -> Page[PanelRecord]:
        """Return a page of the owner's panels."""
        ...

    async def update(self, owner: str, change: PanelChange) -> PanelRecord:
        """Change a panel (ETAG_MISMATCH, INVALID_FIELD for a seat)."""
        ...

    async def delete(self, owner: str, panel_id: str) -> None:
        """Delete a panel."""
        ...
