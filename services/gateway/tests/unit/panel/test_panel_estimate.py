"""What a run will take."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.run import Mode, TurnKind
from roundtable_gateway.panel.estimate import (
    CALIBRATION,
    Calibration,
    Prices,
    RunShape,
    TurnCost,
    estimate,
    shape_run,
)
from roundtable_gateway.panel.sections import ReadingPlan, Sweep
from services.gateway.tests.support.panel_samples import document

# Round figures: what each kind takes can be read off the sums.
ROUND = Calibration(
    characters_per_token=4,
    costs={
        TurnKind.REVIEW: TurnCost(1_000, 100),
        TurnKind.CONTROL: TurnCost(1_000, 100),
        TurnKind.SWEEP: TurnCost(500, 50),
        TurnKind.REPAIR: TurnCost(700, 30),
        TurnKind.CLUSTER: TurnCost(900, 40),
        TurnKind.DISCUSSION: TurnCost(2_000, 80),
        TurnKind.SYNTHESIS: TurnCost(3_000, 60),
    },
    repaired=0,
    asked_of_pairs=0,
    discussed=1,
    cached=0,
    start_seconds=1,
    seconds_per_token=0.1,
)
REVIEW_RUN = RunShape(
    mode=Mode.REVIEW,
    reviews=(4_000, 4_000),
    control=None,
    sweeps=(),
    discussion_rounds=0,
    turns_at_once=8,
)
ROUNDTABLE = replace(
    REVIEW_RUN, mode=Mode.ROUNDTABLE, control=4_000, discussion_rounds=2
)


@pytest.mark.parametrize(
    ("shape", "calibration", "expected"),
    [
        pytest.param(REVIEW_RUN, ROUND, (3, 7_000, 260), id="reviews and synthesis"),
        pytest.param(
            replace(REVIEW_RUN, control=8_000), ROUND, (4, 10_000, 360), id="control"
        ),
        pytest.param(
            replace(REVIEW_RUN, sweeps=(2_000, 2_000, 400)),
            ROUND,
            (6, 9_600, 410),
            id="sweeps",
        ),
        pytest.param(ROUNDTABLE, ROUND, (8, 21_000, 680), id="two rounds"),
        pytest.param(
            replace(ROUNDTABLE, mode=Mode.REVIEW),
            ROUND,
            (4, 9_000, 360),
            id="no discussion in mode review",
        ),
        pytest.param(
            ROUNDTABLE, replace(ROUND, discussed=0.5), (6, 15_000, 520), id="if at all"
        ),
        pytest.param(
            replace(REVIEW_RUN, sweeps=(4_000, 4_000)),
            replace(ROUND, repaired=0.5, asked_of_pairs=1),
            (8, 14_300, 460),
            id="repairs and a question about pairs",
        ),
    ],
)
def test_turns_and_tokens_are_added_up_by_kind(
    shape: RunShape, calibration: Calibration, expected: tuple[int, int, int]
) -> None:
    """What is only likely counts in part."""
    taken = estimate(shape, calibration=calibration)

    assert (taken.turns, taken.input_tokens, taken.output_tokens) == expected


@pytest.mark.parametrize(
    ("shape", "calibration", "seconds"),
    [
        pytest.param(REVIEW_RUN, ROUND, 11 + 7, id="side by side, then synthesis"),
        pytest.param(
            replace(REVIEW_RUN, turns_at_once=1), ROUND, 2 * 11 + 7, id="one by one"
        ),
        pytest.param(
            replace(REVIEW_RUN, control=4_000, sweeps=(4_000,) * 5),
            ROUND,
            11 + 7,
            id="room for all readers",
        ),
        pytest.param(ROUNDTABLE, ROUND, 11 + 9 + 9 + 7, id="round after round"),
        pytest.param(
            REVIEW_RUN, replace(ROUND, asked_of_pairs=0.4), 11 + 2 + 7, id="likely"
        ),
    ],
)
def test_stages_wait_for_one_another(
    shape: RunShape, calibration: Calibration, seconds: int
) -> None:
    """A stage takes as long as its longest turn, longer where places are few."""
    assert estimate(shape, calibration=calibration).seconds == seconds


def test_money_is_told_where_a_price_is_known() -> None:
    """What was read before costs less."""
    prices = Prices(input_usd=10, cache_read_usd=1, output_usd=100)

    free = estimate(REVIEW_RUN, calibration=ROUND)
    fresh = estimate(REVIEW_RUN, prices=prices, calibration=ROUND)
    cached = estimate(REVIEW_RUN, prices=prices, calibration=replace(ROUND, cached=0.5))

    assert free.cost_usd is None
    assert fresh.cost_usd == pytest.approx(0.07 + 0.026)
    assert cached.cost_usd == pytest.approx(0.035 + 0.0035 + 0.026)


def test_a_run_is_shaped_by_who_is_shown_what() -> None:
    """Characters of each share and section, and the control's if there is one."""
    paragraphs = document("a" * 100, "b" * 50).paragraphs
    reading = ReadingPlan(
        shares={"A": paragraphs, "B": paragraphs[:1]},
        control=paragraphs[1:],
        sweeps=(Sweep("A", 1, paragraphs),),
    )

    shape = shape_run(
        reading,
        mode=Mode.ROUNDTABLE,
        discussion_rounds=1,
        has_control=True,
        turns_at_once=4,
    )
    without = shape_run(
        reading,
        mode=Mode.ROUNDTABLE,
        discussion_rounds=1,
        has_control=False,
        turns_at_once=4,
    )

    assert shape == RunShape(Mode.ROUNDTABLE, (150, 100), 50, (150,), 1, 4)
    assert without == replace(shape, control=None)


def test_every_kind_of_turn_before_the_end_has_a_cost() -> None:
    """Answers to the author's questions come after it."""
    assert set(CALIBRATION.costs) == set(TurnKind) - {TurnKind.ANSWER}
    assert estimate(ROUNDTABLE).turns >= estimate(REVIEW_RUN).turns
