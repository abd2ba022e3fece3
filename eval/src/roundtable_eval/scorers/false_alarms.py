"""False alarms: faults that nobody planted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Sample
from roundtable_eval.corpus import Side
from roundtable_eval.run_record import Finding
from roundtable_eval.scorers.matching import finds
from roundtable_eval.scorers.shares import share


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Verified faults of the seats that nobody planted.

    Attributes:
        clean_samples: Readings of clean twins.
        clean_findings: Findings on them.
        clean_points: The same, those on the same words or subject counted once.
        clean_points_per_reading: The same by reading.
        flawed_findings: Findings on flawed documents.
        unkeyed_findings: Those of them that point at no planted flaw.
        unkeyed_share: The latter of the former.
    """

    clean_samples: int
    clean_findings: int
    clean_points: int
    clean_points_per_reading: float | None
    flawed_findings: int
    unkeyed_findings: int
    unkeyed_share: float | None


def false_alarms(samples: Sequence[Sample]) -> FalseAlarms:
    """Return the false alarms on both twins."""
    clean = [_faults(sample) for sample in samples if sample.side is Side.CLEAN]
    flawed = [sample for sample in samples if sample.side is Side.FLAWED]
    points = sum(_points(findings) for findings in clean)
    on_flawed = sum(len(_faults(sample)) for sample in flawed)
    unkeyed = sum(_unkeyed(sample) for sample in flawed)
    return FalseAlarms(
        clean_samples=len(clean),
        clean_findings=sum(len(findings) for findings in clean),
        clean_points=points,
        clean_points_per_reading=share(points, len(clean)),
        flawed_findings=on_flawed,
        unkeyed_findings=unkeyed,
        unkeyed_share=share(unkeyed, on_flawed),
    )


def _faults(sample: Sample) -> tuple[Finding, ...]:
    return tuple(f for f in sample.panel_findings if f.is_fault and f.is_verified)


def _unkeyed(sample: Sample) -> int:
    return sum(
        not any(finds(finding, flaw, sample.text) for flaw in sample.document.flaws)
        for finding in _faults(sample)
    )


def _points(findings: Iterable[Finding]) -> int:
    """Count findings on the same words once, and omissions of one criterion once."""
    listed = tuple(findings)
    subjects = {finding.criterion for finding in listed if not finding.spans}
    spans = sorted(
        (finding.spans[0].start, finding.spans[0].end)
        for finding in listed
        if finding.spans
    )
    points, reached = len(subjects), -1
    for start, end in spans:
        points += start >= reached
        reached = max(reached, end)
    return points
