"""Merge losses: what disappears when findings are put together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Sample
from roundtable_eval.corpus import Side
from roundtable_eval.run_record import Finding, RunRecord
from roundtable_eval.scorers.matching import found_flaws
from roundtable_eval.scorers.shares import share


@dataclass(frozen=True, slots=True)
class MergeLosses:
    """What disappears when findings are put together; the control's are counted too.

    Attributes:
        findings: Findings handed in.
        unclustered: Those that are in no cluster.
        repeated: Those that are in several.
        found: Flaws found by a verified finding, a run at a time.
        hidden: Those of them that no cluster's lead points at.
        hidden_share: The latter of the former.
    """

    findings: int
    unclustered: int
    repeated: int
    found: int
    hidden: int
    hidden_share: float | None


def merge_losses(samples: Sequence[Sample]) -> MergeLosses:
    """Return what the clusters lost of the findings, and of the planted flaws."""
    runs = [(sample, run) for sample in samples for run in sample.records]
    places = [_places(run) for _, run in runs]
    flawed = [(s, run) for s, run in runs if s.side is Side.FLAWED]
    found = [found_flaws(_verified(run), s.document) for s, run in flawed]
    led = [found_flaws(_leads(run), s.document) for s, run in flawed]
    hidden = sum(len(all_ - shown) for all_, shown in zip(found, led, strict=True))
    found_count = sum(len(flaws) for flaws in found)
    return MergeLosses(
        findings=sum(len(run.findings) for _, run in runs),
        unclustered=sum(count.count(0) for count in places),
        repeated=sum(number > 1 for count in places for number in count),
        found=found_count,
        hidden=hidden,
        hidden_share=share(hidden, found_count),
    )


def _places(run: RunRecord) -> list[int]:
    """Return in how many clusters each finding is."""
    count = Counter(name for cluster in run.clusters for name in cluster.finding_ids)
    return [count[finding.id] for finding in run.findings]


def _verified(run: RunRecord) -> tuple[Finding, ...]:
    return tuple(finding for finding in run.findings if finding.is_verified)


def _leads(run: RunRecord) -> tuple[Finding, ...]:
    leads = {cluster.lead_finding_id for cluster in run.clusters}
    return tuple(finding for finding in _verified(run) if finding.id in leads)
