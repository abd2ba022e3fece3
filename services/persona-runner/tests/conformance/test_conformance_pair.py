"""SDK and CLI are one tested pair, and every place that names it agrees."""

import importlib.metadata
import re
import subprocess
from pathlib import Path

import pytest
from claude_agent_sdk._cli_version import __cli_version__

from roundtable_runner.claude.program import bundled_cli

_ROOT = Path(__file__).parents[4]
_PIN = re.compile(r"claude-agent-sdk==([\w.]+)")
_PAIR = re.compile(r"`claude-agent-sdk` ([\d.]+) with Claude CLI ([\d.]+)\.\n")

_PINS = (
    "services/persona-runner/pyproject.toml",
    "requirements/run.lock",
    "requirements/persona-runner.lock",
)


@pytest.mark.parametrize("path", _PINS)
def test_installed_sdk_is_the_pinned_one(path: str) -> None:
    """The package's own list, the lock and the image's lock name what is tested."""
    pins = _PIN.findall((_ROOT / path).read_text())

    assert pins == [importlib.metadata.version("claude-agent-sdk")]


def test_bundled_cli_is_the_one_the_sdk_names() -> None:
    """Nothing has replaced the program that came with the SDK."""
    told = subprocess.run(  # noqa: S603 - the CLI that is under test
        [bundled_cli(), "--version"], capture_output=True, text=True, check=True, env={}
    ).stdout

    assert told.split()[0] == __cli_version__


def test_tested_pair_is_written_down() -> None:
    """The page on upgrades names the two versions that these tests hold."""
    page = (_ROOT / "docs" / "upgrade-claude.md").read_text()

    assert _PAIR.findall(page) == [
        (importlib.metadata.version("claude-agent-sdk"), __cli_version__)
    ]
