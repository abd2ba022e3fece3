"""A run's decision computed anew."""

from dataclasses import replace

from roundtable_gateway.domain.decision import DecisionReason, Outcome
from roundtable_gateway.domain.finding import Disposition, Finding, Severity, Verdict
from roundtable_gateway.domain.run import RunDetail, RunState
from roundtable_gateway.panel.standing import (
    current_decision,
    recompute_decision,
    without_answers,
)
from roundtable_gateway.panel.tally import tally
from services.gateway.tests.support.log_samples import ANSWERED_TURN, FINDING
from services.gateway.tests.support.samples import run_summary

_BLOCKER = replace(FINDING, severity=Severity.BLOCKER, rewrite=None)
_TURN = replace(ANSWERED_TURN, verdict=Verdict.APPROVE, overall=5)


def _decided(*findings: Finding) -> RunDetail:
    run = replace(run_summary(), state=RunState.SUCCEEDED)
    decision = tally(run, (_TURN,), findings, ())
    return RunDetail(run, (_TURN,), findings, decision)


def _answered(detail: RunDetail, disposition: Disposition) -> RunDetail:
    findings = tuple(
        replace(finding, disposition=disposition) for finding in detail.findings
    )
    return replace(detail, findings=findings)


def test_panels_decision_is_the_same_whatever_the_author_answers() -> None:
    """Accepted, rejected or deferred since: the panel said what it said."""
    detail = _decided(_BLOCKER)

    for disposition in Disposition:
        answered = _answered(detail, disposition)
        assert recompute_decision(answered) == detail.decision


def test_rejecting_the_blocker_changes_what_is_open() -> None:
    """The decision of what is left stands beside the panel's own."""
    detail = _decided(_BLOCKER)

    current = current_decision(_answered(detail, Disposition.REJECTED))

    assert detail.decision is not None
    assert detail.decision.outcome is Outcome.REWORK
    assert current is not None
    assert (current.outcome, current.reason) == (Outcome.SHIP, DecisionReason.CLEAR)


def test_half_of_a_retried_run_gives_no_decision() -> None:
    """The stored one is of the opening before, what was found since is not whole."""
    rejected = _answered(_decided(_BLOCKER), Disposition.REJECTED)
    goes_on = replace(rejected.run, state=RunState.RUNNING)

    assert current_decision(rejected) is not None
    assert current_decision(replace(rejected, run=goes_on)) is None


def test_answers_that_reject_nothing_leave_one_decision() -> None:
    """Accepting does not close a finding, nor does deferring."""
    detail = _decided(_BLOCKER)

    for disposition in Disposition:
        answered = _answered(detail, disposition)
        is_rejected = disposition is Disposition.REJECTED
        assert (current_decision(answered) is not None) is is_rejected


def test_what_was_rejected_in_an_earlier_run_was_never_open() -> None:
    """Only the author who opens it again makes it count."""
    known = replace(
        _BLOCKER, disposition=Disposition.REJECTED, rejected_in_run_id="run_0"
    )
    detail = _decided(known)

    opened = _answered(detail, Disposition.OPEN)

    assert detail.decision is not None
    assert detail.decision.outcome is Outcome.SHIP
    assert current_decision(detail) is None
    assert recompute_decision(opened) == detail.decision
    again = current_decision(opened)
    assert again is not None
    assert again.outcome is Outcome.REWORK


def test_undecided_run_has_nothing_to_compute() -> None:
    """No decision is set before its stage."""
    detail = RunDetail(run_summary(), (), (), None)

    assert recompute_decision(detail) is None
    assert current_decision(detail) is None


def test_findings_without_answers_are_open() -> None:
    """But for what an earlier run's rejection took out."""
    known = replace(FINDING, id="A2", rejected_in_run_id="run_0")
    accepted = replace(FINDING, disposition=Disposition.ACCEPTED)

    assert [each.disposition for each in without_answers((accepted, known))] == [
        Disposition.OPEN,
        Disposition.REJECTED,
    ]
