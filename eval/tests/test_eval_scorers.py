"""Each figure on runs where it is obvious: none, all and some."""

import pytest
from eval_scripts import (
    BLUE,
    DOCUMENT,
    FIVE,
    FLAWED,
    NEVER,
    THREE,
    cluster,
    finding,
    omission,
    run,
    sample,
    stance,
)

from roundtable_eval.arms import Arm
from roundtable_eval.corpus import Side
from roundtable_eval.run_record import parse_run
from roundtable_eval.scorers.false_alarms import false_alarms
from roundtable_eval.scorers.flips import flips
from roundtable_eval.scorers.matching import found_flaws
from roundtable_eval.scorers.merge_losses import merge_losses
from roundtable_eval.scorers.quote_verification import quote_verification
from roundtable_eval.scorers.recall import recall
from roundtable_eval.scorers.score_spread import score_spread
from roundtable_eval.scorers.uplift import uplift

_ALL = (finding("A1", NEVER), finding("A2", FIVE), omission("A3", "owner"))


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (finding("A1", NEVER), {"f1"}),
        (finding("A1", "never fails"), {"f1"}),
        (finding("A1", NEVER + " It w"), {"f1"}),
        (finding("A1", FIVE), {"f2"}),
        (finding("A1", THREE), {"f2"}),
        (finding("A1", BLUE), set()),
        (finding("A1", "fails. It weighs 3 kg. It"), {"f2"}),
        (finding("A1", "not in the text"), set()),
        (finding("A1", NEVER, kind="strength"), set()),
        (finding("A1", NEVER, kind="question"), set()),
        (omission("A1", "Owner"), {"f3"}),
        (omission("A1", "a named owner", "deadline"), {"f3"}),
        (omission("A1", "ownership"), set()),
        (finding("A1", BLUE, searched_for=("owner",)), set()),
    ],
)
def test_finding_points_at_words_or_at_what_was_taken_out(
    entry: dict[str, object], found: set[str]
) -> None:
    """A flaw is found by its words, its counterpart's, or a term taken out."""
    (parsed,) = parse_run(run(entry)).findings

    assert found_flaws([parsed], DOCUMENT) == found


def test_who_quotes_half_a_page_points_at_nothing() -> None:
    """A quote of more than 600 characters finds no flaw, however much it covers."""
    entry = finding("A1", FLAWED)
    entry["quotes"][0]["end"] = 601

    assert recall([sample(run(entry))]).found == 0


def test_ambiguous_quote_adds_no_place_to_a_verified_finding() -> None:
    """The first of several places is a guess; it may pin an unverified finding only."""
    verified = finding("A1", BLUE, NEVER)
    unverified = finding("A2", FIVE, verified=False)
    verified["quotes"][1]["status"] = "ambiguous"
    unverified["quotes"][0]["status"] = "ambiguous"

    result = recall([sample(run(verified, unverified))])

    assert (result.found, result.found_unverified) == (0, 1)


@pytest.mark.parametrize(
    ("findings", "rate"),
    [((finding("A1", BLUE),), 0.0), (_ALL, 1.0), (_ALL[1:], 0.6667)],
    ids=["none", "all", "two of three"],
)
def test_recall(findings: tuple[dict[str, object], ...], rate: float) -> None:
    """Recall is the share of planted flaws that a verified finding points at."""
    assert recall([sample(run(*findings))]).rate == rate


def test_recall_keeps_the_unverified_and_the_control_apart() -> None:
    """Neither an unverified finding nor the control's makes a flaw found."""
    result = recall(
        [
            sample(
                run(
                    finding("A1", NEVER),
                    finding("B1", NEVER, verified=False),
                    finding("X1", FIVE, seat=None),
                    omission("A2", "owner", verified=False),
                )
            )
        ]
    )

    assert (result.flaws, result.found) == (3, 1)
    assert result.found_unverified == 1
    assert result.found_by_control_only == 1
    assert [(entry.sort, entry.found) for entry in result.by_sort] == [
        ("contradiction", 0),
        ("missing_owner", 0),
        ("unproved_absolute", 1),
    ]


def test_recall_asks_nothing_of_clean_twins() -> None:
    """A clean twin has no flaws, so there is no rate."""
    assert recall([sample(run(), side=Side.CLEAN)]).rate is None


@pytest.mark.parametrize(
    ("findings", "share"),
    [
        (_ALL, 0.0),
        ((finding("A1", BLUE),), 1.0),
        ((*_ALL, finding("A4", BLUE)), 0.25),
    ],
    ids=["none", "all", "one of four"],
)
def test_false_alarms_on_the_flawed(
    findings: tuple[dict[str, object], ...], share: float
) -> None:
    """On a flawed document a false alarm points at no planted flaw."""
    assert false_alarms([sample(run(*findings))]).unkeyed_share == share


def test_false_alarms_on_the_clean() -> None:
    """On a clean twin every verified fault is one; the same words count once."""
    clean = [
        sample(run(), side=Side.CLEAN),
        sample(
            run(
                finding("A1", "It is blue.", side=Side.CLEAN),
                finding("B1", "is blue", seat="B", side=Side.CLEAN),
                finding("A2", "3 kg", side=Side.CLEAN),
                finding("A3", "3 kg", kind="strength", side=Side.CLEAN),
                finding("A4", "failed", verified=False, side=Side.CLEAN),
                finding("X1", "failed", seat=None, side=Side.CLEAN),
            ),
            side=Side.CLEAN,
            replicate=2,
        ),
    ]

    result = false_alarms(clean)

    assert (result.clean_samples, result.clean_findings) == (2, 3)
    assert result.clean_points == 2
    assert result.clean_points_per_reading == 1.0
    assert false_alarms(clean[:1]).clean_points_per_reading == 0.0
    assert result.unkeyed_share is None


@pytest.mark.parametrize(
    ("words", "share"),
    [
        (("nowhere", "neither"), 0.0),
        ((NEVER, BLUE), 1.0),
        ((NEVER, "nowhere", BLUE, FIVE), 0.75),
    ],
    ids=["none", "all", "three of four"],
)
def test_quote_verification(words: tuple[str, ...], share: float) -> None:
    """The share is that of quotes whose words stand in the document."""
    result = quote_verification([sample(run(finding("A1", *words)))])

    assert result.verified_share == share
    assert result.exact + result.not_found == result.quotes == len(words)


@pytest.mark.parametrize(
    ("scores", "spread"),
    [((3.0, 3.0), 0.0), ((3.0, 4.0), 1.0), ((3.0, 3.5, 3.0), 0.5)],
)
def test_score_spread(scores: tuple[float, ...], spread: float) -> None:
    """The spread is the highest less the lowest score over the replicates."""
    samples = [
        sample(run(score=score), replicate=number)
        for number, score in enumerate(scores, start=1)
    ]

    assert score_spread(samples).mean_range == spread


@pytest.mark.parametrize(
    ("outcomes", "share"),
    [
        ({Side.FLAWED: ("ship", "rework"), Side.CLEAN: ("ship", "rework")}, 0.0),
        ({Side.FLAWED: ("ship", "ship"), Side.CLEAN: ("ship", "ship")}, 1.0),
        ({Side.FLAWED: ("ship", "rework"), Side.CLEAN: ("ship", "ship")}, 0.5),
    ],
    ids=["never", "always", "on one twin"],
)
def test_same_outcome(outcomes: dict[Side, tuple[str, ...]], share: float) -> None:
    """A twin counts where every replicate was decided alike."""
    samples = [
        sample(run(outcome=outcome), side=side, replicate=number)
        for side, listed in outcomes.items()
        for number, outcome in enumerate(listed, start=1)
    ]

    assert score_spread(samples).same_outcome_share == share


def test_one_replicate_has_no_spread() -> None:
    """Of a single reading nobody can say how far another would differ."""
    assert score_spread([sample(run())]).mean_range is None


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [(_ALL, _ALL, 0.0), (_ALL, (), 1.0), ((), _ALL, -1.0), (_ALL, _ALL[:2], 0.3333)],
    ids=["none", "all", "the other way round", "one of three"],
)
def test_uplift(
    ours: tuple[dict[str, object], ...],
    theirs: tuple[dict[str, object], ...],
    difference: float,
) -> None:
    """Uplift is the difference of recalls, with the price beside it."""
    samples = [
        sample(run(*ours, tokens=300)),
        sample(run(*theirs, tokens=200), arm=Arm.GENERALIST_N),
        sample(run(*_ALL), arm=Arm.GENERALIST_N, replicate=2),
    ]

    result = uplift(samples, Arm.ROUNDTABLE, over=Arm.GENERALIST_N)

    assert result.recall_difference == difference
    assert (result.pairs, result.token_ratio) == (1, 1.5)


@pytest.mark.parametrize(
    ("stances", "share"),
    [
        ([stance(is_change=True, is_evidenced=True)], 0.0),
        ([stance(is_change=True, is_evidenced=False)], 1.0),
        (
            [
                stance(is_change=True, is_evidenced=False),
                stance(is_change=False, is_evidenced=False),
            ],
            0.5,
        ),
    ],
    ids=["none", "all", "one of two"],
)
def test_flips(stances: list[dict[str, object]], share: float) -> None:
    """A flip is a change of mind that brought no new words."""
    assert flips([sample(run(stances=stances))]).share == share


@pytest.mark.parametrize(
    ("clusters", "share"),
    [
        ([cluster("A1", "A9"), cluster("A2"), cluster("A3")], 0.0),
        ([cluster("A9", "A1", "A2", "A3")], 1.0),
        ([cluster("A9", "A1"), cluster("A2"), cluster("A3")], 0.3333),
    ],
    ids=["none", "all", "one of three"],
)
def test_merge_hides_a_flaw(clusters: list[dict[str, object]], share: float) -> None:
    """A flaw that a member found is hidden when no lead points at it."""
    findings = (*_ALL, finding("A9", BLUE))

    result = merge_losses([sample(run(*findings, clusters=clusters))])

    assert result.hidden_share == share
    assert (result.unclustered, result.repeated) == (0, 0)


def test_merge_loses_or_repeats_a_finding() -> None:
    """A finding in no cluster is lost; one in several is counted as well."""
    clusters = [cluster("A1"), cluster("A2", "A1")]

    result = merge_losses([sample(run(*_ALL, clusters=clusters))])

    assert (result.findings, result.unclustered, result.repeated) == (3, 1, 1)
