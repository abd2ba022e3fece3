"""What gets on the agenda, in which order, and what each item says."""

from dataclasses import replace
from itertools import permutations

import pytest

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.discussion import AgendaItem, AgendaReason
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Score,
    Severity,
)
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState
from roundtable_gateway.panel.agenda import MOST_ITEMS, set_agenda
from services.gateway.tests.support.panel_samples import (
    alone,
    finding,
    quote,
    review,
    together,
)
from services.gateway.tests.support.samples import RUBRIC, run_summary

PANELISTS = run_summary(seats="ABC").panelists
REVIEWS = (review("A"), review("B"), review("C"))

BLOCKER = {"severity": Severity.BLOCKER}
MAJOR = {"severity": Severity.MAJOR}
MINOR = {"severity": Severity.MINOR}
NOTE = {"severity": Severity.NOTE}
HERE, ELSEWHERE = (quote(0, 20),), (quote(100, 120),)
LESS = {"fix": "Remove it.", "quotes": HERE}
MORE = {"fix": "Expand it.", "quotes": HERE}
STRENGTH = {"kind": FindingKind.STRENGTH, "severity": Severity.NOTE}


def agenda(
    *findings: Finding,
    clusters: tuple[Cluster, ...] | None = None,
    reviews: tuple[Turn, ...] = REVIEWS,
) -> tuple[AgendaItem, ...]:
    """Set the agenda; each finding is a cluster of its own unless told otherwise."""
    held = {each for cluster in clusters or () for each in cluster.finding_ids}
    others = alone(*(each for each in findings if each.id not in held))
    return set_agenda(
        PANELISTS, reviews, findings, (*(clusters or ()), *others), RUBRIC
    )


def marked(panelist_id: str, **marks: int | None) -> Turn:
    """Return a review with marks by criterion."""
    scores = tuple(Score(key, mark, (), "") for key, mark in marks.items())
    return review(panelist_id, scores=scores)


@pytest.mark.parametrize(
    ("one", "other", "is_one_cluster", "reason"),
    [
        pytest.param(MAJOR, NOTE, True, "SEVERITY_GAP", id="a gap in a cluster"),
        pytest.param(MAJOR, MINOR, True, None, id="one step is no gap"),
        pytest.param(MAJOR, NOTE, False, None, id="a gap between two matters"),
        pytest.param(
            {**MAJOR, "quotes": HERE},
            {**NOTE, "quotes": (quote(15, 40),)},
            False,
            "SEVERITY_GAP",
            id="a gap on the same words",
        ),
        pytest.param(
            {**MAJOR, "quotes": HERE},
            {**NOTE, "quotes": ELSEWHERE},
            False,
            None,
            id="a gap on other words",
        ),
        pytest.param(
            {**MAJOR, "quotes": HERE},
            {**NOTE, "quotes": HERE, "kind": FindingKind.QUESTION},
            False,
            None,
            id="a question weighs otherwise",
        ),
        pytest.param(
            {**BLOCKER, **LESS},
            {**MINOR, **MORE},
            False,
            "SEVERITY_GAP",
            id="a gap comes before opposed advice",
        ),
        pytest.param(
            {**MAJOR, **LESS}, {**MAJOR, **MORE}, False, "OPPOSED_ADVICE", id="opposed"
        ),
        pytest.param(
            {**MAJOR, **LESS},
            {**MAJOR, **MORE, "quotes": ELSEWHERE},
            False,
            None,
            id="opposed on other words",
        ),
        pytest.param(
            {**MAJOR, "quotes": HERE},
            {**STRENGTH, "quotes": HERE},
            False,
            "OPPOSED_ADVICE",
            id="praised and attacked",
        ),
        pytest.param(
            {**BLOCKER, **LESS},
            {**MAJOR, **MORE},
            False,
            "OPPOSED_ADVICE",
            id="opposed advice comes before a lone blocker",
        ),
        pytest.param(BLOCKER, MAJOR, True, "LONE_BLOCKER", id="a blocker to one"),
        pytest.param(BLOCKER, BLOCKER, True, None, id="a blocker to both"),
        pytest.param(
            {**BLOCKER, "kind": FindingKind.QUESTION},
            {**MAJOR, "kind": FindingKind.QUESTION},
            True,
            None,
            id="a question blocks nothing",
        ),
        pytest.param(
            {**BLOCKER, **STRENGTH, "severity": Severity.BLOCKER},
            STRENGTH,
            True,
            None,
            id="how grave a strength is means nothing",
        ),
        pytest.param(MAJOR, MAJOR, True, None, id="agreement"),
    ],
)
def test_what_two_seats_disagree_about(
    one: dict[str, object],
    other: dict[str, object],
    *,
    is_one_cluster: bool,
    reason: str | None,
) -> None:
    """The first reason that applies, in their order."""
    a, b = finding("A1", "A", **one), finding("B1", "B", **other)
    clusters = (together("K1", a, b),) if is_one_cluster else alone(a, b)

    items = agenda(a, b, clusters=clusters)

    assert [item.reason.value for item in items] == ([reason] if reason else [])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"verified": False}, id="unverified"),
        pytest.param({"panelist_id": None}, id="the control's"),
        pytest.param({"panelist_id": "Z"}, id="nobody's"),
        pytest.param({"panelist_id": "A"}, id="the same seat's"),
        pytest.param({"disposition": Disposition.REJECTED}, id="rejected"),
    ],
)
def test_what_does_not_count_disagrees_with_nobody(changes: dict[str, object]) -> None:
    """Neither as a gap nor as opposed advice."""
    plain = finding("A1", "A", **MAJOR, **LESS)
    graver = finding("B1", "B", **BLOCKER, **LESS)
    milder = finding("C1", "C", **NOTE, **MORE)

    assert len(agenda(plain, milder)) == 1
    assert agenda(plain, replace(milder, **changes)) == ()  # type: ignore[arg-type]  # any field may change
    if changes != {"panelist_id": "A"}:
        assert agenda(plain, replace(graver, **changes)) == ()  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("marks", "parties"),
    [
        pytest.param((2, 4, 4), "ABC", id="two apart"),
        pytest.param((2, 3, 4), "AC", id="the middle is no party"),
        pytest.param((1, 3, 5), "ABC", id="the middle is far from both"),
        pytest.param((3, 4, 4), "", id="one apart"),
        pytest.param((1, None, None), "", id="one mark"),
        pytest.param((1, None, 5), "AC", id="one can't say"),
    ],
)
def test_marks_that_are_far_apart(marks: tuple[int | None, ...], parties: str) -> None:
    """Whoever is two or more from somebody else has a part in it."""
    reviews = tuple(
        marked(seat, evidence=mark, clarity=3)
        for seat, mark in zip("ABC", marks, strict=True)
    )

    items = agenda(reviews=reviews)

    assert [item.panelist_ids for item in items] == (
        [tuple(parties)] if parties else []
    )


def test_only_reviews_of_seats_that_finished_are_heard() -> None:
    """Neither the control's marks count nor those of a review that failed."""
    low = marked("A", evidence=1)
    high = marked("B", evidence=5)
    others = (
        replace(marked("C", evidence=1), state=TurnState.FAILED),
        replace(marked("C", evidence=1), panelist_id=None, kind=TurnKind.CONTROL),
        replace(marked("C", evidence=1), kind=TurnKind.SWEEP),
        replace(marked("C", evidence=1), panelist_id="Z"),
    )

    assert agenda(reviews=(high, *others)) == ()
    assert len(agenda(reviews=(low, high, *others))) == 1


def test_one_reviewer_alone_has_nobody_to_argue_with() -> None:
    """However grave what it found."""
    blocker = finding("A1", "A", **BLOCKER)

    assert agenda(blocker, reviews=(review("A"), review("B"))) != ()
    assert agenda(blocker, reviews=(review("A"),)) == ()


def test_what_is_about_one_cluster_is_one_item() -> None:
    """Its members that count, and who opposes them; the gravest first."""
    blocker = finding("A1", "A", **BLOCKER, quotes=HERE, paragraph_ids=("P9",))
    note = finding("B1", "B", **NOTE, paragraph_ids=("P3", "P2"))
    unverified = finding("C1", "C", **MAJOR, verified=False)
    control = finding("X1", None, **MAJOR)
    praise = finding("C2", "C", **STRENGTH, quotes=(quote(10, 30, "P4"),))
    cluster = together("K1", blocker, note, unverified, control)

    (item,) = agenda(blocker, note, unverified, control, praise, clusters=(cluster,))

    assert item == AgendaItem(
        id="I1",
        reason=AgendaReason.SEVERITY_GAP,
        question="How grave is “Point A1”: blocker or note?",
        cluster_id="K1",
        criterion="evidence",
        finding_ids=("A1", "B1", "C2"),
        paragraph_ids=("P1", "P2", "P3", "P4"),
        panelist_ids=("A", "B", "C"),
    )


def test_an_item_about_marks_names_criterion_and_cited_findings() -> None:
    """Those of the parties that count, and their passage."""
    cited = finding("A1", "A", quotes=(quote(0, 5, "P2"),))
    unverified = finding("A2", "A", verified=False)
    marks = [
        Score("evidence", 1, ("A1", "A2"), ""),
        Score("evidence", 3, ("B1",), ""),
        Score("evidence", 3, (), ""),
    ]
    reviews = tuple(
        review(seat, scores=(mark,)) for seat, mark in zip("ABC", marks, strict=True)
    )

    (item,) = agenda(cited, unverified, finding("B1", "B"), reviews=reviews)

    assert item == AgendaItem(
        id="I1",
        reason=AgendaReason.SCORE_GAP,
        question="How well does the document do on “Evidence”: 1 or 3 of 5?",
        cluster_id=None,
        criterion="evidence",
        finding_ids=("A1", "B1"),
        paragraph_ids=("P1", "P2"),
        panelist_ids=("A", "B", "C"),
    )


@pytest.mark.parametrize(
    ("findings", "question"),
    [
        pytest.param(
            (finding("A1", "A", **BLOCKER, title="No\n owner"),),
            "Must “No owner” be resolved before the document can be used, as one "
            "panelist alone holds?",
            id="lone blocker",
        ),
        pytest.param(
            (finding("A1", "A", **LESS), finding("B1", "B", **MORE)),
            "Which advice is right for these words: “Remove it.” or “Expand it.”?",
            id="opposed advice",
        ),
        pytest.param(
            (
                finding("A1", "A", **STRENGTH, quotes=HERE, title="Crisp"),
                finding("B1", "B", quotes=HERE, title="Curt"),
            ),
            "Are these words a fault, “Curt”, or a strength, “Crisp”?",
            id="praise",
        ),
        pytest.param(
            (
                finding("A1", "A", quotes=HERE, title="long " * 50),
                finding("B1", "B", **NOTE, quotes=HERE),
            ),
            f"How grave is “{'long ' * 31}long…”: major or note?",
            id="a long title is cut",
        ),
    ],
)
def test_each_item_asks_one_plain_question(
    findings: tuple[Finding, ...], question: str
) -> None:
    """On one line, without the names of seats."""
    assert [item.question for item in agenda(*findings)] == [question]


def test_the_gravest_come_first_then_what_is_furthest_apart() -> None:
    """What no finding is about comes last."""
    lone = finding("A1", "A", **BLOCKER)
    gap = [
        finding("A2", "A", **BLOCKER, quotes=(quote(30, 40),)),
        finding("B2", "B", **NOTE, quotes=(quote(30, 40),)),
    ]
    opposed = [
        finding("A3", "A", **MAJOR, **LESS),
        finding("B3", "B", **MAJOR, **MORE),
    ]
    reviews = (marked("A", evidence=1), marked("B", evidence=5), review("C"))

    items = agenda(*opposed, lone, *gap, reviews=reviews)

    assert [(item.id, item.finding_ids) for item in items] == [
        ("I1", ("A2", "B2")),
        ("I2", ("A1",)),
        ("I3", ("A3", "B3")),
        ("I4", ()),
    ]


def test_no_more_than_six_items() -> None:
    """The gravest; of equals those that come first in the document."""
    minors = [
        finding(
            f"A{n}", "A", **MINOR, fix="Remove it.", quotes=(quote(n * 10, n * 10 + 5),)
        )
        for n in range(9)
    ]
    replies = [
        replace(each, id=f"B{n}", panelist_id="B", fix="Expand it.")
        for n, each in enumerate(minors)
    ]
    blocker = finding("C1", "C", **BLOCKER, quotes=(quote(990, 995),))

    items = agenda(*reversed(minors), *replies, blocker)

    assert len(items) == MOST_ITEMS
    assert [item.finding_ids[0] for item in items] == [
        "C1",
        "A0",
        "A1",
        "A2",
        "A3",
        "A4",
    ]


def test_the_order_of_what_is_given_does_not_matter() -> None:
    """The same agenda from any order."""
    findings = (
        finding("A1", "A", **BLOCKER, **LESS),
        finding("B1", "B", **MAJOR, **MORE),
        finding("C1", "C", **NOTE, **LESS),
        finding("C2", "C", **STRENGTH, quotes=HERE),
    )
    clusters = (together("K1", findings[0], findings[2]), *alone(findings[1]))
    clusters = (*clusters, *alone(findings[3]))
    expected = set_agenda(PANELISTS, REVIEWS, findings, clusters, RUBRIC)

    for several in permutations(findings):
        given = set_agenda(
            PANELISTS[::-1], REVIEWS[::-1], several, clusters[::-1], RUBRIC
        )
        assert given == expected
    assert expected[0].finding_ids == ("A1", "B1", "C1", "C2")
