"""What the conformance tests share: their slow half, and a summary in words.

They hold what the pinned CLI was seen to do and the runner relies on, one test a fact.
`make upgrade-claude` runs all of them; any other run leaves the slow ones out, unless
its ``-m`` names them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "slow: waits for a limit of the CLI's own")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave the slow tests of this folder out where no ``-m`` was given."""
    if config.option.markexpr:
        return
    slow = [
        item
        for item in items
        if item.path.is_relative_to(_HERE) and item.get_closest_marker("slow")
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
        if not reporter.config.rootpath.joinpath(report.fspath).is_relative_to(_HERE):
            continue
        crash = getattr(report.longrepr, "reprcrash", None)
        words = str(report.longrepr if crash is None else crash.message)
        first_line = words.removeprefix("AssertionError: ").partition("\n")[0]
        yield f"{first_line} [{report.nodeid.rpartition('/')[2]}]"
