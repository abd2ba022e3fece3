"""Panels over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from roundtable_gateway.domain import persona as domain
from roundtable_gateway.http.schemas.described import described_by
from roundtable_gateway.packs.drafts import DEFAULT_CONTROL, DEFAULT_DISCUSSION_ROUNDS
from roundtable_gateway.packs.overlap import PanelWarning, panel_warnings

_Text = Annotated[str, Field(min_length=1)]


class _SeatFields(BaseModel):
    """What a seat of a body holds."""

    model_config = ConfigDict(extra="forbid")

    persona_id: _Text
    model: _Text | None = None


class _PanelFields(BaseModel):
    """What a body holds."""

    model_config = ConfigDict(extra="forbid")

    name: _Text
    seats: Annotated[list[_SeatFields], Field(min_length=1, max_length=16)]
    discussion_rounds: Annotated[int, Field(ge=0, le=2)] = DEFAULT_DISCUSSION_ROUNDS
    control: bool = DEFAULT_CONTROL


class PanelBody(RootModel[dict[str, JsonValue]]):
    """A panel to put together. The rules are those of `personas/schema`."""

    model_config = described_by(_PanelFields)


@dataclass(frozen=True, slots=True)
class Panel(domain.Panel):
    """A panel, and what its owner may want to mend about it."""

    warnings: tuple[PanelWarning, ...]

    @classmethod
    def of(cls, panel: domain.Panel, personas: Mapping[str, domain.Persona]) -> Self:
        """Return the contract's form of a panel.

        Args:
            panel: The panel.
            personas: Those of its seats by id; one that is not there is gone.
        """
        parts = {
            field.name: getattr(panel, field.name) for field in fields(domain.Panel)
        }
        return cls(**parts, warnings=panel_warnings(panel, personas))


@dataclass(frozen=True, slots=True)
class PanelList:
    """A page of panels, the caller's own first."""

    panels: tuple[Panel, ...]
    next_page_token: str | None
