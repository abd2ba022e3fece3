"""What a run will take, before it is created."""

from dataclasses import asdict, dataclass
from typing import Self

from roundtable_gateway.panel.estimate import Estimate, Figures


@dataclass(frozen=True, slots=True)
class RunFigures:
    """About what a run takes; null is what nobody knows.

    Attributes:
        turns: That are answered; those that are tried again come on top.
        input_tokens: All that is read, from a cache or not.
        cost_usd: What the tokens cost by Anthropic's list, with nothing cached; null
            where nobody knows a price. A subscription is not billed by it.
        seconds: From start to end; null for rules, and for an endpoint unless its pace
            is set.
    """

    turns: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: int | None

    @classmethod
    def of(cls, figures: Figures, *, has_pace: bool) -> Self:
        """Return the contract's form of figures."""
        return cls(
            turns=figures.turns,
            input_tokens=figures.input_tokens,
            output_tokens=figures.output_tokens,
            cost_usd=figures.cost_usd,
            seconds=figures.seconds if has_pace else None,
        )


@dataclass(frozen=True, slots=True)
class RunEstimate(RunFigures):
    """About what a run takes, its discussion included.

    Attributes:
        turns_at_most: If everything is asked that may be.
        without_discussion: The same run where the panel has nothing to discuss; null
            where no discussion was asked for.
    """

    turns_at_most: int
    without_discussion: RunFigures | None

    @classmethod
    def telling(cls, estimate: Estimate, *, has_pace: bool) -> Self:
        """Return the contract's form of an estimate."""
        whole = RunFigures.of(estimate.whole, has_pace=has_pace)
        quiet = estimate.without_discussion
        return cls(
            **asdict(whole),
            turns_at_most=estimate.turns_at_most,
            without_discussion=(
                None if quiet is None else RunFigures.of(quiet, has_pace=has_pace)
            ),
        )
