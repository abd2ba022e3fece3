"""The runner's settings."""

import errno
import os
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


def test_secret_file_that_may_not_be_read_tells_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container it is the container's user that has to be able to."""
    path = tmp_path / "secret"
    path.write_text("secret")

    def refuse(_path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    # Tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setenv("ANTHROPIC_API_KEY_FILE", str(path))

    with pytest.raises(ValidationError) as error:
        RunnerSettings()

    told = str(error.value)
    assert "ANTHROPIC_API_KEY_FILE: Permission denied" in told
    assert str(os.geteuid()) in told
    assert "chmod 644" in told


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("127.0.0.1:8080", "no address"),
        ("localhost", "no address"),
        ("ftp://models.example", "no address"),
        ("http://", "no address"),
        ("http://models.example:eighty", "no address"),
        ("http://models.example/a b", "no address"),
        ("https://me:secret@models.example", "ANTHROPIC_AUTH_TOKEN"),
        ("https://models.example/?key=secret", "behind"),
        ("https://models.example/v1/messages", "leave it out"),
        ("https://models.example/v1/messages/", "leave it out"),
    ],
)
def test_endpoint_that_is_no_address_is_refused_by_name(
    url: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start says what is wrong, and repeats no password."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)

    with pytest.raises(ValidationError, match=mend) as error:
        RunnerSettings()

    assert "ANTHROPIC_BASE_URL" in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "http://[::1]:8080/",
        "https://models.example/anthropic/",
        "http://ollama:11434",
    ],
)
def test_endpoint_is_taken_without_its_last_slash(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CLI puts its own there."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)

    assert RunnerSettings().anthropic_base_url == url.rstrip("/")
