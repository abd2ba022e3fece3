"""Personas over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from roundtable_gateway.domain.persona import Persona
from roundtable_gateway.http.schemas.described import described_by
from roundtable_gateway.packs.drafts import DEFAULT_PACK

_Text = Annotated[str, Field(min_length=1)]


class _PersonaFields(BaseModel):
    """What a body holds."""

    model_config = ConfigDict(extra="forbid")

    pack: _Text = DEFAULT_PACK
    name: _Text
    role: _Text
    summary: _Text
    background: _Text
    priorities: list[_Text]
    pet_peeves: list[_Text]
    objections: list[_Text]
    convinced_by: _Text
    voice: _Text
    influences: _Text
    authority: _Text
    owns: list[_Text]
    ignores: list[_Text]
    questions: list[_Text]
    method: Literal[
        "enumerate", "attack", "work_back_from_failure", "first_time_reader"
    ]
    strictness: Annotated[int, Field(ge=1, le=5)]


class PersonaBody(RootModel[dict[str, JsonValue]]):
    """A persona to write. The rules are those of `personas/schema`."""

    model_config = described_by(_PersonaFields)


class _ImportedFields(_PersonaFields):
    """What an entry of an import holds; the last two count for nothing."""

    id: str | None = None
    version: int | None = None


class _PackFields(BaseModel):
    """What an import holds."""

    model_config = ConfigDict(extra="forbid")

    pack: _Text = DEFAULT_PACK
    personas: Annotated[list[_ImportedFields], Field(min_length=1, max_length=100)]


class PersonaPack(RootModel[dict[str, JsonValue]]):
    """Personas to import, in the form of the shipped packs."""

    model_config = described_by(_PackFields)


@dataclass(frozen=True, slots=True)
class PersonaList:
    """A page of personas, the caller's own first."""

    personas: tuple[Persona, ...]
    next_page_token: str | None


@dataclass(frozen=True, slots=True)
class ImportedPersonas:
    """What an import made, in the order of its text."""

    personas: tuple[Persona, ...]
