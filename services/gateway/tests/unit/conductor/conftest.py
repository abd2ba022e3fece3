"""Waits without end or with none, so that tests of the conductor wait on events."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from roundtable_gateway.conductor import (
    account_barrier,
    afoot,
    budget,
    conductor,
    naps,
    preparation,
    retries,
    run_log,
    runner_line,
)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing wait for time to pass, but for what a test sets itself."""
    nothing = timedelta(0)
    monkeypatch.setattr(retries, "_FIRST_DELAY", nothing)
    monkeypatch.setattr(preparation, "_ASK_AGAIN", nothing)
    monkeypatch.setattr(runner_line, "_ASK_AGAIN", nothing)
    monkeypatch.setattr(budget, "_ASK_AGAIN", nothing)
    # Who waits for a clock that a test moves looks at it all the time.
    monkeypatch.setattr(naps, "LONGEST_NAP", nothing)
    monkeypatch.setattr(account_barrier, "LONGEST_NAP", nothing)
    monkeypatch.setattr(run_log, "_FIRST_BACKOFF_SECONDS", 0.0)
    # These end waits that tests end by events; none is to pass in a test.
    monkeypatch.setattr(conductor, "_LOOK_AGAIN", timedelta(minutes=1))
    monkeypatch.setattr(afoot, "_CANCEL_DEADLINE", timedelta(minutes=1))
    monkeypatch.setattr(afoot, "_END_DEADLINE", timedelta(minutes=1))


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the logs of expected crashes, which take long to print, to themselves."""
    with capture_logs():
        yield
