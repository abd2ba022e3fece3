"""Uplift: what an arm finds beyond another, and at what price."""

from collections.abc import Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Arm, Sample
from roundtable_eval.corpus import Side
from roundtable_eval.scorers.recall import recall
from roundtable_eval.scorers.shares import mean, share


@dataclass(frozen=True, slots=True)
class Uplift:
    """What an arm finds beyond another, on what both have read.

    Attributes:
        pairs: Flawed documents and replicates that both have read.
        recall_difference: The arm's recall less the other's, averaged over the pairs.
        token_ratio: The arm's tokens by the other's; 1 is an equal budget.
    """

    arm: Arm
    over: Arm
    pairs: int
    recall_difference: float | None
    token_ratio: float | None


def uplift(samples: Sequence[Sample], arm: Arm, *, over: Arm) -> Uplift:
    """Return the uplift of an arm over another."""
    theirs = {_pair(s): s for s in samples if s.arm is over and s.side is Side.FLAWED}
    pairs = [
        (sample, theirs[_pair(sample)])
        for sample in samples
        if sample.arm is arm and sample.side is Side.FLAWED and _pair(sample) in theirs
    ]
    return Uplift(
        arm=arm,
        over=over,
        pairs=len(pairs),
        recall_difference=mean([_rate(ours) - _rate(other) for ours, other in pairs]),
        token_ratio=share(
            sum(ours.tokens for ours, _ in pairs),
            sum(other.tokens for _, other in pairs),
        ),
    )


def _pair(sample: Sample) -> tuple[str, int]:
    return sample.document.slug, sample.replicate


def _rate(sample: Sample) -> float:
    result = recall([sample])
    return result.found / result.flaws
