"""The engine as a process: its one line, and how it comes to its end."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

Compose = Callable[..., str]

_HEADERS = {"x-api-key": "made-up-key"}


def _request(message: str) -> dict[str, Any]:
    content = [{"role": "user", "content": message}]
    return {"model": "m", "messages": content, "stream": True}


@pytest.mark.parametrize("way", ["terminate", "close_stdin"])
async def test_stops_within_a_second_with_open_streams(
    way: str, start_process: Callable[..., Any], turn_message: Compose
) -> None:
    """A signal or the starter's end closes streams with an error event, and exits 0."""
    loop = asyncio.get_running_loop()
    async with (
        start_process("--words-per-second", "1") as engine,
        httpx.AsyncClient(base_url=engine.url, headers=_HEADERS) as client,
        client.stream(
            "POST", "/v1/messages", json=_request(turn_message("It is the best."))
        ) as response,
    ):
        lines = response.aiter_lines()
        assert await anext(lines) == "event: message_start"

        asked = loop.time()
        getattr(engine, way)()
        rest = [line async for line in lines]
        status = await engine.process.wait()

        assert loop.time() - asked < 1
        assert status == 0
        assert rest[-3] == "event: error"
        assert json.loads(rest[-2][6:])["error"]["type"] == "overloaded_error"


async def test_stops_within_a_second_while_rules_read(
    start_process: Callable[..., Any], turn_message: Compose
) -> None:
    """A long document at work does not hold up the end."""
    loop = asyncio.get_running_loop()
    message = turn_message("It is the best of the many. " * 70_000)
    async with (
        start_process() as engine,
        httpx.AsyncClient(base_url=engine.url, headers=_HEADERS) as client,
    ):
        reading = asyncio.create_task(
            client.post("/v1/messages", json=_request(message), timeout=50)
        )
        while (await client.get("/")).status_code == 200 and _idle(engine):
            pass

        asked = loop.time()
        engine.terminate()
        status = await engine.process.wait()

        assert loop.time() - asked < 1.5
        assert status == 0
        assert (await reading).status_code == 529


def _idle(engine: Any) -> bool:
    """Whether only the loop and the watch on standard input run as yet."""
    threads = list(Path(f"/proc/{engine.process.pid}/task").iterdir())
    return len(threads) <= len(["loop", "stdin"])


def _listening(pid: int, port: int) -> list[str]:
    """Give the addresses on which a port is listened to, as the kernel writes them."""
    table = Path(f"/proc/{pid}/net/tcp").read_text()
    return [
        line.split()[1]
        for line in table.splitlines()
        if f":{port:04X} 00000000" in line
    ]


async def test_listens_on_loopback_alone(start_process: Callable[..., Any]) -> None:
    """Nothing but 127.0.0.1 is bound."""
    async with start_process() as engine:
        port = int(engine.url.rpartition(":")[2])

        listening = _listening(engine.process.pid, port)

        assert listening == [f"0100007F:{port:04X}"]


async def test_logs_hold_nothing_of_a_request(
    start_process: Callable[..., Any], turn_message: Compose
) -> None:
    """Neither a good nor a broken request leaves its text in the output."""
    async with start_process("--words-per-second", "0") as engine:
        async with httpx.AsyncClient(base_url=engine.url, headers=_HEADERS) as client:
            for message in (
                turn_message("SECRETWORD is here."),
                turn_message("SECRETWORD", paragraphs=["SECRETWORD", "P1"]),
                "x\nSEAT SECRETWORD",
            ):
                await client.post("/v1/messages", json=_request(message))
        engine.terminate()
        stdout, stderr = await engine.process.communicate()

    assert b"SECRETWORD" not in stdout + stderr


async def test_refuses_to_start_without_a_key() -> None:
    """A missing key is named, and nothing is served."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "roundtable_rehearsal"),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        },
    )

    _, stderr = await process.communicate()

    assert process.returncode == 2
    assert b"ROUNDTABLE_REHEARSAL_KEY" in stderr
