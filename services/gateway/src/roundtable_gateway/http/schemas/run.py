"""Runs over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from roundtable_gateway.domain.run import (
    Brief,
    Budget,
    Effort,
    Mode,
    RunSummary,
)

_MOST_SEATS = 16
_MOST_TURNS = 1_000_000
_ShortText = Annotated[str, Field(min_length=1, max_length=200)]
# The bound has pydantic refuse what is no Unicode, too, which no wire carries.
_Id = Annotated[str, Field(max_length=200)]
# What the runner takes: nothing that the CLI could read as a flag.
_ModelName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]{0,127}$")]
_LongText = Annotated[str, Field(min_length=1, max_length=4_000)]


class BriefBody(BaseModel):
    """What the author asks of the panel."""

    model_config = ConfigDict(extra="forbid")

    document_type: _ShortText | None = None
    audience: _LongText | None = None
    goal: _LongText | None = None
    scope: _LongText | None = None
    instructions: _LongText | None = None

    def to_domain(self) -> Brief:
        """Return the brief."""
        return Brief(**self.model_dump())


class BudgetBody(BaseModel):
    """What a run may spend."""

    model_config = ConfigDict(extra="forbid")

    turns: Annotated[int, Field(ge=1, le=_MOST_TURNS)] | None = None
    cost_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    def to_domain(self) -> Budget:
        """Return the budget."""
        return Budget(**self.model_dump())


class CreateRunBody(BaseModel):
    """A run to create."""

    model_config = ConfigDict(extra="forbid")

    document_id: _Id
    panel_id: _Id | None = None
    persona_ids: Annotated[
        list[_Id] | None, Field(min_length=1, max_length=_MOST_SEATS)
    ] = None
    mode: Mode
    discussion_rounds: Annotated[int, Field(ge=0, le=2)] | None = None
    model: _ModelName | None = None
    control: bool | None = None
    engine: Literal["rehearsal"] | None = None
    effort: Effort | None = None
    brief: BriefBody = BriefBody()
    budget: BudgetBody = BudgetBody()

    @model_validator(mode="after")
    def _one_panel(self) -> Self:
        if (self.panel_id is None) is (self.persona_ids is None):
            raise ValueError("give either panel_id or persona_ids, exactly one of them")
        return self


@dataclass(frozen=True, slots=True)
class RunList:
    """A page of runs, newest first."""

    runs: tuple[RunSummary, ...]
    next_page_token: str | None
