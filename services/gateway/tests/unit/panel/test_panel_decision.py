"""Decision policy v1, row by row and over the whole grid of inputs."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product

import pytest

from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    FixKind,
    Severity,
    Verdict,
)
from roundtable_gateway.panel.decision import SeatResult, decide

MakeFinding = Callable[..., Finding]
Ballot = tuple[str, int | None]

VERDICTS = {
    "approve": Verdict.APPROVE,
    "changes": Verdict.APPROVE_WITH_CHANGES,
    "request": Verdict.REQUEST_CHANGES,
    "abstain": Verdict.ABSTAIN,
}


def seats(*ballots: Ballot) -> list[SeatResult]:
    """Build seats A, B, C …; "failed" is a seat that did not finish."""
    return [
        SeatResult(
            panelist_id=chr(ord("A") + number),
            finished=verdict != "failed",
            verdict=VERDICTS.get(verdict),
            overall=overall,
            position=f"{verdict} at {overall}",
        )
        for number, (verdict, overall) in enumerate(ballots)
    ]


def row(decision: Decision) -> tuple[str, str]:
    """Give outcome and reason."""
    return decision.outcome.value, decision.reason.value


CONTENT: list[Ballot] = [("approve", 5), ("approve", 4), ("changes", 4)]

MECHANICAL: dict[str, object] = {
    "severity": Severity.BLOCKER,
    "rewrite": "Say 2026.",
    "fix_kind": FixKind.MECHANICAL,
}
BLOCKER: dict[str, object] = {"severity": Severity.BLOCKER}
MAJOR: dict[str, object] = {"severity": Severity.MAJOR}


@pytest.mark.parametrize(
    ("ballots", "findings", "expected"),
    [
        pytest.param(
            [("approve", 5), ("failed", None), ("failed", None)],
            [BLOCKER],
            ("no_decision", "QUORUM"),
            id="1",
        ),
        pytest.param(CONTENT, [MECHANICAL], ("fix_then_ship", "BLOCKERS"), id="2"),
        pytest.param(
            CONTENT, [MECHANICAL, BLOCKER], ("rework", "BLOCKERS"), id="3 one is not"
        ),
        pytest.param(
            CONTENT,
            [{**MECHANICAL, "rewrite": None}],
            ("rework", "BLOCKERS"),
            id="3 without a rewrite",
        ),
        pytest.param(
            CONTENT,
            [{**MECHANICAL, "fix_kind": FixKind.CHOICE}],
            ("rework", "BLOCKERS"),
            id="3 a choice",
        ),
        pytest.param(
            [("request", 4), ("approve", 4)],
            [],
            ("rework", "REQUESTED_CHANGES"),
            id="4 half",
        ),
        pytest.param(
            [("changes", 2), ("changes", 2), ("changes", 5)],
            [],
            ("rework", "LOW_SCORE"),
            id="5",
        ),
        pytest.param(
            [("changes", 3), ("approve", 5)],
            [MAJOR],
            ("no_decision", "SPLIT_PANEL"),
            id="6",
        ),
        pytest.param(CONTENT, [MAJOR], ("fix_then_ship", "MAJORS"), id="7 a major"),
        pytest.param(
            [*CONTENT, ("request", 4)],
            [],
            ("fix_then_ship", "REQUESTED_CHANGES"),
            id="7 a request",
        ),
        pytest.param(
            [("approve", 3), ("approve", 4)],
            [],
            ("fix_then_ship", "LOW_SCORE"),
            id="7 a median of 3.5",
        ),
        pytest.param(
            [*CONTENT, ("request", 3)],
            [MAJOR],
            ("fix_then_ship", "MAJORS"),
            id="7 a major comes first",
        ),
        pytest.param(
            [("approve", 3), ("approve", 3), ("request", 3)],
            [],
            ("fix_then_ship", "REQUESTED_CHANGES"),
            id="7 a request before the score",
        ),
        pytest.param(CONTENT, [], ("ship", "CLEAR"), id="8"),
        pytest.param([], [], ("no_decision", "QUORUM"), id="no seats"),
    ],
)
def test_each_row_of_the_policy(
    make_finding: MakeFinding,
    ballots: list[Ballot],
    findings: list[dict[str, object]],
    expected: tuple[str, str],
) -> None:
    """The first row that applies gives outcome and reason."""
    raised = [make_finding(f"F{i}", "A", **f) for i, f in enumerate(findings)]

    assert row(decide(seats(*ballots), raised)) == expected


def expected_row(
    ballots: Sequence[Ballot], blockers: Sequence[bool], majors: int
) -> tuple[str, str]:
    """Transcribe the table: every row that applies, of which the first counts.

    Args:
        ballots: Verdict and overall score of each seat.
        blockers: For each standing blocker, whether it is mechanical with a rewrite.
        majors: How many open verified majors there are.
    """
    finished = [
        (verdict, score)
        for verdict, score in ballots
        if verdict in ("approve", "changes", "request") and score is not None
    ]
    scores = sorted(score for _, score in finished)
    requests = len([verdict for verdict, _ in finished if verdict == "request"])
    if Fraction(len(finished)) < Fraction(2, 3) * len(ballots):
        return "no_decision", "QUORUM"
    half = len(scores) // 2
    middle = Fraction(scores[half] + scores[-1 - half], 2)

    def quartile(quarters: int) -> Fraction:
        at = Fraction(quarters * (len(scores) - 1), 4)
        low = int(at)
        high = min(low + 1, len(scores) - 1)
        return scores[low] + (at - low) * (scores[high] - scores[low])

    spread = quartile(3) - quartile(1) if len(scores) >= 4 else scores[-1] - scores[0]
    rows = {
        2: (blockers and False not in blockers, "fix_then_ship", "BLOCKERS"),
        3: (blockers, "rework", "BLOCKERS"),
        4: (requests >= Fraction(len(finished), 2), "rework", "REQUESTED_CHANGES"),
        5: (middle <= 2, "rework", "LOW_SCORE"),
        6: (spread >= 2, "no_decision", "SPLIT_PANEL"),
        7: (majors, "fix_then_ship", "MAJORS"),
        7.1: (requests, "fix_then_ship", "REQUESTED_CHANGES"),
        7.2: (middle < 4, "fix_then_ship", "LOW_SCORE"),
        8: (True, "ship", "CLEAR"),
    }
    first = min(number for number, (applies, _, _) in rows.items() if applies)
    return rows[first][1:]


# What a finding can be, and what the table sees of it: blockers, majors.
FINDINGS: list[tuple[dict[str, object], list[bool], int]] = [
    (MECHANICAL, [True], 0),
    (BLOCKER, [False], 0),
    ({**BLOCKER, "fix_kind": FixKind.MECHANICAL}, [False], 0),
    (
        {**BLOCKER, "kind": FindingKind.RISK, "disposition": Disposition.ACCEPTED},
        [False],
        0,
    ),
    (
        {**BLOCKER, "kind": FindingKind.OMISSION, "disposition": Disposition.DEFERRED},
        [False],
        0,
    ),
    ({**BLOCKER, "disposition": Disposition.REJECTED}, [], 0),
    ({**BLOCKER, "verified": False}, [], 0),
    ({**BLOCKER, "kind": FindingKind.QUESTION}, [], 0),
    ({**BLOCKER, "kind": FindingKind.STRENGTH}, [], 0),
    ({**BLOCKER, "panelist_id": "control"}, [], 0),
    (MAJOR, [], 1),
    ({**MAJOR, "disposition": Disposition.REJECTED}, [], 0),
    ({**MAJOR, "verified": False}, [], 0),
    ({**MAJOR, "kind": FindingKind.STRENGTH}, [], 0),
    ({**MAJOR, "panelist_id": "control"}, [], 0),
    ({"severity": Severity.MINOR}, [], 0),
    ({"severity": Severity.NOTE}, [], 0),
]

BALLOTS: list[Ballot] = [
    *(("approve", score) for score in (3, 4, 5)),
    *(("changes", score) for score in (2, 3, 4)),
    *(("request", score) for score in (1, 3)),
    ("abstain", 4),
    ("approve", None),
    ("failed", None),
]


@pytest.mark.parametrize("count", range(1, 6))
def test_the_whole_grid_follows_the_table(
    make_finding: MakeFinding, count: int
) -> None:
    """Every combination of ballots and findings gives what the table says."""
    pairs = [[], *combinations_with_replacement(FINDINGS, 1 if count > 3 else 2)]
    cases = [
        (
            [
                make_finding(f"F{i}", **{"panelist_id": "A", **f})
                for i, (f, _, _) in enumerate(pair)
            ],
            [mechanical for _, blockers, _ in pair for mechanical in blockers],
            sum(majors for _, _, majors in pair),
        )
        for pair in pairs
    ]
    reached = set()
    for ballots in combinations_with_replacement(BALLOTS, count):
        panel = seats(*ballots)
        for findings, blockers, majors in cases:
            decision = decide(panel, findings)
            assert row(decision) == expected_row(ballots, blockers, majors)
            assert len(decision.blockers) == len(blockers)
            assert len(decision.majors) == majors
            reached.add(row(decision))

    assert len(reached) >= 6


@pytest.mark.parametrize(
    ("count", "quorum"),
    [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6), (10, 7), (16, 11)],
)
def test_the_quorum_is_two_thirds_rounded_up(count: int, quorum: int) -> None:
    """One seat less than two thirds decides nothing."""
    full = [("approve", 5)] * count
    enough = decide(seats(*full[:quorum], *[("failed", None)] * (count - quorum)), [])
    short = decide(
        seats(*full[1:quorum], *[("failed", None)] * (count - quorum + 1)), []
    )

    assert row(enough) == ("ship", "CLEAR")
    assert (enough.seats, enough.seats_finished) == (count, quorum)
    assert row(short) == ("no_decision", "QUORUM")
    assert (short.seats, short.seats_finished) == (count, quorum - 1)


@pytest.mark.parametrize(
    "ballot",
    [
        SeatResult(
            "B", finished=False, verdict=Verdict.APPROVE, overall=5, position=""
        ),
        SeatResult("B", finished=True, verdict=Verdict.ABSTAIN, overall=5, position=""),
        SeatResult(
            "B", finished=True, verdict=Verdict.APPROVE, overall=None, position=""
        ),
        SeatResult("B", finished=True, verdict=None, overall=5, position=""),
    ],
    ids=["failed", "abstains", "no score", "no verdict"],
)
def test_a_seat_that_does_not_commit_has_not_finished(ballot: SeatResult) -> None:
    """It counts towards the seats but not towards the quorum, nor does its score."""
    decision = decide([*seats(("approve", 3)), ballot], [])

    assert row(decision) == ("no_decision", "QUORUM")
    assert (decision.seats, decision.seats_finished) == (2, 1)
    assert (decision.score, decision.spread) == (3, 0)


def test_a_panel_without_scores_has_neither_score_nor_spread() -> None:
    """Nothing is made up where nobody finished."""
    decision = decide(seats(("failed", None)), [], overall_after_discussion={})

    assert decision.score is decision.spread is decision.score_after_discussion is None


@pytest.mark.parametrize(
    ("scores", "score", "spread"),
    [
        pytest.param([4], 4, 0, id="one"),
        pytest.param([3, 4], 3.5, 1, id="two"),
        pytest.param([3, 4, 5], 4, 2, id="three: max minus min"),
        pytest.param([3, 4, 4, 5], 4, 0.5, id="four: quartiles"),
        pytest.param([2, 2, 4, 4], 3, 2, id="four, split"),
        pytest.param([1, 3, 4, 5], 3.5, 1.75, id="just below a split"),
        pytest.param([1, 3, 3, 5, 5], 3, 2, id="five, split"),
        pytest.param([5, 1, 3, 3, 3], 3, 0, id="outliers, unsorted"),
    ],
)
def test_median_and_spread(scores: list[int], score: float, spread: float) -> None:
    """The score is the median; from four seats on, quartiles give the spread."""
    decision = decide(seats(*(("changes", s) for s in scores)), [])

    assert (decision.score, decision.spread) == (score, spread)
    assert (decision.reason == "SPLIT_PANEL") is (spread >= 2)
    assert decision.score_after_discussion is None


def test_the_score_after_discussion_stands_beside_round_one_s() -> None:
    """Seats that did not move keep their score; the decision rests on round 1."""
    panel = seats(("approve", 4), ("approve", 4), ("approve", 5), ("failed", None))

    moved = decide(panel, [], overall_after_discussion={"A": 1, "B": 2, "D": 1})

    assert (moved.score, moved.score_after_discussion) == (4, 2)
    assert row(moved) == ("ship", "CLEAR")
    assert decide(panel, [], overall_after_discussion={}).score_after_discussion == 4


@pytest.mark.parametrize(
    ("ballots", "findings", "dissenters"),
    [
        pytest.param(
            [("approve", 5), ("changes", 5), ("approve", 5)],
            [],
            "",
            id="ship suits both",
        ),
        pytest.param(
            [("approve", 4), ("changes", 4), ("request", 4)],
            [],
            "AC",
            id="fix_then_ship",
        ),
        pytest.param(
            [("approve", 4), ("changes", 4), ("request", 4)],
            [BLOCKER],
            "AB",
            id="rework",
        ),
        pytest.param(
            [("approve", 5), ("changes", 2), ("request", 4)], [], "", id="split panel"
        ),
        pytest.param(
            [
                ("approve", 4),
                ("request", 4),
                ("abstain", 1),
                ("approve", 4),
                ("changes", 4),
            ],
            [BLOCKER],
            "ADE",
            id="an abstention is no dissent",
        ),
    ],
)
def test_who_dissents(
    make_finding: MakeFinding,
    ballots: list[Ballot],
    findings: list[dict[str, object]],
    dissenters: str,
) -> None:
    """A verdict that does not fit the outcome dissents; from no decision nobody can."""
    raised = [make_finding(f"F{i}", "A", **f) for i, f in enumerate(findings)]

    decision = decide(seats(*ballots), raised)

    assert [dissent.panelist_id for dissent in decision.dissent] == list(dissenters)


def test_dissent_keeps_words_and_findings(make_finding: MakeFinding) -> None:
    """A minority is heard in its own words, with all that it found."""
    findings = [
        make_finding("F3", "B", severity=Severity.NOTE, verified=False),
        make_finding("F2", "A"),
        make_finding("F1", "B", kind=FindingKind.STRENGTH),
    ]

    decision = decide(seats(("changes", 4), ("request", 4), ("changes", 4)), findings)

    (dissent,) = decision.dissent
    assert dissent.panelist_id == "B"
    assert dissent.position == "request at 4"
    assert dissent.finding_ids == ("F1", "F3")


def test_the_order_of_the_inputs_does_not_matter(make_finding: MakeFinding) -> None:
    """The same run gives the same decision, id for id."""
    panel = seats(("approve", 4), ("request", 4), ("approve", 4), ("changes", 4))
    findings = [
        make_finding("F4", "D", severity=Severity.BLOCKER),
        make_finding("F1", "D"),
        make_finding("F3", "B", severity=Severity.BLOCKER),
        make_finding("F2", "B", severity=Severity.BLOCKER),
        make_finding("F5", "A"),
    ]
    first = decide(panel, findings)

    for mixed_panel, mixed in product(permutations(panel), permutations(findings)):
        assert decide(mixed_panel, mixed) == first
    assert first.blockers == ("F2", "F3", "F4")
    assert first.majors == ("F5", "F1")
    assert [dissent.panelist_id for dissent in first.dissent] == ["A", "C", "D"]
