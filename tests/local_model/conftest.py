"""What the tests with llama.cpp share: no account of this machine."""

import os

import pytest

_ACCOUNT_PREFIXES = ("ANTHROPIC_", "CLAUDE_", "ROUNDTABLE_RUNNER_")


@pytest.fixture(autouse=True)
def _no_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep this machine's own account and home out of every test."""
    for name in list(os.environ):
        if name.startswith(_ACCOUNT_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
