"""Writes personas down in the form of the shipped packs."""

import json
from collections.abc import Sequence
from typing import Any

import yaml

from roundtable_gateway.domain.persona import Persona

# In the order in which the shipped packs hold them.
_FIELDS = (
    *("id", "version", "name", "role", "summary", "background", "priorities"),
    *("pet_peeves", "objections", "convinced_by", "voice", "influences"),
    *("authority", "owns", "ignores", "questions", "method", "strictness"),
)


class _PlainDumper(yaml.SafeDumper):
    """Writes no aliases, which reading a pack refuses."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def to_yaml(personas: Sequence[Persona], *, pack: str) -> str:
    """Return a pack as YAML, which an import takes as it is."""
    return yaml.dump(
        _pack(personas, pack=pack),
        Dumper=_PlainDumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )


def to_json(personas: Sequence[Persona], *, pack: str) -> str:
    """Return a pack as JSON, which an import takes as it is."""
    return json.dumps(_pack(personas, pack=pack), ensure_ascii=False, indent=2) + "\n"


def _pack(personas: Sequence[Persona], *, pack: str) -> dict[str, Any]:
    return {"pack": pack, "personas": [_entry(persona) for persona in personas]}


def _entry(persona: Persona) -> dict[str, Any]:
    return {name: _plain(getattr(persona, name)) for name in _FIELDS}


def _plain(value: object) -> object:
    """Return a value as YAML and JSON know it."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value
