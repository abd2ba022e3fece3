"""The world of a CLI process."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from roundtable_runner.claude.account import (
    Access,
    AccountVariables,
    endpoint_access,
    find_access,
)
from roundtable_runner.claude.environment import (
    Deadlines,
    build_environment,
    build_flags,
)
from roundtable_runner.claude.workspace import Workspace

_WORKSPACE = Workspace(Path("/workspace"), lock=-1)


def _access(**account: str) -> Access:
    access = find_access(AccountVariables(Path("/nowhere"), **account))
    assert access is not None
    return access


def test_environment_takes_nothing_from_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A variable of the service reaches no CLI."""
    monkeypatch.setenv("SECRET_DATABASE", "postgres://user:password@host")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy")

    variables = build_environment(_access(api_key="k"), _WORKSPACE, Deadlines())

    shared = {name for name in variables if variables[name] == os.environ.get(name)}
    assert "SECRET_DATABASE" not in variables
    assert "HTTP_PROXY" not in variables
    assert shared <= {"LANG", "PATH"}


@pytest.mark.parametrize(
    ("account", "variable"),
    [
        ({"api_key": "k"}, "ANTHROPIC_API_KEY"),
        ({"auth_token": "k"}, "ANTHROPIC_AUTH_TOKEN"),
        ({"oauth_token": "k"}, "CLAUDE_CODE_OAUTH_TOKEN"),
        ({"base_url": "http://e", "api_key": "k"}, "ANTHROPIC_API_KEY"),
        ({"base_url": "http://e", "auth_token": "k"}, "ANTHROPIC_AUTH_TOKEN"),
        (
            {"api_key": "k", "auth_token": "other", "oauth_token": "other"},
            "ANTHROPIC_API_KEY",
        ),
    ],
)
def test_one_credential_is_handed_on(account: dict[str, str], variable: str) -> None:
    """The account that comes first, and no other beside it, which would win."""
    variables = build_environment(_access(**account), _WORKSPACE, Deadlines())

    assert [name for name, value in variables.items() if value == "k"] == [variable]
    assert "other" not in variables.values()


def test_only_a_login_sees_the_owners_configuration(tmp_path: Path) -> None:
    """With any other account the CLI's configuration is the workspace's."""
    (tmp_path / ".credentials.json").write_text("{}")
    login = find_access(AccountVariables(tmp_path))
    key = find_access(AccountVariables(tmp_path, api_key="k"))
    assert login is not None
    assert key is not None

    directories = [
        build_environment(access, _WORKSPACE, Deadlines())["CLAUDE_CONFIG_DIR"]
        for access in (login, key)
    ]

    assert directories == [str(tmp_path), "/workspace/config"]


def test_bare_mode_is_for_credentials_that_it_reads() -> None:
    """Bare reads keys and auth tokens; an OAuth token it would not see."""
    is_bare = {
        name: "--bare" in build_flags(_access(**{name: "k"}))
        for name in ("api_key", "auth_token", "oauth_token")
    }

    assert is_bare == {"api_key": True, "auth_token": True, "oauth_token": False}


@pytest.mark.parametrize(
    "flag",
    ["--tools=", "--setting-sources=", "--strict-mcp-config", "--max-turns=2"],
)
def test_every_process_is_disarmed(flag: str) -> None:
    """No tools, no settings, no servers, one repair, whatever the account."""
    assert flag in build_flags(_access(oauth_token="k"))


def test_our_deadlines_strike_before_the_clis() -> None:
    """The CLI's own patience is longer, so that the reason is ours to tell.

    That holds for a turn that thinks long, too: any process may become its.
    """
    deadlines = Deadlines(first_token=timedelta(seconds=60), idle=timedelta(seconds=30))

    variables = build_environment(_access(api_key="k"), _WORKSPACE, deadlines)

    assert int(variables["API_TIMEOUT_MS"]) > 240_000
    assert int(variables["CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS"]) > 240_000


def test_retries_are_ours() -> None:
    """A key's CLI announces one, which ends the turn; a token's makes none."""
    retries = [
        build_environment(access, _WORKSPACE, Deadlines())["CLAUDE_CODE_MAX_RETRIES"]
        for access in (_access(api_key="k"), _access(oauth_token="k"))
    ]

    assert retries == ["1", "0"]


def test_network_of_the_owner_is_handed_on() -> None:
    """Proxies and certificates are the CLI's to use; nothing of ours is overruled."""
    network = {"HTTPS_PROXY": "http://proxy:3128", "HOME": "/theirs"}

    variables = build_environment(
        _access(api_key="k"), _WORKSPACE, Deadlines(), network=network
    )

    assert variables["HTTPS_PROXY"] == "http://proxy:3128"
    assert variables["HOME"] == "/workspace/home"


def test_secrets_are_not_shown() -> None:
    """What is printed of an access or an account holds no credential."""
    account = AccountVariables(Path("/nowhere"), api_key="secret-1", oauth_token="s-2")
    access = endpoint_access("http://e", auth_token="secret-3")

    shown = repr(account) + repr(access)

    assert not any(secret in shown for secret in ("secret-1", "s-2", "secret-3"))
