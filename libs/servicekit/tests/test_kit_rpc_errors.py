"""Errors cross a real gRPC connection whole, and tell no more than they may."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest

from roundtable_kit.errors import (
    ERRORS_BY_KIND,
    ErrorKind,
    FieldViolation,
    Internal,
    ServiceError,
    Unavailable,
)
from roundtable_kit.grpc_codes import GRPC_CODES
from roundtable_kit.http_statuses import HTTP_STATUSES
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.rpc_errors import from_call_error
from roundtable_kit.rpc_server import RpcServer

_SERVICE = "roundtable.test.Echo"


def _registrar(behave: Callable[[], Any]) -> Callable[[grpc.aio.Server], None]:
    async def once(_request: bytes, _context: Any) -> bytes:
        await behave()
        return b"done"

    async def often(_request: bytes, _context: Any) -> AsyncIterator[bytes]:
        yield b"first"
        await behave()

    handler = grpc.method_handlers_generic_handler(
        _SERVICE,
        {
            "Once": grpc.unary_unary_rpc_method_handler(once),
            "Often": grpc.unary_stream_rpc_method_handler(often),
        },
    )
    return lambda server: server.add_generic_rpc_handlers((handler,))


@asynccontextmanager
async def _channel(behave: Callable[[], Any]) -> AsyncIterator[grpc.aio.Channel]:
    async def probe() -> None:
        return None

    server = RpcServer(
        "127.0.0.1:0", (_registrar(behave),), service_names=(_SERVICE,), probe=probe
    )
    await server.start()
    channel = open_channel(f"127.0.0.1:{server.port}")
    try:
        yield channel
    finally:
        await channel.close()
        await server.stop(timedelta(0))


async def _call(channel: grpc.aio.Channel, method: str, **options: Any) -> None:
    path = f"/{_SERVICE}/{method}"
    if method == "Once":
        await channel.unary_unary(path, bytes, bytes)(b"", **options)
        return
    async for _ in channel.unary_stream(path, bytes, bytes)(b"", **options):
        pass


async def _caught(channel: grpc.aio.Channel, method: str, **options: Any) -> Any:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await _call(channel, method, **options)
    return caught.value


@pytest.mark.parametrize("method", ["Once", "Often"])
@pytest.mark.parametrize("kind", list(ErrorKind))
async def test_every_kind_crosses_with_all_it_tells(
    kind: ErrorKind, method: str
) -> None:
    """Reason, message, fields and delay arrive, for unary and streaming calls."""
    given = ERRORS_BY_KIND[kind](
        "SOME_REASON",
        "Something happened; do that.",
        retry_after=timedelta(seconds=7),
        violations=[FieldViolation("a.b", "Send less.")],
    )

    async def behave() -> None:
        raise given

    async with _channel(behave) as channel:
        error = await _caught(channel, method)

    crossed = from_call_error(error)
    assert error.code() is GRPC_CODES[kind]
    assert type(crossed) is type(given)
    assert (crossed.reason, crossed.message) == (given.reason, given.message)
    assert crossed.retry_after == given.retry_after
    assert crossed.violations == given.violations


@pytest.mark.parametrize("method", ["Once", "Often"])
async def test_a_crash_tells_a_fixed_text(method: str) -> None:
    """Whatever else a handler raises becomes INTERNAL without its words."""

    async def behave() -> None:
        raise RuntimeError("secret path /etc/x")

    async with _channel(behave) as channel:
        error = await _caught(channel, method)

    assert isinstance(from_call_error(error), Internal)
    assert "secret" not in str(error.details())
    assert "secret" not in str(error.trailing_metadata())


@pytest.mark.parametrize("method", ["Once", "Often"])
async def test_a_handler_ends_before_its_callers_deadline(method: str) -> None:
    """The handler is cancelled in time for the server's own word to arrive."""
    ended = asyncio.Event()

    async def behave() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async with _channel(behave) as channel:
        error = await _caught(channel, method, timeout=0.5)
        async with asyncio.timeout(5):
            await ended.wait()

    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert isinstance(from_call_error(error), Unavailable)


async def test_a_peer_that_is_not_there_is_unavailable() -> None:
    """A refused connection is told apart from every answer."""
    async with _channel(lambda: asyncio.sleep(0)) as channel:
        await _call(channel, "Once")
    channel = open_channel("127.0.0.1:9")

    error = await _caught(channel, "Once", timeout=3)
    await channel.close()

    crossed = from_call_error(error)
    assert isinstance(crossed, Unavailable)
    assert crossed.reason in {"UNREACHABLE", "DEADLINE_EXCEEDED"}


async def test_a_method_that_is_not_there_is_internal() -> None:
    """A peer of another version is our fault, not the caller's."""
    async with _channel(lambda: asyncio.sleep(0)) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary(f"/{_SERVICE}/Never", bytes, bytes)(b"")

    assert isinstance(from_call_error(caught.value), Internal)


def test_both_tables_know_every_kind() -> None:
    """No kind is without a code and a status, and no error without a kind."""
    assert set(GRPC_CODES) == set(HTTP_STATUSES) == set(ErrorKind)
    assert {error.kind for error in ServiceError.__subclasses__()} == set(ErrorKind)
