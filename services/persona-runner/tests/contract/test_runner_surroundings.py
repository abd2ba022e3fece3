"""A machine or a network that is not as the CLI would like it, with the real CLI."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roundtable_runner.claude.account import endpoint_access
from roundtable_runner.claude.program import bundled_cli
from roundtable_runner.settings import RunnerSettings
from roundtable_runner.turn.parts import FailureReason, ReviewResult, TurnFailure
from support.anthropic_endpoint import ScriptedEndpoint
from support.pool_harness import run_pool
from support.processes import cli_children

_UNWRITABLE = "/proc"
_SURROUNDINGS = {
    "disk full": """\
exec unshare --map-root-user --mount sh -c '
for folder in "$HOME" "$CLAUDE_CONFIG_DIR"; do
    mount -t tmpfs -o size=64k none "$folder" || exit 1
    head -c 1M /dev/zero > "$folder/all" 2> /dev/null
done
exec "$0" "$@"' """,
    "home read-only": f"""\
export HOME={_UNWRITABLE} CLAUDE_CONFIG_DIR={_UNWRITABLE}
exec """,
    "home missing": """\
export HOME="$TMPDIR/nowhere" CLAUDE_CONFIG_DIR="$TMPDIR/nowhere"
exec """,
    "few descriptors": "ulimit -n 64\nexec ",
}


def _in(surroundings: str, folder: Path) -> Path:
    """Write a program that becomes the CLI, in worse surroundings."""
    program = folder / "claude"
    program.write_text(f'#!/bin/sh\n{surroundings}{bundled_cli()} "$@"\n')
    program.chmod(stat.S_IRWXU)
    return program


@pytest.mark.parametrize("name", _SURROUNDINGS)
async def test_turn_is_answered_in_poor_surroundings(
    name: str, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """A turn needs nothing of the disk, whether its process waited or not."""
    access = endpoint_access(endpoint.url, calls_tools=True)
    program = _in(_SURROUNDINGS[name], tmp_path)
    async with run_pool(access, size=1, program=program) as harness:
        cold = await harness.review()
        await harness.parked(1)
        warm = await harness.review()

    assert isinstance(cold, ReviewResult), cold
    assert isinstance(warm, ReviewResult), warm
    assert cli_children() == []


@pytest.mark.parametrize(
    ("limit", "how"), [("-v 100000", "("), ("-f 0", "(ended by SIGXFSZ)")]
)
async def test_end_before_the_first_word_is_told(
    limit: str, how: str, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """Without memory, or without leave to write, the turn ends soon and says how."""
    access = endpoint_access(endpoint.url, calls_tools=True)
    program = _in(f"ulimit {limit}\nexec ", tmp_path)
    async with asyncio.timeout(30), run_pool(access, size=0, program=program) as pool:
        outcome = await pool.review()

    assert isinstance(outcome, TurnFailure)
    assert outcome.reason is FailureReason.CLI_CRASHED
    assert how in outcome.detail
    assert endpoint.requests == []


@pytest.fixture
async def proxy() -> AsyncIterator[list[str]]:
    """A proxy that refuses everybody; its list holds its URL, then what was asked."""
    asked: list[str] = []

    async def refuse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        asked.append((await reader.readline()).decode())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    asked.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    yield asked
    server.close()


async def test_owners_proxy_is_used_but_not_for_loopback(
    proxy: list[str], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """A model far away is reached through it, one on this machine is not."""
    network = RunnerSettings(
        data_dir=tmp_path, https_proxy=proxy[0], http_proxy=proxy[0]
    ).network
    far = endpoint_access("https://model.example", calls_tools=True)
    near = endpoint_access(endpoint.url, calls_tools=True)
    async with run_pool(far, size=0, network=network) as harness:
        failed = await harness.review()
        harness.access = near
        answered = await harness.review()

    assert isinstance(failed, TurnFailure)
    assert isinstance(answered, ReviewResult)
    assert proxy[1].startswith("CONNECT model.example:443 ")
    assert not any(endpoint.url.removeprefix("http://") in line for line in proxy[1:])
