"""Personas and panels as people send them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.gateway.tests.support.http_harness import WRITE
from services.gateway.tests.support.token_gateway import TokenGateway, bearer


def persona_body(name: str = "Tender reader", **changes: Any) -> dict[str, Any]:
    """Return a persona to write."""
    return {
        "name": name,
        "role": "Reads tenders for a small town",
        "summary": "Looks for what the offer will cost in year three.",
        "background": "Twenty years of tenders, two of them in court.",
        "priorities": ["Whole cost", "A way out"],
        "pet_peeves": ["From, as in: from 9 euros"],
        "objections": ["And what does it cost once we depend on it?"],
        "convinced_by": "A price list with an end date.",
        "voice": "Dry, short, with figures.",
        "influences": "The treasurer.",
        "authority": "Can say no, not yes.",
        "owns": ["cost", "termination"],
        "ignores": ["clarity"],
        "questions": ["What does it cost?", "Who may raise it?", "How do we leave?"],
        "method": "work_back_from_failure",
        "strictness": 4,
        **changes,
    }


class LibraryClient:
    """A person's way to personas and panels.

    Args:
        http: A client of the gateway; its headers say who is calling.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def write(self, name: str = "Tender reader", **changes: Any) -> Any:
        """Write a persona and return it."""
        response = await self.http.post(
            "/api/v1/personas", json=persona_body(name, **changes)
        )
        assert response.status_code == 201, response.text
        return response.json()

    async def rewrite(self, persona: dict[str, Any], **changes: Any) -> Any:
        """Write the next version of a persona and return it."""
        response = await self.http.put(
            f"/api/v1/personas/{persona['id']}",
            json=persona_body(persona["name"], **changes),
            headers={"If-Match": f'"{persona["etag"]}"'},
        )
        assert response.status_code == 200, response.text
        return response.json()

    async def load(self, text: str, *, media_type: str = "application/yaml") -> Any:
        """Import a pack and return the answer."""
        return await self.http.post(
            "/api/v1/personas/import",
            content=text.encode(),
            headers={"Content-Type": media_type},
        )

    async def seat(self, *seats: dict[str, Any], name: str = "Tenders") -> Any:
        """Put a panel together and return it."""
        response = await self.http.post(
            "/api/v1/panels", json={"name": name, "seats": list(seats)}
        )
        assert response.status_code == 201, response.text
        return response.json()

    async def every(self, plural: str, **params: Any) -> list[Any]:
        """Return a list's every item, page by page."""
        items: list[Any] = []
        token: str | None = ""
        while token is not None:
            response = await self.http.get(
                f"/api/v1/{plural}", params={**params, "page_token": token}
            )
            assert response.status_code == 200, response.text
            items += response.json()[plural]
            token = response.json()["next_page_token"]
        return items


@asynccontextmanager
async def library_client(
    door: TokenGateway, owner: str
) -> AsyncIterator[LibraryClient]:
    """Sign a person in."""
    secret = (await door.token(owner)).secret
    async with httpx.AsyncClient(
        base_url=door.http.base_url,
        headers=WRITE | bearer(secret),
        trust_env=False,
        timeout=30,  # the largest imports, on a machine that does much else
    ) as http:
        yield LibraryClient(http)
