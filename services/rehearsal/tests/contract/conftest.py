"""The engine served on loopback, in this process and in one of its own."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from roundtable_rehearsal.api import Engine

KEY = "made-up-key"


@dataclass
class Served:
    """An engine that listens, and what it was asked."""

    url: str
    engine: Engine
    requests: list[tuple[str, str]] = field(default_factory=list)


@asynccontextmanager
async def _serve(*, words_per_second: float = 0) -> AsyncIterator[Served]:
    engine = Engine(key=KEY, words_per_second=words_per_second)
    application = engine.build()
    bound = socket.create_server(("127.0.0.1", 0))
    served = Served(f"http://127.0.0.1:{bound.getsockname()[1]}", engine)

    async def recording(scope: Scope, receive: Receive, send: Send) -> None:
        served.requests.append((scope["method"], scope["path"]))
        await application(scope, receive, send)

    server = uvicorn.Server(
        uvicorn.Config(recording, lifespan="off", ws="none", log_level="warning")
    )
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield served
    finally:
        engine.closing.set()
        server.should_exit = True
        await task
        bound.close()


@dataclass
class EngineProcess:
    """The engine as the runner starts it."""

    process: asyncio.subprocess.Process
    url: str

    def terminate(self) -> None:
        """Send the signal of an orderly stop."""
        self.process.send_signal(signal.SIGTERM)

    def close_stdin(self) -> None:
        """Do what the runner's death does."""
        assert self.process.stdin is not None
        self.process.stdin.close()


@asynccontextmanager
async def _start(*arguments: str) -> AsyncIterator[EngineProcess]:
    source = Path(__file__).parents[2] / "src"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "roundtable_rehearsal", "--port", "0", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(source),
            "ROUNDTABLE_REHEARSAL_KEY": KEY,
        },
    )
    assert process.stdout is not None
    try:
        ready = json.loads(await process.stdout.readline())
        yield EngineProcess(process, f"http://127.0.0.1:{ready['port']}")
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """Serve the engine from this process, without pauses."""
    async with _serve() as engine:
        yield engine


@pytest.fixture
def serve() -> Callable[..., AbstractAsyncContextManager[Served]]:
    """Serve the engine from this process, at a given pace."""
    return _serve


@pytest.fixture
def start_process() -> Callable[..., AbstractAsyncContextManager[EngineProcess]]:
    """Start the engine as a process of its own."""
    return _start


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """Talk to the served engine with its key."""
    headers = {"x-api-key": KEY}
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
        yield client
