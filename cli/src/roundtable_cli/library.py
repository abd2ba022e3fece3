"""Personas and panels of a gateway, as far as the terminal uses them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from roundtable_cli.client import API, GatewayClient, idempotency_key, json_of
from roundtable_cli.errors import MalformedAnswerError

_PAGE_SIZE = 100
_YAML, _JSON = "application/yaml", "application/json"


@dataclass(frozen=True, slots=True)
class Persona:
    """A persona; `fields` is all that it says, by name."""

    id: str
    name: str
    role: str
    pack: str
    version: int
    is_built_in: bool
    fields: Mapping[str, Any]

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Persona":
        """Read a persona; raises MalformedAnswerError for what is none."""
        try:
            return cls(
                id=str(content["id"]),
                name=str(content["name"]),
                role=str(content["role"]),
                pack=str(content["pack"]),
                version=int(content["version"]),
                is_built_in=bool(content["built_in"]),
                fields=content,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedAnswerError("a persona with fields missing") from error


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on a panel; without a model it has the run's."""

    persona_id: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel; `warnings` are in words."""

    id: str
    name: str
    seats: tuple[Seat, ...]
    discussion_rounds: int
    has_control: bool
    is_built_in: bool
    warnings: tuple[str, ...]

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Panel":
        """Read a panel; raises MalformedAnswerError for what is none."""
        try:
            return cls(
                id=str(content["id"]),
                name=str(content["name"]),
                seats=tuple(
                    Seat(str(seat["persona_id"]), seat["model"])
                    for seat in content["seats"]
                ),
                discussion_rounds=int(content["discussion_rounds"]),
                has_control=bool(content["control"]),
                is_built_in=bool(content["built_in"]),
                warnings=tuple(str(each["detail"]) for each in content["warnings"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedAnswerError("a panel with fields missing") from error


async def list_personas(
    client: GatewayClient, *, pack: str, query: str
) -> list[Persona]:
    """Return the personas that one may seat, one's own first."""
    content = await _every(client, "personas", pack=pack, query=query)
    return [Persona.from_json(each) for each in content]


async def get_persona(client: GatewayClient, persona_id: str) -> Persona:
    """Return a persona."""
    answer = await client.send("GET", _path("personas", persona_id))
    return Persona.from_json(json_of(answer))


async def import_personas(client: GatewayClient, path: Path) -> list[Persona]:
    """Write all personas of a pack's file, or none.

    Raises:
        OSError: The file can't be read.
    """
    answer = await client.send(
        "POST",
        f"{API}/personas/import",
        content=path.read_bytes(),  # noqa: ASYNC240 - nothing else goes on
        headers={
            "Content-Type": _JSON if path.suffix.lower() == ".json" else _YAML,
            **idempotency_key(),
        },
    )
    content = json_of(answer).get("personas")
    if not isinstance(content, list):
        raise MalformedAnswerError("an import without personas")
    return [Persona.from_json(each) for each in content]


async def export_persona(client: GatewayClient, persona_id: str, *, form: str) -> bytes:
    """Return a persona as a pack's file."""
    path = f"{_path('personas', persona_id)}/export"
    return (await client.send("GET", path, params={"format": form})).content


async def copy_persona(client: GatewayClient, persona_id: str) -> Persona:
    """Write a persona of one's own that begins as a copy."""
    path = f"{_path('personas', persona_id)}/copy"
    answer = await client.send("POST", path, headers=idempotency_key())
    return Persona.from_json(json_of(answer))


async def archive_persona(client: GatewayClient, persona_id: str) -> None:
    """Take a persona out of the lists; archiving again changes nothing."""
    await client.send("DELETE", _path("personas", persona_id))


async def list_panels(client: GatewayClient) -> list[Panel]:
    """Return the panels, one's own first."""
    return [Panel.from_json(each) for each in await _every(client, "panels")]


async def get_panel(client: GatewayClient, panel_id: str) -> Panel:
    """Return a panel."""
    answer = await client.send("GET", _path("panels", panel_id))
    return Panel.from_json(json_of(answer))


async def create_panel(client: GatewayClient, body: Mapping[str, Any]) -> Panel:
    """Put a panel together."""
    answer = await client.send(
        "POST", f"{API}/panels", json=body, headers=idempotency_key()
    )
    return Panel.from_json(json_of(answer))


async def _every(client: GatewayClient, plural: str, **params: str) -> list[Any]:
    """Return the items of all pages of a list."""
    items: list[Any] = []
    token: str | None = ""
    while token is not None:
        answer = await client.send(
            "GET",
            f"{API}/{plural}",
            params={**params, "page_size": _PAGE_SIZE, "page_token": token},
        )
        content = json_of(answer)
        try:
            items += content[plural]
            token = content["next_page_token"]
        except (KeyError, TypeError) as error:
            raise MalformedAnswerError(f"a list without {plural}") from error
    return items


def _path(plural: str, object_id: str) -> str:
    return f"{API}/{plural}/{quote(object_id, safe='')}"
