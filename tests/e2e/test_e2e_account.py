"""The account from the terminal: log in, try it, log out; the doctor on real stacks."""

import asyncio
import re
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from roundtable_kit.certs import ensure_certificates
from support.anthropic_endpoint import ScriptedEndpoint
from support.anthropic_network import AnthropicNetwork
from support.messages_script import Script
from support.stack import GATEWAY, RUNNER, STORE, Stack

_ROUNDTABLE = Path(sys.executable).with_name("roundtable")
_CODE = "a-code-from-the-page#and-its-state"
_SECONDS = 60.0


async def _start(
    *arguments: str, home: Path, server: str | None, **environment: str
) -> Process:
    """Start a command in an environment built from nothing."""
    named = {} if server is None else {"ROUNDTABLE_URL": server}
    return await asyncio.create_subprocess_exec(
        str(_ROUNDTABLE),
        *arguments,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), **named, **environment},
        cwd=home,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )


async def _run(
    *arguments: str,
    home: Path,
    server: str | None,
    typed: str = "",
    **environment: str,
) -> tuple[int, str]:
    """Run a command to its end and return exit code and all that it said."""
    process = await _start(*arguments, home=home, server=server, **environment)
    async with asyncio.timeout(_SECONDS):
        output, errors = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, output.decode() + errors.decode()


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    """An endpoint that answers every turn."""
    async with ScriptedEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
async def network(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> AsyncIterator[AnthropicNetwork]:
    """Anthropic's hosts, on loopback."""
    async with AnthropicNetwork(tmp_path, endpoint) as network:
        yield network


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder as the launcher makes it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
async def bare(network: AnthropicNetwork, data_dir: Path) -> AsyncIterator[Stack]:
    """A stack with no account yet."""
    variables = {name.upper(): str(v) for name, v in network.settings.items()}
    async with Stack(data_dir, account=variables) as stack:
        yield stack


async def _account(stack: Stack) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False) as http:
        answer: dict[str, object] = (await http.get("/api/v1/runner")).json()
    return answer


@pytest.mark.timeout(120)
async def test_login_makes_the_account_and_logout_takes_it_back(
    bare: Stack, endpoint: ScriptedEndpoint, tmp_path: Path, data_dir: Path
) -> None:
    """From the terminal, by the real CLI: the code, one tiny turn, and nothing left."""
    code, said = await _run(
        "login", home=tmp_path, server=bare.url, typed=f"half\n{_CODE}\n"
    )
    turns = len(endpoint.tiny_requests)
    logged_in = await _account(bare)
    _, shown = await _run("runner", home=tmp_path, server=bare.url)
    left, out = await _run("logout", home=tmp_path, server=bare.url)
    logged_out = await _account(bare)

    assert code == 0, said
    assert re.search(r"https://claude\.ai/\S+", said)
    assert "not the whole code" in said
    assert "It works: " in said
    assert "In use: a Claude subscription" in said
    assert turns == 1
    assert (logged_in["account"], logged_in["working"]) == ("subscription", True)
    assert "a Claude subscription" in shown
    assert (left, logged_out["account"]) == (0, "none")
    assert "Logged out." in out
    assert not (data_dir / "claude" / ".credentials.json").exists()
    logs = "".join(bare.log(name) for name in ("gateway", RUNNER, STORE))
    assert not any(secret in logs + said for secret in ("a-code-from", "made-up"))


@pytest.mark.timeout(120)
async def test_refused_code_leaves_no_account(
    bare: Stack, network: AnthropicNetwork, tmp_path: Path
) -> None:
    """The CLI's own words come through, and the next login begins anew."""
    network.accepts_code = False

    code, said = await _run("login", home=tmp_path, server=bare.url, typed=f"{_CODE}\n")

    assert code == 64
    assert "LOGIN_REFUSED" in said
    assert "It works" not in said
    assert (await _account(bare))["account"] == "none"


@pytest.mark.timeout(120)
async def test_login_beside_a_key_is_refused(
    endpoint: ScriptedEndpoint, tmp_path: Path, data_dir: Path
) -> None:
    """It would not count; nobody is sent to sign in for nothing."""
    account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
    async with Stack(data_dir, account=account) as stack:
        code, said = await _run("login", home=tmp_path, server=stack.url)

    assert code == 2
    assert "ACCOUNT_IS_CONFIGURED" in said
    assert "https://claude.ai" not in said


def _doctor(data_dir: Path) -> tuple[str, ...]:
    return ("doctor", "--data-dir", str(data_dir))


def _marks(said: str) -> dict[str, str]:
    """Return the mark of each subject; a mend follows each that is not well."""
    lines = said.splitlines()[1:-1]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line[0] in "!✗":
            assert following.strip().startswith("→"), line
    heads = [line for line in lines if not line.startswith(" ")]
    return {re.split(r"  +", head[2:])[0]: head[0] for head in heads}


@pytest.mark.timeout(120)
async def test_doctor_finds_nothing_wrong_with_a_sound_stack(
    endpoint: ScriptedEndpoint, tmp_path: Path, data_dir: Path
) -> None:
    """Every check is made, every one is fine, and the test is one request."""
    account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
    async with Stack(data_dir, account=account) as stack:
        code, said = await _run(
            *_doctor(data_dir), "--test", home=tmp_path, server=stack.url
        )
        asked = len(endpoint.tiny_requests)
        code_again, later = await _run(
            *_doctor(data_dir), home=tmp_path, server=stack.url
        )
        asked_later = len(endpoint.tiny_requests)

    marks = _marks(said)
    assert code == code_again == 0, said
    assert set(marks) == {
        *("gateway", "port", "data folder", "disk", "database", "certificates"),
        *("variables", "clock", "versions", "account", "endpoint"),
    }
    assert set(marks.values()) == {"✓"}, said
    assert said.splitlines()[-1] == "All is well."
    assert 1 <= asked <= 2  # a model not met before is first asked whether it has tools
    assert asked_later == asked
    assert "it answered when it was last used" in later


@pytest.mark.timeout(120)
async def test_doctor_finds_what_is_broken_behind_a_gateway(
    endpoint: ScriptedEndpoint, tmp_path: Path, data_dir: Path
) -> None:
    """A refused key, a data folder open to others, then a store that is away."""
    account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
    endpoint.script_tiny(Script(status=401, error_type="authentication_error"))
    data_dir.chmod(0o755)  # noqa: ASYNC240 - at once
    async with Stack(data_dir, account=account) as stack:
        refused, said = await _run(
            *_doctor(data_dir), "--test", home=tmp_path, server=stack.url
        )
        await stack.kill(STORE)
        away, told = await _run(*_doctor(data_dir), home=tmp_path, server=stack.url)

    assert (refused, away) == (1, 1)
    assert _marks(said)["account"] == "✗"
    assert "auth_required" in said
    assert _marks(said)["data folder"] == "!"
    assert f"chmod 700 {data_dir}" in said
    assert _marks(told)["gateway"] == "✗"
    assert "its store is away" in told


async def test_doctor_finds_certificates_that_have_ended(
    tmp_path: Path, data_dir: Path
) -> None:
    """Without a gateway, too; what it names as the mend mends it."""
    long_ago = datetime.now(UTC) - timedelta(days=400)
    ensure_certificates(data_dir / "certificates", now=long_ago)
    with closing(socket.create_server(("127.0.0.1", 0))) as reserved:
        port = str(reserved.getsockname()[1])

    ended, said = await _run(*_doctor(data_dir), home=tmp_path, server=None, PORT=port)
    await _run("certs", "--data-dir", str(data_dir), home=tmp_path, server=None)
    mended, later = await _run(
        *_doctor(data_dir), home=tmp_path, server=None, PORT=port
    )

    assert (ended, mended) == (1, 0)
    assert _marks(said)["certificates: gateway"] == "✗"
    assert "3 things are broken." in said
    assert "→ roundtable certs" in said
    assert _marks(later)["certificates"] == "✓"


@pytest.mark.timeout(120)
async def test_doctor_judges_the_certificate_that_a_gateway_shows(
    tmp_path: Path, data_dir: Path
) -> None:
    """Its days are told while it lasts; one that has ended is named, with its mend."""
    own = tmp_path / "https"
    ensure_certificates(own)
    old = tmp_path / "old"
    ensure_certificates(old, now=datetime.now(UTC) - timedelta(days=400))
    good, expired = (
        {
            "ROUNDTABLE_GATEWAY_TLS_CERT_FILE": str(folder / "gateway/service.crt"),
            "ROUNDTABLE_GATEWAY_TLS_KEY_FILE": str(folder / "gateway/service.key"),
        }
        for folder in (own, old)
    )
    async with Stack(data_dir, settings=good) as stack:
        port = str(stack.port(GATEWAY))
        fine, said = await _run(
            *_doctor(data_dir), home=tmp_path, server=None, PORT=port, **good
        )
    async with Stack(data_dir, settings=expired) as stack:
        port = str(stack.port(GATEWAY))
        ended, told = await _run(
            *_doctor(data_dir), home=tmp_path, server=None, PORT=port, **expired
        )

    assert fine == 0, said
    assert said.startswith("Persona Roundtable at https://127.0.0.1:")
    assert _marks(said)["HTTPS certificate"] == "✓"
    assert ended == 1
    assert _marks(told)["HTTPS certificate"] == "✗"
    assert "certificate has expired" in told
