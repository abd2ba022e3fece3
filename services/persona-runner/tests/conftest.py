"""What all tests of the runner share; and a summary in words of what the CLI changed.

The tests in conformance/ hold what the pinned CLI was seen to do and the runner relies
on, one test a fact. `make upgrade-claude` runs all of them; any other run leaves the
slow ones out, unless its ``-m`` names them.
"""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.runner_harness import RunnerHarness, run_runner

_CONFORMANCE = Path(__file__).parent / "conformance"
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


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "slow: waits for a limit of the CLI's own")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave what waits for the CLI's own limits out where no ``-m`` was given."""
    if config.option.markexpr:
        return
    slow = [
        item
        for item in items
        if item.path.is_relative_to(_CONFORMANCE) and item.get_closest_marker("slow")
    ]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in words which facts changed."""
    changes = list(_changes(terminalreporter))
    if not changes:
        return
    terminalreporter.section("what changed in the Claude CLI")
    for change in changes:
        terminalreporter.write_line(f"- {change}")


def _changes(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for report in reporter.getreports("failed") + reporter.getreports("error"):
        if not reporter.config.rootpath.joinpath(report.fspath).is_relative_to(
            _CONFORMANCE
        ):
            continue
        crash = getattr(report.longrepr, "reprcrash", None)
        words = str(report.longrepr if crash is None else crash.message)
        first_line = words.removeprefix("AssertionError: ").partition("\n")[0]
        yield f"{first_line} [{report.nodeid.rpartition('/')[2]}]"
