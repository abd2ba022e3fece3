"""The decision from what is stored: whose word counts, and which challenge."""

from dataclasses import replace
from itertools import permutations

import pytest

from roundtable_gateway.clients.finding_converters import (
    decision_from_proto,
    decision_to_proto,
    finding_from_proto,
    finding_to_proto,
)
from roundtable_gateway.clients.process_converters import (
    stance_from_proto,
    stance_to_proto,
)
from roundtable_gateway.clients.run_converters import run_from_proto, run_to_proto
from roundtable_gateway.clients.turn_converters import turn_from_proto, turn_to_proto
from roundtable_gateway.domain.decision import DecisionReason, Outcome
from roundtable_gateway.domain.discussion import Move, Position, Stance
from roundtable_gateway.domain.finding import Severity, Verdict
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState
from roundtable_gateway.panel.tally import tally
from services.gateway.tests.support.panel_samples import (
    finding,
    quote,
    review,
    stance,
    word,
)
from services.gateway.tests.support.samples import run_summary

RUN = run_summary(seats="ABC")
REVIEWS = (review("A"), review("B"), review("C"))
BLOCKER = finding("A1", "A", severity=Severity.BLOCKER, quotes=(quote(0, 20),))


def challenge(panelist_id: str, number: int = 2, **changes: object) -> Stance:
    """Return an evidenced challenge of A1."""
    plain = stance(
        panelist_id,
        number,
        move=Move.CHALLENGE,
        position=Position.DISAGREE,
        is_change=False,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field may change


def test_seats_are_counted_by_their_reviews() -> None:
    """The control, sweeps and answers have no vote, and a failed review is none."""
    turns = (
        review("A", overall=4),
        review("B", overall=3),
        review("C", state=TurnState.FAILED),
        review(None, overall=1, verdict=Verdict.REQUEST_CHANGES),
        replace(review("C", overall=1), id="run_1-1-C-s1", kind=TurnKind.SWEEP),
        replace(review("B", overall=1), id="run_1-8-1-B", kind=TurnKind.ANSWER),
    )

    decision = tally(RUN, turns, (), ())

    assert (decision.seats, decision.seats_finished) == (3, 2)
    assert decision.score == 3.5
    assert decision.score_after_discussion is None


def test_a_change_without_evidence_moves_nothing() -> None:
    """Verdict, score and blocker stay what they were, as if nobody had spoken."""
    words = (word("A"), word("B"), word("C"))
    said = [
        stance("A", is_evidenced=False, severity_after=Severity.MINOR),
        challenge("B", is_evidenced=False, is_change=True),
        challenge("C", is_evidenced=False, is_change=True),
    ]

    silent = tally(RUN, REVIEWS, (BLOCKER,), ())
    decision = tally(RUN, (*REVIEWS, *words), (BLOCKER,), said)

    assert decision.score_after_discussion == decision.score
    assert replace(decision, score_after_discussion=None) == silent


def test_evidence_without_a_change_moves_no_verdict() -> None:
    """Who shows more for what it held anyway has not changed its mind."""
    decision = tally(RUN, (*REVIEWS, word("B")), (), [stance("B", is_change=False)])

    assert (decision.outcome, decision.reason) == (Outcome.SHIP, DecisionReason.CLEAR)
    assert decision.score_after_discussion == 5


def test_an_evidenced_change_moves_verdict_and_score_after() -> None:
    """The headline score stays that of round 1."""
    turns = (*REVIEWS, word("B", overall=1), word("C", overall=2))

    decision = tally(RUN, turns, (), [stance("B"), stance("C")])

    assert (decision.outcome, decision.reason) == (
        Outcome.REWORK,
        DecisionReason.REQUESTED_CHANGES,
    )
    assert (decision.score, decision.spread) == (5, 0)
    assert decision.score_after_discussion == 2
    assert [(each.panelist_id, each.position) for each in decision.dissent] == [
        ("A", "A in round 1")
    ]


LATER = word("B", 3, verdict=Verdict.APPROVE_WITH_CHANGES, overall=3)


@pytest.mark.parametrize(
    ("words", "said", "overall"),
    [
        pytest.param(
            (word("B"), LATER), (stance("B"), stance("B", 3)), 3, id="the last word"
        ),
        pytest.param(
            (word("B"), LATER),
            (stance("B"), stance("B", 3, is_evidenced=False)),
            3,
            id="moved in an earlier round",
        ),
        pytest.param(
            (word("B"), LATER),
            (stance("B", is_evidenced=False), stance("B", 3)),
            3,
            id="moved in the later round",
        ),
        pytest.param(
            (word("B"), LATER),
            (stance("B", 2, is_change=False), stance("B", 3, is_evidenced=False)),
            5,
            id="evidence and change apart",
        ),
        pytest.param(
            (word("B", 2), replace(LATER, state=TurnState.FAILED)),
            (stance("B"),),
            2,
            id="the last that did not fail",
        ),
        pytest.param(
            (word("B"), replace(LATER, verdict=Verdict.ABSTAIN)),
            (stance("B"), stance("B", 3)),
            2,
            id="abstaining takes nothing back",
        ),
        pytest.param(
            (word("B", agenda="replaced"),), (stance("B"),), 5, id="another agenda's"
        ),
        pytest.param((word("B"),), (stance("C"),), 5, id="another seat's change"),
        pytest.param((word("B", overall=None),), (stance("B"),), 5, id="no score"),
    ],
)
def test_which_word_of_a_seat_counts(
    words: tuple[Turn, ...], said: tuple[Stance, ...], overall: int
) -> None:
    """The last one from which the seat's mind had been changed with evidence."""
    run, turns = run_summary(seats="B"), (review("B"), *words)

    decision = tally(run, turns, (), said)

    assert decision.score_after_discussion == overall


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        pytest.param((challenge("B"), challenge("C")), False, id="both of the others"),
        pytest.param((challenge("B"),), True, id="one of two"),
        pytest.param((challenge("B"), challenge("B", 3)), True, id="one of them twice"),
        pytest.param((challenge("B"), challenge("C", 3)), False, id="in two rounds"),
        pytest.param(
            (challenge("B"), challenge("C", is_evidenced=False)),
            True,
            id="without evidence",
        ),
        pytest.param(
            (challenge("B"), challenge("C", quotes=(quote(0, 20),))),
            True,
            id="with the finding's own words",
        ),
        pytest.param(
            (challenge("B"), challenge("C", finding_id="B1")),
            True,
            id="another finding's",
        ),
        pytest.param(
            (challenge("B"), challenge("C", finding_id=None)), True, id="of marks"
        ),
        pytest.param(
            (challenge("B"), replace(challenge("C"), move=Move.REFINE)),
            True,
            id="not a challenge",
        ),
        pytest.param(
            (challenge("B"), replace(challenge("C"), position=Position.AGREE)),
            True,
            id="a challenge that agrees",
        ),
        pytest.param(
            (challenge("B"), challenge("C"), stance("C", 3)),
            True,
            id="taken back with evidence",
        ),
        pytest.param(
            (challenge("B"), challenge("C"), stance("C", 3, is_evidenced=False)),
            False,
            id="taken back without",
        ),
        pytest.param(
            (stance("C"), challenge("B", 3), challenge("C", 3)),
            False,
            id="after agreeing at first",
        ),
    ],
)
def test_a_blocker_falls_to_most_others_with_new_words(
    said: tuple[Stance, ...], *, stands: bool
) -> None:
    """Challenges count if they are evidenced, are another's, and are not taken back."""
    decision = tally(RUN, REVIEWS, (BLOCKER,), said)

    assert decision.blockers == (("A1",) if stands else ())


GIVEN_UP = stance(
    "A", severity_after=Severity.BLOCKER, move=Move.CONCEDE, position=Position.DISAGREE
)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        pytest.param((GIVEN_UP,), False, id="given up with evidence"),
        pytest.param((challenge("A"),), False, id="challenged by itself"),
        pytest.param(
            (replace(GIVEN_UP, is_evidenced=False),), True, id="without evidence"
        ),
        pytest.param(
            (replace(GIVEN_UP, position=Position.UNSURE),), True, id="in doubt"
        ),
        pytest.param(
            (replace(GIVEN_UP, panelist_id="B"),), True, id="another seat's word"
        ),
        pytest.param((replace(GIVEN_UP, finding_id="A2"),), True, id="another finding"),
        pytest.param((replace(GIVEN_UP, finding_id=None),), True, id="of marks"),
        pytest.param(
            (GIVEN_UP, stance("A", 3)), True, id="taken up again with evidence"
        ),
        pytest.param(
            (GIVEN_UP, stance("A", 3, is_evidenced=False)), False, id="again without"
        ),
        pytest.param(
            (stance("A"), replace(GIVEN_UP, round=3)), False, id="held on to at first"
        ),
        pytest.param(
            (GIVEN_UP, stance("A", item_id="I2")), True, id="held under another item"
        ),
    ],
)
def test_an_author_withdraws_its_own_blocker(
    said: tuple[Stance, ...], *, stands: bool
) -> None:
    """Its last word with evidence is that it disagrees; nobody else need challenge."""
    decision = tally(RUN, REVIEWS, (BLOCKER,), said)
    read_backwards = tally(RUN, REVIEWS, (BLOCKER,), said[::-1])

    assert decision.blockers == (("A1",) if stands else ())
    assert decision.outcome is (Outcome.REWORK if stands else Outcome.SHIP)
    assert read_backwards == decision


def test_the_order_of_what_is_stored_does_not_matter() -> None:
    """Any order gives the same decision, to the last bit."""
    turns = (*REVIEWS, word("B"), word("C"))
    findings = (BLOCKER, finding("B1", "B"), finding("X1", None))
    said = (challenge("B"), challenge("C"), stance("B", item_id="I2"))
    expected = repr(tally(RUN, turns, findings, said))

    for several in permutations(said):
        for three in permutations(findings):
            run = replace(RUN, panelists=RUN.panelists[::-1])
            assert repr(tally(run, turns[::-1], three, several)) == expected


@pytest.mark.parametrize("overalls", [(5, 4, 4), (5, 5, 2), (3, 4, None)])
def test_the_store_changes_no_bit_of_a_decision(
    overalls: tuple[int | None, ...],
) -> None:
    """What is decided again from what was stored reads the same, figure by figure."""
    turns = [
        *(
            review(seat, overall=each)
            for seat, each in zip("ABC", overalls, strict=True)
        ),
        word("B"),
    ]
    findings = [BLOCKER, finding("B1", "B"), finding("X1", None)]
    stances = [challenge("C"), stance("B", quotes=(quote(0, 25),))]
    decision = tally(RUN, turns, findings, stances)

    stored = tally(
        run_from_proto(run_to_proto(RUN)),
        [turn_from_proto(turn_to_proto(each)) for each in turns],
        [finding_from_proto(finding_to_proto(each)) for each in findings],
        [stance_from_proto(stance_to_proto(each)) for each in stances],
    )

    assert repr(stored) == repr(decision)
    assert repr(decision_from_proto(decision_to_proto(decision))) == repr(decision)
