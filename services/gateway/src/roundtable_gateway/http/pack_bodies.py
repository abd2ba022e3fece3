"""Persona packs as files: what an import takes and an export gives."""

import asyncio
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from roundtable_gateway.domain.persona import Persona
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.schemas.persona import PersonaPack
from roundtable_gateway.packs.errors import PackError
from roundtable_gateway.packs.export import to_json, to_yaml
from roundtable_gateway.packs.pack_text import read_json, read_yaml


class PackForm(StrEnum):
    """How a pack is written down."""

    YAML = "yaml"
    JSON = "json"


_MEDIA_TYPES = {PackForm.YAML: "application/yaml", PackForm.JSON: "application/json"}
_FORMS = {
    **{media_type: form for form, media_type in _MEDIA_TYPES.items()},
    # What YAML was called before RFC 9512.
    "application/x-yaml": PackForm.YAML,
    "text/yaml": PackForm.YAML,
    "text/x-yaml": PackForm.YAML,
}
_READERS = {PackForm.YAML: read_yaml, PackForm.JSON: read_json}
_WRITERS = {PackForm.YAML: to_yaml, PackForm.JSON: to_json}
_NAME = "import"

IMPORT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": PersonaPack.model_json_schema()}
            for media_type in _MEDIA_TYPES.values()
        },
    }
}
PACKS_SCHEMA: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The pack as a file.",
        "content": {
            media_type: {"schema": {"type": "string"}}
            for media_type in _MEDIA_TYPES.values()
        },
    }
}


async def read_pack(request: Request) -> object:
    """Return the plain values of a body, YAML or JSON by its media type.

    Raises Problem 415 for another type, PackError for what can't be read.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    form = _FORMS.get(media_type)
    if form is None:
        raise Problem(
            415,
            "UNSUPPORTED_BODY",
            "Send YAML, as application/yaml, or JSON, as application/json.",
        )
    text = _decode(await request.body())
    # Off the loop: YAML of this size takes a second.
    return await asyncio.to_thread(_READERS[form], text, file=_NAME)


def pack_response(persona: Persona, form: PackForm) -> Response:
    """Return a persona as a file."""
    name = quote(f"{persona.name}.{form}", safe="")
    return Response(
        _WRITERS[form]([persona], pack=persona.pack),
        media_type=_MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError(
            _NAME, "", problem="is not UTF-8 text", mend="save it as UTF-8"
        ) from error
