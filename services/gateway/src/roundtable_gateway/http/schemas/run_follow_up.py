"""What people send to a run that is there."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from roundtable_gateway.domain.finding import Disposition

_Words = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")]


class DispositionBody(BaseModel):
    """The author's answer to a finding."""

    model_config = ConfigDict(extra="forbid")

    disposition: Disposition
    reason: _Words | None = None


class QuestionBody(BaseModel):
    """A question to one panelist, or to all of them where that is said to be null."""

    model_config = ConfigDict(extra="forbid")

    panelist_id: str | None
    text: _Words
