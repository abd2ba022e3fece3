"""A run's decision computed anew: as the panel took it, and as the author left it."""

from collections.abc import Iterable
from dataclasses import replace

from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.finding import REJECTED_BEFORE, Disposition, Finding
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.panel.tally import tally


def without_answers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as the panel has them, before the author's answer to any.

    What the author rejected in an earlier run was never open to the panel.
    """
    return tuple(
        _as_rejected_before(finding)
        if finding.rejected_in_run_id is not None
        else replace(finding, disposition=Disposition.OPEN, disposition_reason=None)
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

    None where they took nothing out of the decision and put nothing back, before there
    is one, and while a retried run goes on: half of one gives no decision.
    """
    if detail.decision is None or not detail.run.state.is_ended:
        return None
    if not any(map(_is_moved, detail.findings)):
        return None
    return tally(detail.run, detail.turns, detail.findings, detail.stances)


def _as_rejected_before(finding: Finding) -> Finding:
    return replace(
        finding,
        disposition=Disposition.REJECTED,
        disposition_reason=REJECTED_BEFORE,
    )


def _is_moved(finding: Finding) -> bool:
    """Whether the author's answer decides if a finding is open."""
    is_rejected = finding.disposition is Disposition.REJECTED
    return is_rejected is (finding.rejected_in_run_id is None)
