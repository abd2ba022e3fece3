"""What is told of time and money, by what is known of a run's model."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.run import Engine
from roundtable_gateway.http.estimating import estimate_prepared
from roundtable_gateway.http.run_preparation import PreparedRun
from roundtable_gateway.http.schemas.estimate import RunEstimate
from roundtable_gateway.panel.sections import ReadingPlan
from services.gateway.tests.support.samples import DOCUMENT_TEXT, run_summary

_PRICED, _ALSO_PRICED = "claude-sonnet-4-5", "claude-opus-4-5"


def _told(
    engine: Engine, *models: str | None, pace: float | None = None
) -> RunEstimate:
    run = run_summary(seats="AB"[: len(models) or 1], engine=engine)
    seats = [
        replace(panelist, model=model)
        for panelist, model in zip(run.panelists, models or [None], strict=True)
    ]
    shown = DOCUMENT_TEXT.paragraphs
    prepared = PreparedRun(
        replace(run, panelists=tuple(seats)),
        DOCUMENT_TEXT,
        ReadingPlan({seat.id: shown for seat in seats}, shown, ()),
    )
    return estimate_prepared(prepared, turns_at_once=4, tokens_per_second=pace)


@pytest.mark.parametrize(
    ("engine", "models", "is_priced"),
    [
        (Engine.CLAUDE, (_PRICED,), True),
        (Engine.CLAUDE, (_PRICED, _PRICED), True),
        (Engine.CLAUDE, (_PRICED, _ALSO_PRICED), False),
        (Engine.CLAUDE, (_PRICED, None), False),
        (Engine.CLAUDE, (None,), False),
        (Engine.CLAUDE, ("my-own",), False),
        (Engine.ENDPOINT, (_PRICED,), False),
        (Engine.REHEARSAL, (_PRICED,), False),
    ],
)
def test_price_is_that_of_the_one_model_of_all_seats(
    engine: Engine, models: tuple[str | None, ...], *, is_priced: bool
) -> None:
    """Turns without a seat go to the account's model where seats differ."""
    assert (_told(engine, *models).cost_usd is not None) is is_priced


@pytest.mark.parametrize(
    ("engine", "pace", "is_timed"),
    [
        (Engine.CLAUDE, None, True),
        (Engine.ENDPOINT, None, False),
        (Engine.ENDPOINT, 50.0, True),
        (Engine.REHEARSAL, 50.0, False),
    ],
)
def test_time_is_told_where_the_pace_is_known(
    engine: Engine, pace: float | None, *, is_timed: bool
) -> None:
    """An endpoint's pace is its owner's to say; rules have none of a model's."""
    assert (_told(engine, pace=pace).seconds is not None) is is_timed


@pytest.mark.parametrize("engine", [Engine.CLAUDE, Engine.ENDPOINT])
def test_pace_that_is_said_counts(engine: Engine) -> None:
    """Half as fast takes longer, but a turn's start does not."""
    fast, slow = (_told(engine, pace=pace).seconds for pace in (100.0, 50.0))

    assert fast is not None
    assert slow is not None
    assert 0 < fast < slow < 2 * fast
