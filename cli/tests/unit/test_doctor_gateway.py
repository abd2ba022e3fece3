"""How the doctor judges the gateway, its version and its clock."""

from datetime import timedelta

import pytest

from roundtable_cli.doctor.gateway import (
    GatewayView,
    check_clock,
    check_gateway,
    check_versions,
)
from roundtable_cli.doctor.result import Level
from roundtable_cli.run import Health


def _view(
    status: str = "ok", *, is_runner_away: bool = False, version: str | None = "1.2.3"
) -> GatewayView:
    health = Health(
        status=status,
        engine=None,
        account=None,
        version=version,
        is_runner_away=is_runner_away,
    )
    return GatewayView(health, None)


def test_gateway_whose_services_serve_is_fine() -> None:
    """It answers, and so do those behind it."""
    assert check_gateway(_view()).level is Level.FINE


@pytest.mark.parametrize(
    ("view", "who"),
    [
        (_view("down"), "store"),
        (_view("degraded", is_runner_away=True), "persona-runner"),
    ],
)
def test_service_that_is_away_is_named_with_its_mend(
    view: GatewayView, who: str
) -> None:
    """Its log says why."""
    result = check_gateway(view)

    assert result.level is Level.BROKEN
    assert who in result.words
    assert "log" in (result.mend or "")


@pytest.mark.parametrize(
    ("client", "level"), [("1.2.3", Level.FINE), ("1.2.4", Level.DOUBTFUL)]
)
def test_versions_ought_to_be_one(client: str, level: Level) -> None:
    """The CLI's own stands beside them."""
    result = check_versions(_view(), client=client, cli_version="2.1.330")

    assert result.level is level
    assert result.words == f"client {client}, gateway 1.2.3, Claude CLI 2.1.330"


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (0, Level.FINE, "agree"),
        (29, Level.FINE, "agree"),
        (-31, Level.DOUBTFUL, "31 s behind"),
        (31, Level.DOUBTFUL, "31 s ahead"),
        (600, Level.BROKEN, "600 s ahead"),
        (None, Level.NOT_CHECKED, "does not tell"),
    ],
)
def test_clocks_may_not_drift_apart(
    seconds: int | None, level: Level, words: str
) -> None:
    """Certificates and tokens count by them."""
    offset = None if seconds is None else timedelta(seconds=seconds)

    result = check_clock(offset)

    assert result.level is level
    assert words in result.words
    assert (result.mend is not None) == (level in {Level.DOUBTFUL, Level.BROKEN})
