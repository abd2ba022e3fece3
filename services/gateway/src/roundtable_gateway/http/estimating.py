"""What a prepared run would take, as far as anybody knows its model."""

from dataclasses import replace

from roundtable_gateway.domain.run import Engine, RunSummary
from roundtable_gateway.http.run_preparation import PreparedRun
from roundtable_gateway.http.schemas.estimate import RunEstimate
from roundtable_gateway.panel.estimate import estimate
from roundtable_gateway.panel.estimate_calibration import CALIBRATION, Calibration
from roundtable_gateway.panel.estimate_prices import Price, price_of
from roundtable_gateway.panel.estimate_shape import shape_run


def estimate_prepared(
    prepared: PreparedRun, *, turns_at_once: int, tokens_per_second: float | None
) -> RunEstimate:
    """Return what a run would take.

    Args:
        prepared: The run.
        turns_at_once: How many turns go side by side.
        tokens_per_second: How fast the model answers, None if nobody has said.
    """
    run = prepared.run
    told = estimate(
        shape_run(run, prepared.reading, turns_at_once=turns_at_once),
        price=_price(run),
        calibration=_paced(tokens_per_second),
    )
    return RunEstimate.telling(told, has_pace=_has_pace(run.engine, tokens_per_second))


def _price(run: RunSummary) -> Price | None:
    """Return the price of a model that all seats name, and so what has no seat."""
    models = {panelist.model for panelist in run.panelists}
    if run.engine is not Engine.CLAUDE or len(models) > 1:
        return None
    return price_of(models.pop())


def _paced(tokens_per_second: float | None) -> Calibration:
    if tokens_per_second is None:
        return CALIBRATION
    return replace(CALIBRATION, tokens_per_second=tokens_per_second)


def _has_pace(engine: Engine, tokens_per_second: float | None) -> bool:
    """Whether anybody knows how fast it goes; rules have no pace of a model's."""
    if engine is Engine.ENDPOINT:
        return tokens_per_second is not None
    return engine is Engine.CLAUDE
