"""Flips: minds that change without new words of the document."""

from collections.abc import Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Sample
from roundtable_eval.scorers.shares import share


@dataclass(frozen=True, slots=True)
class Flips:
    """Changes of mind in the discussion.

    Attributes:
        stances: Answers given.
        changes: Those that differ from what the panelist held before.
        flips: Changes that brought no new words of the document.
        share: `flips` of `stances`.
    """

    stances: int
    changes: int
    flips: int
    share: float | None


def flips(samples: Sequence[Sample]) -> Flips:
    """Return the changes of mind, and those without evidence."""
    stances = [s for sample in samples for run in sample.records for s in run.stances]
    changed = [stance for stance in stances if stance.is_change]
    flipped = sum(not stance.is_evidenced for stance in changed)
    return Flips(
        stances=len(stances),
        changes=len(changed),
        flips=flipped,
        share=share(flipped, len(stances)),
    )
