"""Refuting a blocker: who can, and with what evidence."""

from collections.abc import Callable

import pytest

from roundtable_gateway.domain.decision import Outcome
from roundtable_gateway.domain.finding import (
    Finding,
    Quote,
    QuoteStatus,
    Severity,
    Verdict,
)
from roundtable_gateway.panel.decision import Challenge, SeatResult, decide

MakeFinding = Callable[..., Finding]


def content_panel(count: int) -> list[SeatResult]:
    """Build seats A, B, C … of which nobody has anything against the document."""
    return [
        SeatResult(
            panelist_id=letter,
            finished=True,
            verdict=Verdict.APPROVE,
            overall=5,
            position="",
        )
        for letter in "ABCDE"[:count]
    ]


def quote(start: int, end: int, status: QuoteStatus = QuoteStatus.EXACT) -> Quote:
    """Build a quote of which only the place and the status matter."""
    if status is QuoteStatus.NOT_FOUND:
        return Quote(None, "words", status, None, None, None, None)
    words = "w" * (end - start)
    return Quote(words, words, status, None, "P1", start, end)


NEW = (quote(50, 60),)


@pytest.mark.parametrize(
    ("challengers", "stands"),
    [
        pytest.param("", True, id="nobody"),
        pytest.param("BC", True, id="half of the others"),
        pytest.param("BCD", False, id="most of the others"),
        pytest.param("BBB", True, id="one of them thrice"),
        pytest.param("ABC", True, id="its own seat is no other"),
        pytest.param("BCXYZ", True, id="whoever has no seat"),
    ],
)
def test_a_blocker_is_refuted_by_most_of_the_other_seats(
    make_finding: MakeFinding, challengers: str, *, stands: bool
) -> None:
    """More than half of the seats but its own must challenge it."""
    blocker = make_finding("F1", "A", severity=Severity.BLOCKER, quotes=(quote(0, 20),))
    other = make_finding("F2", "A", severity=Severity.BLOCKER)
    panel = content_panel(5)
    challenges = [Challenge(panelist, "F1", NEW) for panelist in challengers]

    decision = decide(panel, [blocker], challenges=challenges)
    both = decide(panel, [blocker, other], challenges=challenges)

    assert decision.blockers == (("F1",) if stands else ())
    assert decision.outcome is (Outcome.REWORK if stands else Outcome.SHIP)
    assert both.blockers == (("F1", "F2") if stands else ("F2",))


@pytest.mark.parametrize(
    ("quotes", "refutes"),
    [
        pytest.param((), False, id="without a quote"),
        pytest.param((quote(0, 20),), False, id="the finding's own quote"),
        pytest.param((quote(5, 10),), False, id="a part of it"),
        pytest.param((quote(15, 32),), True, id="a few words more than it"),
        pytest.param((quote(15, 31),), False, id="a word more than it"),
        pytest.param((quote(50, 60, QuoteStatus.NORMALIZED),), True, id="normalized"),
        pytest.param((quote(50, 60, QuoteStatus.AMBIGUOUS),), False, id="ambiguous"),
        pytest.param((quote(0, 0, QuoteStatus.NOT_FOUND),), False, id="not found"),
        pytest.param((quote(0, 20), quote(50, 60)), True, id="one of two is new"),
    ],
)
def test_a_challenge_needs_a_new_quote_that_was_found(
    make_finding: MakeFinding, quotes: tuple[Quote, ...], *, refutes: bool
) -> None:
    """A challenge without new evidence refutes nothing."""
    own = (quote(0, 20), quote(0, 0, QuoteStatus.NOT_FOUND))
    blocker = make_finding("F1", "A", severity=Severity.BLOCKER, quotes=own)
    challenge = Challenge("B", "F1", quotes)

    decision = decide(content_panel(2), [blocker], challenges=[challenge])

    assert (decision.blockers == ()) is refutes


def test_a_lone_seat_s_blocker_stands(make_finding: MakeFinding) -> None:
    """Without other seats nobody can refute."""
    blocker = make_finding("F1", "A", severity=Severity.BLOCKER)

    decision = decide(
        content_panel(1), [blocker], challenges=[Challenge("A", "F1", NEW)]
    )

    assert decision.blockers == ("F1",)
    assert decision.policy == "v1"
