"""The runner's settings."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from roundtable_runner.settings import RunnerSettings


def test_defaults_need_no_environment() -> None:
    """Everything works with nothing set."""
    settings = RunnerSettings()

    assert settings.address == "127.0.0.1:7403"
    assert settings.slots == 9
    assert settings.config_dir == Path(".roundtable/claude")
    assert (settings.api_key, settings.auth_token, settings.oauth_token) == (None,) * 3


def test_account_is_read_from_the_clis_own_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No name of ours stands before them."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    monkeypatch.setenv("ROUNDTABLE_RUNNER_SLOTS", "3")

    settings = RunnerSettings()

    assert settings.anthropic_base_url == "http://127.0.0.1:1"
    assert (settings.api_key, settings.slots) == ("key", 3)
    assert "key'" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "attribute"),
    [
        ("ANTHROPIC_API_KEY", "api_key"),
        ("ANTHROPIC_AUTH_TOKEN", "auth_token"),
        ("CLAUDE_CODE_OAUTH_TOKEN", "oauth_token"),
    ],
)
def test_secret_may_stand_in_a_file(
    variable: str,
    attribute: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NAME_FILE is read, without the line's end."""
    path = tmp_path / "secret"
    path.write_text("from-file\n")
    monkeypatch.setenv(f"{variable}_FILE", str(path))

    assert getattr(RunnerSettings(), attribute) == "from-file"


def test_secret_given_twice_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of the two would win is nothing to guess."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    monkeypatch.setenv("ANTHROPIC_API_KEY_FILE", str(tmp_path / "secret"))

    with pytest.raises(ValidationError, match="ANTHROPIC_API_KEY_FILE, not both"):
        RunnerSettings()


@pytest.mark.parametrize("content", [None, "  \n"])
def test_secret_file_that_gives_none_is_refused_by_name(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing or empty file stops the start, not the first turn."""
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("CLAUDE_CODE_OAUTH_TOKEN_FILE", str(path))

    with pytest.raises(ValidationError, match="CLAUDE_CODE_OAUTH_TOKEN_FILE"):
        RunnerSettings()
