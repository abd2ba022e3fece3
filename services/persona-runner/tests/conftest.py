"""What all tests of the runner share."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.runner_harness import RunnerHarness, run_runner

_ACCOUNT_PREFIXES = ("ANTHROPIC_", "CLAUDE_", "ROUNDTABLE_")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that rewrites golden files."""
    parser.addoption("--update-golden", action="store_true", default=False)


@pytest.fixture(autouse=True)
def _no_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep this machine's own account and home out of every test."""
    for name in list(os.environ):
        if name.startswith(_ACCOUNT_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    """An endpoint that answers with valid reviews unless it is scripted."""
    async with ScriptedEndpoint() as scripted:
        yield scripted


@pytest.fixture
async def runner(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> AsyncIterator[RunnerHarness]:
    """A runner whose account is the endpoint."""
    async with run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner:
        yield runner
