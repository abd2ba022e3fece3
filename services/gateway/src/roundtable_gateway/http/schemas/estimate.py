"""What a run will take, before it is created."""

from dataclasses import dataclass
from typing import Self

from roundtable_gateway.domain.run import Engine
from roundtable_gateway.panel.estimate import Estimate


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """About what a run takes; null is what nobody knows.

    Attributes:
        seconds: How long it takes; null where no model of Anthropic's answers, as
            nobody has measured the one that does.
        cost_usd: What it costs; null where nobody knows a price.
    """

    turns: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: int | None

    @classmethod
    def of(cls, estimate: Estimate, engine: Engine) -> Self:
        """Return the contract's form of an estimate."""
        return cls(
            turns=estimate.turns,
            input_tokens=estimate.input_tokens,
            output_tokens=estimate.output_tokens,
            cost_usd=estimate.cost_usd,
            seconds=estimate.seconds if engine is Engine.CLAUDE else None,
        )
