"""Score spread: how far the same question gets the same answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from roundtable_eval.arms import Sample
from roundtable_eval.scorers.shares import mean, share


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """How replicates of one reading differ; nothing to say of a single one.

    Attributes:
        repeated: Twins read in two replicates or more.
        mean_range: Highest less lowest headline score, averaged over these.
        same_outcome_share: Share of these that got the same decisions each time.
    """

    repeated: int
    mean_range: float | None
    same_outcome_share: float | None


def score_spread(samples: Sequence[Sample]) -> ScoreSpread:
    """Return how far replicates differ."""
    groups = defaultdict(list)
    for sample in samples:
        groups[sample.document.slug, sample.side].append(sample)
    repeated = [group for group in groups.values() if len(group) > 1]
    scored = [[_score(sample) for sample in group] for group in repeated]
    known = [[score for score in group if score is not None] for group in scored]
    return ScoreSpread(
        repeated=len(repeated),
        mean_range=mean([max(group) - min(group) for group in known if len(group) > 1]),
        same_outcome_share=share(
            sum(
                len({_outcomes(sample) for sample in group}) == 1 for group in repeated
            ),
            len(repeated),
        ),
    )


def _score(sample: Sample) -> float | None:
    scores = [record.score for record in sample.records if record.score is not None]
    return median(scores) if scores else None


def _outcomes(sample: Sample) -> tuple[str, ...]:
    return tuple(sorted(record.outcome or "none" for record in sample.records))
