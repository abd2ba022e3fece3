"""Token mode from the terminal: the first token, a whole run, its end; no leak."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from roundtable_kit.authority import Authority
from roundtable_kit.certs import ensure_certificates
from support.processes import command_line
from support.stack import GATEWAY, RUNNER, STORE, Stack

_ROUNDTABLE = Path(sys.executable).with_name("roundtable")
_EMAIL = "ada@example.org"


@dataclass(frozen=True)
class Terminal:
    """A person at a terminal, with a token of theirs or without, before a gateway."""

    folder: Path
    stack: Stack
    url: str
    authority: Path

    async def run(self, *arguments: str, **more: str) -> tuple[int, str, str]:
        """Run a command; return exit code, output and error output."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "ROUNDTABLE_DATA_DIR": str(self.folder / "data"),
            "SSL_CERT_FILE": str(self.authority),
            **more,
        }
        process = await asyncio.create_subprocess_exec(
            str(_ROUNDTABLE), *arguments, env=environment, stdout=PIPE, stderr=PIPE
        )
        output, errors = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode(), errors.decode()

    async def review(self, document: Path, **more: str) -> tuple[int, str, str]:
        """Have a document reviewed and the run printed as JSON."""
        return await self.run(
            *("review", str(document), "--panel", "first_look", "--json"),
            *("--document-type", "proposal", "--allow-rehearsal", "--server", self.url),
            **more,
        )

    def logs(self) -> str:
        """Return what all services have logged."""
        return "".join(map(self.stack.log, (GATEWAY, RUNNER, STORE)))


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    """A terminal before a gateway that speaks HTTPS and asks for tokens."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    ensure_certificates(data_dir / "certificates")
    authority = Authority.read(data_dir / "certificates" / "authority")
    own = tmp_path / "localhost"
    authority.issue("localhost", own, now=datetime.now(UTC))
    settings = {
        "ROUNDTABLE_GATEWAY_AUTH": "token",
        "ROUNDTABLE_GATEWAY_TLS_CERT_FILE": str(own / "service.crt"),
        "ROUNDTABLE_GATEWAY_TLS_KEY_FILE": str(own / "service.key"),
        "ROUNDTABLE_LOG_LEVEL": "debug",
    }
    async with Stack(data_dir, settings=settings) as stack:
        url = f"https://localhost:{stack.port(GATEWAY)}"
        yield Terminal(tmp_path, stack, url, own / "ca.crt")


async def test_a_token_from_the_command_line_brings_a_run_to_its_end(
    terminal: Terminal, root: Path
) -> None:
    """Made beside the running store, alone on standard output; by variable or file."""
    document = root / "samples" / "restore-test-proposal.md"
    code, token, words = await terminal.run("token", "create", _EMAIL, "--days", "2")
    file = terminal.folder / "token"
    file.write_text(token)

    reviewed = await terminal.review(document, ROUNDTABLE_TOKEN=token.strip())
    again = await terminal.review(document, ROUNDTABLE_TOKEN_FILE=str(file))

    assert code == 0
    assert token.startswith("rt_")
    assert token.count("\n") == 1
    assert _EMAIL in words
    assert token.strip() not in words
    for code, output, errors in (reviewed, again):
        assert code == 0, errors
        assert json.loads(output)["state"] == "succeeded"


async def test_who_has_no_token_learns_how_to_get_one(
    terminal: Terminal, sample: Path
) -> None:
    """Without one, or with one that is none: a code of its own and the mend."""
    for more in ({}, {"ROUNDTABLE_TOKEN": "rt_" + "0" * 64}):
        code, output, errors = await terminal.review(sample, **more)

        assert (code, output) == (77, "")
        assert "ROUNDTABLE_TOKEN" in errors
        assert "roundtable token create EMAIL" in errors
        assert "0" * 64 not in errors


async def test_gateway_that_nobody_vouches_for_gets_no_token(
    terminal: Terminal, sample: Path
) -> None:
    """Its certificate is verified before anything is sent."""
    stranger = terminal.folder / "stranger"
    ensure_certificates(stranger)

    code, _, errors = await terminal.review(
        sample,
        ROUNDTABLE_TOKEN="rt_" + "0" * 64,
        SSL_CERT_FILE=str(stranger / "gateway" / "ca.crt"),
    )

    assert code == 69
    assert "SSL_CERT_FILE" in errors
    assert "request.finished" not in terminal.stack.log(GATEWAY)


async def test_no_secret_is_logged_or_shown_to_other_processes(
    terminal: Terminal,
) -> None:
    """At the most talkative level; tokens, sessions and digests, good and bad."""
    _, token, _ = await terminal.run("token", "create", _EMAIL)
    secrets = [token.strip(), "rt_" + "e" * 64]
    async with httpx.AsyncClient(
        base_url=f"{terminal.stack.url.replace('http:', 'https:')}/api/v1",
        headers={"X-Requested-With": "roundtable"},
        verify=False,  # noqa: S501 - who is asked does not matter here
        trust_env=False,
    ) as http:
        for secret in tuple(secrets):
            answer = await http.post("/sign-in", json={"token": secret})
            secrets += answer.cookies.values()
            proof = {"Authorization": f"Bearer {secret}"}
            await http.get("/me", headers=proof)
            created = await http.post("/tokens", json={"name": "x"}, headers=proof)
            secrets += [created.json()["token"]] if created.is_success else []
        await http.post("/sign-out", headers={"Cookie": _cookie(secrets)})

    logs = terminal.logs()
    shown = "".join(
        command_line(terminal.stack.pid(name)) for name in (GATEWAY, RUNNER, STORE)
    )
    assert len(secrets) == 4
    assert logs.count("TokenService/AuthenticateToken") >= 3
    for secret in secrets:
        assert secret.partition("_")[2] not in logs + shown


def _cookie(secrets: list[str]) -> str:
    (session,) = (secret for secret in secrets if secret.startswith("rts_"))
    return f"__Host-roundtable={session}"


async def test_wrong_address_makes_no_token(terminal: Terminal) -> None:
    """The answer is words and the code of wrong use."""
    code, output, errors = await terminal.run("token", "create", "ada")

    assert (code, output) == (64, "")
    assert "'ada' is no e-mail address" in errors
    assert "Traceback" not in errors
