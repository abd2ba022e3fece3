"""Which credential the CLI reads, what it sends, and how its login talks."""

import asyncio
import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from roundtable_runner.claude.account import (
    Access,
    AccountKind,
    AccountVariables,
    find_access,
)
from roundtable_runner.claude.login_command import LoginCommand
from roundtable_runner.claude.program import bundled_cli
from support.cli_conversation import World, changed

_OAUTH_BETA = "oauth-2025-04-20"
_FAR = 24 * 3600
_LOGIN_SECONDS = 20


def _login(config_dir: Path) -> None:
    """Write a login as the CLI keeps it."""
    login = {
        "accessToken": "stored-token",
        "refreshToken": "stored-refresh",
        "expiresAt": int((time.time() + _FAR) * 1000),
        "scopes": ["user:inference", "user:profile"],
        "subscriptionType": "max",
    }
    file = config_dir / ".credentials.json"
    file.write_text(json.dumps({"claudeAiOauth": login}))
    file.chmod(0o600)


def _access(world: World, *, is_bare: bool, **credentials: str) -> Access:
    variables = {
        "ANTHROPIC_BASE_URL": world.endpoint.url,
        "CLAUDE_CONFIG_DIR": str(world.workspace.config),
        **credentials,
    }
    return Access(AccountKind.TOKEN, variables, is_bare=is_bare, has_price=False)


async def _credential_sent(world: World, access: Access) -> dict[str, Any]:
    """Return what a turn's one request proves itself with."""
    await world.one_turn(access=access)
    (request,) = world.endpoint.requests
    return {
        "key": request.headers.get("x-api-key"),
        "bearer": request.headers.get("authorization"),
        "is_oauth": _OAUTH_BETA in request.headers.get("anthropic-beta", ""),
    }


_SENT = {
    "ANTHROPIC_API_KEY": {"key": "made-up", "bearer": None, "is_oauth": False},
    "ANTHROPIC_AUTH_TOKEN": {
        "key": None,
        "bearer": "Bearer made-up",
        "is_oauth": False,
    },
    "CLAUDE_CODE_OAUTH_TOKEN": {
        "key": None,
        "bearer": "Bearer made-up",
        "is_oauth": True,
    },
}
_FIELDS = {
    "ANTHROPIC_API_KEY": "api_key",
    "ANTHROPIC_AUTH_TOKEN": "auth_token",
    "CLAUDE_CODE_OAUTH_TOKEN": "oauth_token",
}


@pytest.mark.parametrize("name", _SENT)
async def test_credential_is_sent_as_the_account_wants(
    name: str, tmp_path: Path
) -> None:
    """Each access the runner builds gets its own header, and no other."""
    access = find_access(
        AccountVariables(config_dir=tmp_path, **{_FIELDS[name]: "made-up"})
    )
    assert access is not None
    async with World() as world:
        variables = {**access.variables, "ANTHROPIC_BASE_URL": world.endpoint.url}
        access = Access(
            access.kind, variables, is_bare=access.is_bare, has_price=access.has_price
        )

        sent = await _credential_sent(world, access)

    assert sent == _SENT[name], changed(
        name,
        f"sends {sent}",
        relies="this mode (bare or not) reading it (claude/account.py)",
    )


async def test_stored_login_is_sent() -> None:
    """What `auth login` stores in the configuration directory pays for a turn."""
    async with World() as world:
        _login(world.workspace.config)

        sent = await _credential_sent(world, _access(world, is_bare=False))

        assert sent == {
            "key": None,
            "bearer": "Bearer stored-token",
            "is_oauth": True,
        }, changed(
            "Stored login",
            f"sends {sent}",
            relies=".credentials.json of CLAUDE_CONFIG_DIR (claude/account.py)",
        )
        # It looks its account up, as nothing but a login has one.
        others = [asked for asked in world.strays if "api.anthropic.com" not in asked]
        assert others == [], changed(
            "Stored login",
            f"asks {others} before its time is up",
            relies="a login that is good asking Anthropic's API alone",
        )


async def test_bare_mode_reads_no_token_and_no_login() -> None:
    """With nothing but these it fails at once and asks nobody."""
    async with World() as world:
        _login(world.workspace.config)
        access = _access(world, is_bare=True, CLAUDE_CODE_OAUTH_TOKEN="made-up")

        messages = await world.one_turn(access=access)

        errors = [m.get("error") for m in messages if m["type"] == "assistant"]
        assert (errors, world.endpoint.requests) == (["authentication_failed"], []), (
            changed(
                "Bare mode",
                f"says {errors} and sends {len(world.endpoint.requests)} requests"
                " with an OAuth token and a login",
                relies="it reading neither, and starts those without --bare",
            )
        )


async def test_key_beats_a_token() -> None:
    """Both at once: the key is sent, so a runner with a token leaves the key out."""
    async with World() as world:
        access = _access(
            world,
            is_bare=False,
            ANTHROPIC_API_KEY="made-up-key",
            CLAUDE_CODE_OAUTH_TOKEN="made-up-token",
        )

        sent = await _credential_sent(world, access)

    assert (sent["key"], sent["bearer"]) == ("made-up-key", None), changed(
        "Order of credentials",
        f"sends {sent} when it has a key and a token",
        relies="the order that find_access follows (claude/account.py)",
    )


async def test_no_credential_fails_at_once() -> None:
    """A process without any says so, and sends nothing."""
    async with World() as world:
        messages = await world.one_turn(access=_access(world, is_bare=False))

        errors = [m.get("error") for m in messages if m["type"] == "assistant"]
        assert errors == ["authentication_failed"], changed(
            "Not logged in",
            f"says {errors}",
            relies="authentication_failed pausing the run (claude/failures.py)",
        )
        assert world.endpoint.requests == []


async def _auth(world: World, *arguments: str, **variables: str) -> LoginCommand:
    environment = world.variables(_access(world, is_bare=False, **variables))
    return await LoginCommand.start(
        [str(bundled_cli()), "auth", *arguments],
        environment={**environment, "BROWSER": "true"},
        directory=world.workspace.empty,
    )


async def _status(world: World, **variables: str) -> tuple[int, dict[str, Any]]:
    command = await _auth(world, "status", "--json", **variables)
    try:
        said = "\n".join([line async for line in command.lines()])
        return await command.wait(), json.loads(said)
    finally:
        await command.kill()


_STATUSES = {
    "nothing": ({}, (1, False, "none")),
    "key": ({"ANTHROPIC_API_KEY": "made-up"}, (0, True, "api_key")),
    "token": ({"CLAUDE_CODE_OAUTH_TOKEN": "made-up"}, (0, True, "oauth_token")),
}


@pytest.mark.parametrize("name", _STATUSES)
async def test_status_tells_the_method(name: str) -> None:
    """`auth status --json` has its fields and its exit code."""
    variables, expected = _STATUSES[name]
    async with World() as world:
        code, told = await _status(world, **variables)

    assert (code, told.get("loggedIn"), told.get("authMethod")) == expected, changed(
        "auth status",
        f"ends with {code} and tells {told} of {name}",
        relies="nothing of it, but people in the container look there",
    )


async def test_status_and_logout_of_a_stored_login() -> None:
    """A login is told with its plan; logging out takes its file away."""
    async with World() as world:
        _login(world.workspace.config)
        code, told = await _status(world)
        command = await _auth(world, "logout")
        try:
            said = [line async for line in command.lines()]
            logout_code = await command.wait()
        finally:
            await command.kill()
        is_kept = (world.workspace.config / ".credentials.json").exists()

    assert (code, told.get("authMethod"), told.get("subscriptionType")) == (
        0,
        "claude.ai",
        "max",
    ), changed(
        "auth status",
        f"tells {told} of a login",
        relies="nothing of it, but people in the container look there",
    )
    assert (logout_code, is_kept) == (0, False), changed(
        "auth logout",
        f"ends with {logout_code}, keeps its file: {is_kept}, says {said}",
        relies="it removing the stored login (claude/login.py)",
    )


async def _converse(command: LoginCommand) -> tuple[list[str], int | None]:
    """Give a made-up code at the address; return what is said in time, and the end."""
    said: list[str] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LOGIN_SECONDS):
            async for line in command.lines():
                said.append(line)
                if "https://" in line:
                    await command.answer("made-up-code#made-up-state")
            return said, await command.wait()
    return said, None


async def test_login_speaks_over_plain_pipes() -> None:
    """It prints an address, takes the code from its input, and says why it failed."""
    async with World() as world:
        command = await _auth(world, "login")
        try:
            said, code = await _converse(command)
        finally:
            await command.kill()

    words = " | ".join(said)
    assert [line for line in said if line.startswith("https://")], changed(
        "auth login",
        f"says {words!r}",
        relies="a line that is the address to sign in at (claude/login.py)",
    )
    assert "Paste code here" in words, changed(
        "auth login",
        f"says {words!r}",
        relies="it taking the code from its input (claude/login.py)",
    )
    assert "Couldn't log in: " in words, changed(
        "auth login",
        f"says {words!r} of a code that is refused",
        relies="these words before the reason (claude/login.py)",
    )
    assert code == 1, changed(
        "auth login",
        f"ends with {code} when its code is refused",
        relies="1 telling a refusal (claude/login.py)",
    )
    # Where the code went: to the provider, through the proxy and no further.
    assert any("platform.claude.com" in asked for asked in world.proxy.asked)
