"""Starting processes beside a gRPC server loses none of them."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer

from roundtable_runner.claude.process import CliProcess
from roundtable_runner.forks import UnsafeForks, require_safe_forks

_STARTS = 1_000
_AT_ONCE = 8
_SAYS = ("/bin/echo", "alive")


@contextlib.asynccontextmanager
async def _busy_server() -> AsyncIterator[None]:
    """Run a server with a client that never stops calling it."""
    server = grpc.aio.server()
    health_pb2_grpc.add_HealthServicer_to_server(HealthServicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
    caller = asyncio.create_task(_call_for_ever(health_pb2_grpc.HealthStub(channel)))
    try:
        yield
        assert not caller.done()
    finally:
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)
        await channel.close()
        await server.stop(None)


async def _call_for_ever(stub: health_pb2_grpc.HealthStub) -> None:
    while True:
        await stub.Check(health_pb2.HealthCheckRequest())  # type: ignore[attr-defined]  # added when it is made


@pytest.mark.timeout(180)
async def test_no_child_is_lost_beside_a_grpc_server() -> None:
    """A thousand starts, a thousand outputs."""
    require_safe_forks()
    turns = asyncio.Semaphore(_AT_ONCE)

    async def speaks() -> bool:
        async with turns:
            process = await CliProcess.start(_SAYS, environment={}, directory=Path("/"))
            try:
                return await process.read_line() == b"alive"
            finally:
                await process.kill()

    async with _busy_server():
        heard = await asyncio.gather(*(speaks() for _ in range(_STARTS)))

    assert heard.count(False) == 0


def test_fork_support_of_grpc_is_refused() -> None:
    """A runner that would lose children does not start."""
    program = (
        "import asyncio\n"
        "from roundtable_runner.forks import require_safe_forks\n"
        "async def main(): require_safe_forks()\n"
        "asyncio.run(main())\n"
    )
    environment = {"GRPC_ENABLE_FORK_SUPPORT": "1", "PATH": "/usr/bin:/bin"}

    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )

    assert UnsafeForks.__name__ in ended.stderr
    assert "GRPC_ENABLE_FORK_SUPPORT=0" in ended.stderr


def test_foreign_loop_is_refused() -> None:
    """Uvloop starts its children in another way."""

    class _Foreign(asyncio.SelectorEventLoop):
        pass

    _Foreign.__module__ = "uvloop"
    with asyncio.Runner(loop_factory=_Foreign) as runner:  # noqa: SIM117 - two contexts
        with pytest.raises(UnsafeForks, match="uvloop"):
            runner.run(_check())


async def _check() -> None:
    require_safe_forks()
