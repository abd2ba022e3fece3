"""A served gateway over fakes, in a bare environment."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.gateway.tests.support.http_harness import Gateway, serve

_COMMON_NAMES = ("PORT", "CORS_ORIGINS", "ADMIN_USERS")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's own settings out of every test."""
    for name in list(os.environ):
        if name.startswith("ROUNDTABLE_") or name in _COMMON_NAMES:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the logs of expected crashes, which take long to print, to themselves."""
    with capture_logs():
        yield


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway with the default settings."""
    async with serve(tmp_path) as served:
        yield served
