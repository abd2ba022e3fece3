"""A discussion that a retry goes on with: what was moved follows what was said."""

import pytest

from roundtable_gateway.domain.event import AgendaSet, FindingChanged
from roundtable_gateway.domain.finding import Finding, Severity
from services.gateway.tests.support.conducting import PassingClock, drive
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.panel_answers import roundtable, statement, word
from services.gateway.tests.support.samples import answer, draft, failure

_REFUSED: Script = [failure("refused")]


def _concession(severity: str) -> Script:
    """Return an author's word that takes its own blocker back to a severity."""
    conceded = statement(
        move="concede", stance="agree", severity=severity, quote="Ship it by Friday."
    )
    return [word(conceded)]


_DISPUTED: dict[str, Script] = {
    "A": [answer(draft(severity="blocker"))],
    "B": [answer(draft(severity="note"))],
    "round2_B": [word()],
    "round3_B": [word()],
}


async def _retried(ledger: FakeLedger, runner: FakeRunner) -> None:
    ledger.reopen()
    await drive(ledger, runner, clock=PassingClock())


def _finding(ledger: FakeLedger, finding_id: str = "A1") -> Finding:
    return next(each for each in ledger.detail().findings if each.id == finding_id)


@pytest.mark.parametrize("late", ["major", "blocker"])
async def test_round_that_is_asked_again_leaves_what_a_later_one_moved(
    late: str,
) -> None:
    """The last round counts, whenever it was held."""
    scripts = {**_DISPUTED, "round3_A": _concession("minor")}
    ledger = FakeLedger(roundtable(rounds=2))
    await drive(ledger, FakeRunner(**scripts, round2_A=_REFUSED))
    assert _finding(ledger).severity is Severity.MINOR

    await _retried(ledger, FakeRunner(**scripts, round2_A=_concession(late)))

    assert {each.round for each in ledger.detail().stances} == {2, 3}
    assert _finding(ledger).severity is Severity.MINOR
    assert ledger.types().count("finding.changed") == 1


async def test_new_agenda_takes_back_what_was_moved_on_the_old_one() -> None:
    """What was said is void, and so is what it moved: in one append."""
    ledger = FakeLedger(roundtable("ABC"))
    scripts = {**_DISPUTED, "round2_C": [word()]}
    conceding = FakeRunner(**scripts, C=_REFUSED, round2_A=_concession("minor"))
    await drive(ledger, conceding)
    moved = _finding(ledger).severity
    late = answer(draft("Absolute claim", severity="minor"))

    await _retried(ledger, FakeRunner(**scripts, C=[late], round2_A=[word()]))

    log = ledger.log()
    at = max(i for i, each in enumerate(log) if isinstance(each.fact, AgendaSet))
    changed = [i for i, e in enumerate(log) if isinstance(e.fact, FindingChanged)]
    assert (moved, _finding(ledger).severity) == (Severity.MINOR, Severity.BLOCKER)
    assert ledger.detail().stances == ()
    assert changed[-1] < at
    assert not set(range(changed[-1] + 1, at + 1)) & set(ledger.boundaries())
    (cluster,) = ledger.detail().clusters
    assert cluster.severity is Severity.BLOCKER
    decision = ledger.detail().decision
    assert decision is not None
    assert decision.blockers == ("A1",)
