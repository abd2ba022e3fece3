"""The store's personas and panels where nobody has written any."""

from collections.abc import Iterable, Sequence

from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.persona import Panel, Persona
from roundtable_gateway.http.library import Library
from roundtable_gateway.packs.catalogue import Catalogue
from roundtable_kit.errors import InvalidArgument, NotFound


class NoPersonas:
    """Holds no persona and takes none."""

    async def create(
        self, personas: Sequence[Persona], *, owner: str, key: RequestKey
    ) -> tuple[Persona, ...]:
        """Take none."""
        raise InvalidArgument("TOO_MANY_PERSONAS", "None are kept here.")

    async def get(
        self, persona_id: str, *, owner: str, version: int | None = None
    ) -> Persona:
        """Find none."""
        raise NotFound("PERSONA_NOT_FOUND", "There are none here.")

    async def find(
        self, persona_ids: Iterable[str], *, owner: str
    ) -> tuple[Persona, ...]:
        """Find none."""
        # What the wire can't carry must not come so far.
        "".join(persona_ids).encode()
        return ()

    async def list(
        self,
        *,
        owner: str,
        page_size: int,
        page_token: str,
        pack: str = "",
        query: str = "",
    ) -> Page[Persona]:
        """Return none."""
        if page_token:
            raise InvalidArgument("BAD_PAGE_TOKEN", "Not one of this list's.")
        return Page((), None)

    async def update(self, persona: Persona, *, owner: str) -> Persona:
        """Find none."""
        raise NotFound("PERSONA_NOT_FOUND", "There are none here.")

    async def archive(self, persona_id: str, *, owner: str) -> None:
        """Find none."""
        raise NotFound("PERSONA_NOT_FOUND", "There are none here.")


class NoPanels:
    """Holds no panel and keeps none."""

    async def create(self, panel: Panel, *, owner: str, key: RequestKey) -> Panel:
        """Return it as it came."""
        return panel

    async def get(self, panel_id: str, *, owner: str) -> Panel:
        """Find none."""
        panel_id.encode()  # as above
        raise NotFound("PANEL_NOT_FOUND", "There are none here.")

    async def list(self, *, owner: str, page_size: int, page_token: str) -> Page[Panel]:
        """Return none."""
        if page_token:
            raise InvalidArgument("BAD_PAGE_TOKEN", "Not one of this list's.")
        return Page((), None)

    async def update(self, panel: Panel, *, owner: str) -> Panel:
        """Find none."""
        raise NotFound("PANEL_NOT_FOUND", "There are none here.")

    async def delete(self, panel_id: str, *, owner: str) -> None:
        """Find none."""
        raise NotFound("PANEL_NOT_FOUND", "There are none here.")


def shipped_library(catalogue: Catalogue) -> Library:
    """Return a library of nothing but the shipped packs."""
    return Library(catalogue, NoPersonas(), NoPanels())
