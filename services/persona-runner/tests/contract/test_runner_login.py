"""Logging in and out through the real CLI; Anthropic's hosts are stand-ins."""

import asyncio
import contextlib
import json
import os
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import grpc
import pytest

from roundtable.runner.v1 import (
    account_service_pb2,
    account_service_pb2_grpc,
    runner_service_pb2,
)
from roundtable_kit.errors import (
    ErrorKind,
    InvalidArgument,
    NotFound,
    ServiceError,
    Unavailable,
)
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.rpc_errors import from_call_error
from roundtable_runner.claude.login import LoginDesk
from roundtable_runner.claude.login_command import LoginLauncher
from roundtable_runner.claude.workspace import Workspace
from support.anthropic_endpoint import ScriptedEndpoint
from support.anthropic_network import PLATFORM, AnthropicNetwork
from support.processes import (
    children_with,
    cli_children,
    command_line,
    is_alive,
    wait_for_exit,
)
from support.runner_harness import RunnerHarness, run_runner

CODE = "a-code-from-the-page#and-its-state"


@pytest.fixture
async def network(
    tmp_path: Path, endpoint: ScriptedEndpoint
) -> AsyncIterator[AnthropicNetwork]:
    """Anthropic's hosts, on loopback."""
    async with AnthropicNetwork(tmp_path, endpoint) as network:
        yield network


@pytest.fixture
async def bare(
    tmp_path: Path, network: AnthropicNetwork
) -> AsyncIterator[RunnerHarness]:
    """A runner with no account yet."""
    async with run_runner(tmp_path / "data", warm=0, **network.settings) as runner:
        yield runner


def _credentials(tmp_path: Path) -> Path:
    return tmp_path / "data" / "claude" / ".credentials.json"


async def _begin(runner: RunnerHarness) -> account_service_pb2.StartLoginResponse:
    return await runner.account.StartLogin(account_service_pb2.StartLoginRequest())


async def _finish(runner: RunnerHarness, login_id: str, code: str = CODE) -> None:
    await runner.account.FinishLogin(
        account_service_pb2.FinishLoginRequest(login_id=login_id, code=code)
    )


async def _log_out(runner: RunnerHarness) -> None:
    await runner.account.LogOut(account_service_pb2.LogOutRequest())


async def _look(runner: RunnerHarness) -> runner_service_pb2.GetRunnerResponse:
    return await runner.runner.GetRunner(runner_service_pb2.GetRunnerRequest())


async def test_login_makes_the_subscription_the_account(
    bare: RunnerHarness, network: AnthropicNetwork, tmp_path: Path
) -> None:
    """The address is shown, the code is exchanged, the credentials are private."""
    login = await _begin(bare)
    await _finish(bare, login.login_id)
    left = cli_children()
    runner = await _look(bare)

    address = urlsplit(login.url)
    exchange = network.requests[0]
    credentials = _credentials(tmp_path)
    assert (address.scheme, address.hostname) == ("https", "claude.ai")
    assert address.query
    assert (exchange.path, exchange.body["code"]) == (
        "/v1/oauth/token",
        "a-code-from-the-page",
    )
    assert runner.account == runner_service_pb2.ACCOUNT_SUBSCRIPTION
    assert not runner.HasField("is_working")
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(credentials.parent.stat().st_mode) == 0o700
    assert left == []


async def test_login_survives_a_restart(
    network: AnthropicNetwork, tmp_path: Path
) -> None:
    """What the runner's volume keeps is the account of the next one."""
    async with run_runner(tmp_path / "data", warm=0, **network.settings) as first:
        await _finish(first, (await _begin(first)).login_id)
    async with run_runner(tmp_path / "data", warm=0, **network.settings) as second:
        runner = await _look(second)

    assert runner.account == runner_service_pb2.ACCOUNT_SUBSCRIPTION


async def test_a_refused_code_ends_the_login_and_says_why(
    bare: RunnerHarness, network: AnthropicNetwork
) -> None:
    """The CLI's words reach the owner, the code does not come back."""
    network.accepts_code = False
    login = await _begin(bare)

    error = await _error(_finish(bare, login.login_id))
    again = await _error(_finish(bare, login.login_id))
    runner = await _look(bare)

    assert (error.kind, error.reason) == (ErrorKind.INVALID_ARGUMENT, "LOGIN_REFUSED")
    assert "That code wasn't accepted" in error.message
    assert not any(part in error.message for part in CODE.split("#"))
    assert again.reason == "LOGIN_NOT_FOUND"
    assert runner.account == runner_service_pb2.ACCOUNT_NONE
    assert cli_children() == []


async def test_an_unreachable_provider_is_told_from_a_wrong_code(
    bare: RunnerHarness, network: AnthropicNetwork
) -> None:
    """The exchange goes to Anthropic's own host alone, and its failure has words."""
    network.is_reachable = False
    login = await _begin(bare)

    error = await _error(_finish(bare, login.login_id))

    assert set(network.hosts) == {PLATFORM}
    assert error.reason == "LOGIN_REFUSED"
    assert "proxy refused the connection" in error.message


async def test_half_a_code_leaves_the_login_waiting(
    bare: RunnerHarness, network: AnthropicNetwork
) -> None:
    """It never reaches the CLI, and the whole code is still taken."""
    login = await _begin(bare)
    halves = (
        "",
        "half-a-code",
        "#",
        "a#",
        "#b",
        "a#b#c",
        "a b#c",
        "a#b\nc",
        "a#" * 4096,
    )

    errors = [await _error(_finish(bare, login.login_id, half)) for half in halves]
    await _finish(bare, login.login_id)

    exchanges = [request for request in network.requests if "token" in request.path]
    assert {error.reason for error in errors} == {"LOGIN_CODE_INCOMPLETE"}
    assert {error.kind for error in errors} == {ErrorKind.INVALID_ARGUMENT}
    assert len(exchanges) == 1


async def test_a_new_login_ends_the_old_one(bare: RunnerHarness) -> None:
    """One at a time: the first one's process and name are gone."""
    first = await _begin(bare)
    (pid,) = cli_children()
    second = await _begin(bare)

    error = await _error(_finish(bare, first.login_id))
    assert not is_alive(pid)
    await _finish(bare, second.login_id)

    assert first.login_id != second.login_id
    assert first.url != second.url
    assert error.reason == "LOGIN_NOT_FOUND"


async def test_a_new_login_ends_one_that_has_its_code(
    bare: RunnerHarness, network: AnthropicNetwork
) -> None:
    """Whoever waits for it is told, and a code is handed over only once."""
    network.answer_login.clear()
    first = await _begin(bare)
    finishing = asyncio.create_task(_error(_finish(bare, first.login_id)))
    await network.wait_for_request("/v1/oauth/token")
    twice = await _error(_finish(bare, first.login_id))

    second = await _begin(bare)
    ended = await finishing
    network.answer_login.set()
    await _finish(bare, second.login_id)

    assert twice.reason == "LOGIN_NOT_FOUND"
    assert ended.reason == "LOGIN_REFUSED"
    assert "another login" in ended.message


@pytest.mark.parametrize(
    "setting",
    [
        {"anthropic_base_url": "http://127.0.0.1:9"},
        {"anthropic_api_key": "made-up"},
        {"anthropic_auth_token": "made-up"},
        {"claude_code_oauth_token": "made-up"},
    ],
    ids=lambda setting: next(iter(setting)),
)
async def test_login_is_refused_where_it_would_be_outranked(
    setting: dict[str, str], network: AnthropicNetwork, tmp_path: Path
) -> None:
    """A login that nothing would use is not begun."""
    settings = {"warm": 0, **network.settings, **setting}
    async with run_runner(tmp_path / "data", **settings) as runner:
        error = await _error(_begin(runner))

    assert error.kind is ErrorKind.FAILED_PRECONDITION
    assert error.reason == "ACCOUNT_IS_CONFIGURED"
    assert cli_children() == []


async def test_logout_leaves_no_login(
    bare: RunnerHarness, network: AnthropicNetwork, tmp_path: Path
) -> None:
    """The provider is told, and nothing that names the owner stays on the disk."""
    await _finish(bare, (await _begin(bare)).login_id)

    await _log_out(bare)
    await _log_out(bare)
    runner = await _look(bare)

    left = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    told = "".join(path.read_text() for path in left)
    revoked = [request for request in network.requests if "revoke" in request.path]
    assert runner.account == runner_service_pb2.ACCOUNT_NONE
    assert json.loads(revoked[0].raw_body)["token"] == "made-up-refresh"
    assert not _credentials(tmp_path).exists()
    assert "made-up" not in told
    assert "owner@example.org" not in told


async def test_logout_needs_no_network(
    bare: RunnerHarness, network: AnthropicNetwork, tmp_path: Path
) -> None:
    """Where the provider can't be told the login goes from the disk all the same."""
    await _finish(bare, (await _begin(bare)).login_id)
    network.is_reachable = False

    await _log_out(bare)

    assert not _credentials(tmp_path).exists()


async def test_logout_ends_a_login_under_way(bare: RunnerHarness) -> None:
    """Its process is gone, and so is its name."""
    login = await _begin(bare)

    await _log_out(bare)

    assert cli_children() == []
    assert (await _error(_finish(bare, login.login_id))).reason == "LOGIN_NOT_FOUND"


async def test_runner_that_stops_ends_a_login_under_way(
    network: AnthropicNetwork, tmp_path: Path
) -> None:
    """Nothing is left behind."""
    async with run_runner(tmp_path / "data", warm=0, **network.settings) as runner:
        await _begin(runner)
        (pid,) = cli_children()

    assert not is_alive(pid)


async def test_a_killed_runner_takes_its_login_along(tmp_path: Path) -> None:
    """The dialogue ends with the service, however that ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "roundtable_runner"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            **os.environ,
            "ROUNDTABLE_RUNNER_ADDRESS": "127.0.0.1:0",
            "ROUNDTABLE_RUNNER_WARM": "0",
            "ROUNDTABLE_STOP_ON_STDIN_EOF": "true",
            "ROUNDTABLE_DATA_DIR": str(tmp_path / "data"),
            # Nothing listens there; the login asks for nothing before its code.
            "HTTPS_PROXY": "http://127.0.0.1:9",
        },
    )
    output = process.stdout
    assert output is not None
    ready = json.loads(await output.readline())
    async with open_channel(f"127.0.0.1:{ready['port']}") as channel:
        account = account_service_pb2_grpc.AccountServiceStub(channel)
        await account.StartLogin(account_service_pb2.StartLoginRequest())
        (pid,) = cli_children(process.pid)

        process.kill()
        await process.wait()
        await wait_for_exit(pid)

    assert command_line(pid) == ""


async def test_login_ends_by_itself(tmp_path: Path) -> None:
    """A login that nobody finishes does not wait for ever."""
    program = _play(tmp_path, "echo https://claude.ai/oauth; read code")
    async with _desk(program, tmp_path, limit=timedelta(seconds=2)) as desk:
        login = await desk.begin()
        (pid,) = children_with(str(program))
        tasks = [t for t in asyncio.all_tasks() if t.get_name() == "claude-login"]
        await asyncio.wait(tasks)

        with pytest.raises(NotFound) as refusal:
            await desk.finish(login.login_id, CODE)

    assert not is_alive(pid)
    assert refusal.value.reason == "LOGIN_NOT_FOUND"


@pytest.mark.parametrize(
    "dialogue",
    [
        "exit 1",
        "echo no address here",
        "echo http://claude.ai/oauth",
        "echo https://owner@elsewhere.example/",
        "printf '%0100000d'",
    ],
)
async def test_login_that_shows_no_address_is_unavailable(
    dialogue: str, tmp_path: Path
) -> None:
    """Only a whole https address is handed on."""
    async with _desk(_play(tmp_path, dialogue), tmp_path) as desk:
        with pytest.raises(Unavailable) as error:
            await desk.begin()

    assert error.value.reason == "LOGIN_UNAVAILABLE"


@pytest.mark.parametrize("end", [LoginDesk.stop, LoginDesk.log_out])
async def test_silent_login_holds_up_neither_stop_nor_logout(
    end: Callable[[LoginDesk], Awaitable[None]], tmp_path: Path
) -> None:
    """They end it at once, and whoever waited for its address is told."""
    program = _play(tmp_path, "sleep 600")
    async with _desk(program, tmp_path) as desk:
        beginning = asyncio.create_task(desk.begin())
        while not children_with(str(program)):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)

        async with asyncio.timeout(10):
            await end(desk)
            with pytest.raises(Unavailable) as error:
                await beginning

        assert error.value.reason == "LOGIN_UNAVAILABLE"
        assert children_with(str(program)) == []


async def test_silent_logout_takes_the_login_off_the_disk(tmp_path: Path) -> None:
    """The provider is given its time, and no more."""
    program = _play(tmp_path, "sleep 600")
    limit = timedelta(seconds=0.5)
    async with _desk(program, tmp_path, logout_limit=limit) as desk:
        credentials = _store_login(tmp_path)

        async with asyncio.timeout(10):
            await desk.log_out()

        assert not credentials.exists()
        assert children_with(str(program)) == []


async def test_logout_that_nobody_waits_for_is_one(tmp_path: Path) -> None:
    """A caller that gives up gets what it wanted all the same."""
    program = _play(tmp_path, "sleep 600")
    async with _desk(program, tmp_path) as desk:
        credentials = _store_login(tmp_path)
        leaving = asyncio.create_task(desk.log_out())
        while not children_with(str(program)):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)

        leaving.cancel()
        await asyncio.wait([leaving])

        assert leaving.cancelled()
        assert not credentials.exists()
        assert children_with(str(program)) == []


async def test_words_that_repeat_the_code_are_kept_back(tmp_path: Path) -> None:
    """Whatever the CLI says of a code, the code itself is never told again."""
    dialogue = """echo https://claude.ai/oauth; read code
        echo "Couldn't log in: bad code ${code%%#*}" >&2; exit 1"""
    async with _desk(_play(tmp_path, dialogue), tmp_path) as desk:
        login = await desk.begin()
        with pytest.raises(InvalidArgument) as error:
            await desk.finish(login.login_id, CODE)

    assert error.value.reason == "LOGIN_REFUSED"
    assert "a-code-from-the-page" not in error.value.message


async def test_login_that_keeps_nothing_is_none(tmp_path: Path) -> None:
    """A CLI that ends well without credentials has not logged in."""
    program = _play(tmp_path, "echo https://claude.ai/oauth; read code")
    async with _desk(program, tmp_path) as desk:
        login = await desk.begin()
        with pytest.raises(InvalidArgument) as error:
            await desk.finish(login.login_id, CODE)

    assert "kept no login" in error.value.message


async def test_no_code_and_no_token_is_logged(
    bare: RunnerHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the code nor what it was exchanged for."""
    await _finish(bare, (await _begin(bare)).login_id)

    captured = capsys.readouterr()
    logged = captured.out + captured.err
    assert "login.finished" in logged
    assert not any(part in logged for part in (*CODE.split("#"), "made-up-access"))


async def _error(call: Awaitable[object]) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return from_call_error(error.value)


def _play(folder: Path, dialogue: str) -> Path:
    """Return a program that plays the CLI's part in shell."""
    program = folder / "claude"
    program.write_text(f"#!/bin/sh\n{dialogue}\n")
    program.chmod(0o755)
    return program


def _store_login(folder: Path) -> Path:
    credentials = folder / "data" / ".credentials.json"
    credentials.parent.mkdir()
    credentials.write_text("{}")
    return credentials


@contextlib.asynccontextmanager
async def _desk(
    program: Path, folder: Path, **limits: timedelta
) -> AsyncIterator[LoginDesk]:
    workspace = Workspace.create(folder)
    desk = LoginDesk(LoginLauncher(program, workspace, folder / "data"), **limits)
    try:
        yield desk
    finally:
        await desk.stop()
        workspace.remove()
