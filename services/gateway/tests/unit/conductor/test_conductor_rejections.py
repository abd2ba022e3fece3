"""What the author rejected in earlier runs: it holds until it is taken back."""

import pytest

from roundtable_gateway.domain.finding import Disposition
from services.gateway.tests.support.conducting import drive
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.panel_answers import found, made_up, repaired
from services.gateway.tests.support.rejecting import rejected_in, taken_back_in
from services.gateway.tests.support.samples import answer, draft, run_summary


@pytest.fixture
async def earlier() -> FakeLedger:
    """A run of before, of which the author rejected the only finding."""
    ledger = FakeLedger(run_summary())
    await drive(ledger, FakeRunner(A=[answer(draft())]))
    return ledger


async def test_rejection_that_was_taken_back_rejects_no_more(
    earlier: FakeLedger,
) -> None:
    """Who accepts a point that came rejected wants to hear of it again."""
    rejection = rejected_in("run_0", earlier)
    ledger = FakeLedger(run_summary())
    ledger.rejections = (taken_back_in("run_01", rejection), rejection)

    await drive(ledger, FakeRunner(A=[answer(draft())]))

    (finding,) = ledger.detail().findings
    assert (finding.disposition, finding.rejected_in_run_id) == (Disposition.OPEN, None)


async def test_rejection_after_it_was_taken_back_holds(earlier: FakeLedger) -> None:
    """The last word counts, whichever run it was said in."""
    rejection = rejected_in("run_0", earlier)
    ledger = FakeLedger(run_summary())
    ledger.rejections = (rejection, taken_back_in("run_01", rejection))

    await drive(ledger, FakeRunner(A=[answer(draft())]))

    (finding,) = ledger.detail().findings
    assert finding.rejected_in_run_id == "run_0"
    assert finding.disposition is Disposition.REJECTED


async def test_point_is_known_again_once_its_words_are_found() -> None:
    """Made-up words are no rejected ones; the repaired ones may be."""
    runner = {"A": [answer(made_up())], "repair_A": [repaired(found())]}
    earlier = FakeLedger(run_summary())
    await drive(earlier, FakeRunner(**runner))
    ledger = FakeLedger(run_summary())
    ledger.rejections = (rejected_in("run_0", earlier),)

    await drive(ledger, FakeRunner(**runner))

    (finding,) = ledger.detail().findings
    assert finding.rejected_in_run_id == "run_0"
    assert finding.disposition is Disposition.REJECTED
