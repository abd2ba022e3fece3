"""What an author rejected in an earlier run, and thought over in another."""

from dataclasses import replace

from roundtable_gateway.domain.finding import Disposition, Rejection
from services.gateway.tests.support.fake_ledger import FakeLedger


def rejected_in(run_id: str, ledger: FakeLedger) -> Rejection:
    """Return the rejection of the first finding of a ledger's only run."""
    finding = ledger.detail().findings[0]
    return Rejection(run_id, replace(finding, disposition=Disposition.REJECTED))


def taken_back_in(run_id: str, rejection: Rejection) -> Rejection:
    """Return the author's other word where the same point came rejected."""
    finding = replace(
        rejection.finding,
        disposition=Disposition.ACCEPTED,
        rejected_in_run_id=rejection.run_id,
    )
    return Rejection(run_id, finding)
