"""A run's decision computed anew: as the panel took it, and as the author left it."""

from collections.abc import Iterable
from dataclasses import replace

from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.panel.tally import tally


def without_answers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as the panel has them, before the author's answer to any.

    What the author rejected in an earlier run was never open to the panel.
    """
    return tuple(
        replace(finding, disposition=_first_disposition(finding))
        for finding in findings
    )


def recompute_decision(detail: RunDetail) -> Decision | None:
    """Return the panel's decision as what is stored gives it; None before there is one.

    The author's answers count for nothing in it.
    """
    if detail.decision is None:
        return None
    findings = without_answers(detail.findings)
    return tally(detail.run, detail.turns, findings, detail.stances)


def current_decision(detail: RunDetail) -> Decision | None:
    """Return what the policy says of what the author's answers have left open.

    None where they took nothing out of the decision and put nothing back, and before
    there is one.
    """
    if detail.decision is None or not any(map(_is_moved, detail.findings)):
        return None
    return tally(detail.run, detail.turns, detail.findings, detail.stances)


def _first_disposition(finding: Finding) -> Disposition:
    if finding.rejected_in_run_id is None:
        return Disposition.OPEN
    return Disposition.REJECTED


def _is_moved(finding: Finding) -> bool:
    """Whether the author's answer decides if a finding is open."""
    is_rejected = finding.disposition is Disposition.REJECTED
    return is_rejected is (finding.rejected_in_run_id is None)
