"""What a run will take."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.run import Brief, Mode, TurnKind
from roundtable_gateway.panel.estimate import Figures, estimate
from roundtable_gateway.panel.estimate_calibration import (
    Answers,
    Calibration,
    Habits,
    Prompts,
)
from roundtable_gateway.panel.estimate_prices import PRICES, Price, price_of
from roundtable_gateway.panel.estimate_shape import Reading, RunShape, shape_run
from roundtable_gateway.panel.sections import ReadingPlan, Sweep
from services.gateway.tests.support.panel_samples import document
from services.gateway.tests.support.samples import RUBRIC, run_summary

# A token a character, and each thing a digit of its own: what a run takes can be read
# off the sums.
ROUND = Calibration(
    prompts=Prompts(
        fixed=dict.fromkeys(TurnKind, 1_000),
        envelope=0,
        paragraph=0,
        criterion=0,
        seat=0,
        generalist=0,
        finding=10,
        item=0,
        statement=100,
        dissent=0,
    ),
    answers=Answers(
        prose=50,
        verdict=0,
        finding=10,
        score=0,
        repair=5,
        pair=1,
        statement=20,
        sentence=30,
    ),
    habits=Habits(
        findings_beyond_criteria=0,
        findings_in_sweep=1,
        pairs_per_finding=1,
        most_pairs=20,
        repaired=0,
        agenda_items=1,
        findings_per_item=1,
        sentences=1,
    ),
    characters_per_token=1,
    start_seconds=0,
    tokens_per_second=1,
)
SEAT = Reading(characters=4_000, paragraphs=1, persona=0, criteria=1)
CONTROL = replace(SEAT, persona=None)
REVIEW_RUN = RunShape(
    reviews=(SEAT, SEAT),
    control=None,
    sweeps=(),
    rubric=0,
    criteria=0,
    brief=0,
    discussion_rounds=0,
    turns_at_once=8,
)
ROUNDTABLE = replace(REVIEW_RUN, control=CONTROL, discussion_rounds=1)


def _taken(shape: RunShape, calibration: Calibration = ROUND) -> Figures:
    return estimate(shape, calibration=calibration).whole


@pytest.mark.parametrize(
    ("shape", "turns", "asked", "said"),
    [
        # Two reviews; the question about two pairs; the moderator on two findings.
        pytest.param(
            REVIEW_RUN, 4, 2 * 5_000 + 1_040 + 1_020, 2 * 60 + 2 + 30, id="review"
        ),
        pytest.param(
            replace(REVIEW_RUN, control=CONTROL),
            5,
            3 * 5_000 + 1_060 + 1_030,
            3 * 60 + 3 + 30,
            id="control",
        ),
        pytest.param(
            replace(REVIEW_RUN, sweeps=(SEAT,)),
            5,
            3 * 5_000 + 1_060 + 1_030,
            2 * 60 + 10 + 3 + 30,
            id="sweep",
        ),
        pytest.param(
            replace(REVIEW_RUN, reviews=(SEAT,)), 2, 5_000 + 1_010, 60 + 30, id="alone"
        ),
        # Two words on an item with a finding; the moderator hears two statements.
        pytest.param(
            ROUNDTABLE,
            7,
            3 * 5_000 + 1_060 + 2 * 5_010 + 1_240,
            3 * 60 + 3 + 2 * 70 + 30,
            id="discussion",
        ),
        # In the second round two statements have been heard, at its end four.
        pytest.param(
            replace(ROUNDTABLE, discussion_rounds=2),
            9,
            3 * 5_000 + 1_060 + 2 * 5_010 + 2 * 5_210 + 1_440,
            3 * 60 + 3 + 4 * 70 + 30,
            id="two rounds",
        ),
    ],
)
def test_turns_and_tokens_are_added_up(
    shape: RunShape, turns: int, asked: int, said: int
) -> None:
    """Each kind of turn counts with what it is shown and what it says."""
    taken = _taken(shape)

    assert (taken.turns, taken.input_tokens, taken.output_tokens) == (
        turns,
        asked,
        said,
    )


@pytest.mark.parametrize("field", ["rubric", "brief"])
def test_what_a_run_is_asked_by_counts(field: str) -> None:
    """A longer rubric or brief is read by all who read the document, at least."""
    longer = _taken(replace(REVIEW_RUN, **{field: 100}))  # type: ignore[arg-type]  # a field by name

    assert longer.input_tokens >= _taken(REVIEW_RUN).input_tokens + 2 * 100


def test_repairs_count_by_how_likely_they_are() -> None:
    """Half of two readings are asked again: a turn."""
    habits = replace(ROUND.habits, repaired=0.5)

    taken = _taken(REVIEW_RUN, replace(ROUND, habits=habits))

    assert taken.turns == _taken(REVIEW_RUN).turns + 1
    assert taken.input_tokens == _taken(REVIEW_RUN).input_tokens + 5_010
    assert taken.output_tokens == _taken(REVIEW_RUN).output_tokens + 5


def test_a_panel_with_nothing_to_discuss_takes_what_a_review_does() -> None:
    """The same run without its discussion is told beside it, where there is one."""
    told = estimate(ROUNDTABLE, calibration=ROUND)

    quiet = estimate(replace(ROUNDTABLE, discussion_rounds=0), calibration=ROUND)
    assert told.without_discussion == quiet.whole
    assert quiet.without_discussion is None


def test_most_turns_are_all_that_may_be_asked() -> None:
    """Three readings and their repairs, pairs, two words a round, the moderator."""
    told = estimate(replace(ROUNDTABLE, discussion_rounds=2), calibration=ROUND)

    assert told.turns_at_most == 3 + 3 + 1 + 2 * 2 + 1


@pytest.mark.parametrize(
    ("shape", "seconds"),
    [
        pytest.param(REVIEW_RUN, 60 + 2 + 30, id="side by side"),
        pytest.param(
            replace(REVIEW_RUN, turns_at_once=1), 2 * 60 + 2 + 30, id="one by one"
        ),
        pytest.param(ROUNDTABLE, 60 + 3 + 70 + 30, id="discussion"),
    ],
)
def test_stages_wait_for_one_another(shape: RunShape, seconds: int) -> None:
    """A stage takes as long as its longest turn, longer where places are few."""
    assert _taken(shape).seconds == seconds


def test_a_turn_takes_its_start_and_its_words() -> None:
    """Four stages' turns, at two tokens a second, each after three seconds."""
    paced = replace(ROUND, start_seconds=3, tokens_per_second=2)

    assert _taken(ROUNDTABLE, paced).seconds == 4 * 3 + -(-(60 + 3 + 70 + 30) // 2)


def test_money_is_told_where_a_price_is_known() -> None:
    """Dollars for a million tokens, those that are read and those that are said."""
    told = estimate(REVIEW_RUN, price=Price(10, 100), calibration=ROUND).whole

    assert _taken(REVIEW_RUN).cost_usd is None
    assert told.cost_usd == pytest.approx(0.1206 + 0.0152)


def test_models_off_the_list_have_no_price() -> None:
    """Nor has the account's default, whatever it is."""
    assert price_of("claude-sonnet-4-5") == PRICES["claude-sonnet-4-5"]
    assert price_of("my-own-model") is price_of(None) is None


def test_a_run_is_shaped_by_who_is_shown_what() -> None:
    """Characters and paragraphs of each share and section, and who reads them."""
    paragraphs = document("a" * 100, "b" * 50).paragraphs
    reading = ReadingPlan(
        shares={"A": paragraphs, "B": paragraphs[:1]},
        control=paragraphs[1:],
        sweeps=(Sweep("A", 1, paragraphs),),
    )
    run = replace(
        run_summary(seats="AB"),
        mode=Mode.ROUNDTABLE,
        discussion_rounds=1,
        control=True,
        brief=Brief(goal="Sell."),
    )

    shape = shape_run(run, reading, turns_at_once=4)

    control = shape.control
    assert [(each.characters, each.paragraphs) for each in shape.reviews] == [
        (150, 2),
        (100, 1),
    ]
    assert shape.sweeps == (shape.reviews[0],)
    assert control == Reading(50, 1, None, len(RUBRIC.criteria))
    assert (shape.brief, shape.discussion_rounds, shape.turns_at_once) == (5, 1, 4)


def test_mode_review_discusses_nothing() -> None:
    """A control is read by only where there is one, too."""
    paragraphs = document("a").paragraphs
    reading = ReadingPlan({"A": paragraphs}, paragraphs, ())
    run = replace(run_summary(), mode=Mode.REVIEW, discussion_rounds=2)

    shape = shape_run(run, reading, turns_at_once=4)

    assert (shape.control, shape.discussion_rounds) == (None, 0)
