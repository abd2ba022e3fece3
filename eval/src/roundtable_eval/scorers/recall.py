"""Recall: how many of the planted flaws were found."""

from collections.abc import Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Sample
from roundtable_eval.corpus import Side, Sort
from roundtable_eval.scorers.matching import found_flaws
from roundtable_eval.scorers.shares import share


@dataclass(frozen=True, slots=True)
class SortRecall:
    """The same for one sort of flaw."""

    sort: Sort
    flaws: int
    found: int


@dataclass(frozen=True, slots=True)
class Recall:
    """How many of the planted flaws the seats found.

    Attributes:
        flaws: Planted, in all flawed samples.
        found: By a verified finding of a seat.
        found_unverified: By unverified findings of seats only; not in `found`.
        found_by_control_only: By a verified finding of the control; not in `found`.
        rate: `found` of `flaws`.
    """

    flaws: int
    found: int
    found_unverified: int
    found_by_control_only: int
    rate: float | None
    by_sort: tuple[SortRecall, ...]


def recall(samples: Sequence[Sample]) -> Recall:
    """Return the recall over the flawed samples."""
    flawed = [sample for sample in samples if sample.side is Side.FLAWED]
    planted = [flaw for sample in flawed for flaw in sample.document.flaws]
    found = [
        flaw
        for sample in flawed
        for flaw in sample.document.flaws
        if flaw.id in found_by_seats(sample)
    ]
    return Recall(
        flaws=len(planted),
        found=len(found),
        found_unverified=sum(len(_unverified_only(sample)) for sample in flawed),
        found_by_control_only=sum(len(_control_only(sample)) for sample in flawed),
        rate=share(len(found), len(planted)),
        by_sort=tuple(
            SortRecall(
                sort,
                flaws=sum(flaw.sort is sort for flaw in planted),
                found=sum(flaw.sort is sort for flaw in found),
            )
            for sort in sorted({flaw.sort for flaw in planted})
        ),
    )


def found_by_seats(sample: Sample) -> frozenset[str]:
    """Return the flaws that a verified finding of a seat points at."""
    verified = (finding for finding in sample.panel_findings if finding.is_verified)
    return found_flaws(verified, sample.document)


def _unverified_only(sample: Sample) -> frozenset[str]:
    unverified = (f for f in sample.panel_findings if not f.is_verified)
    return found_flaws(unverified, sample.document) - found_by_seats(sample)


def _control_only(sample: Sample) -> frozenset[str]:
    control = (f for f in sample.findings if f.panelist_id is None and f.is_verified)
    return found_flaws(control, sample.document) - found_by_seats(sample)
