"""Where the server listens."""

import socket
from datetime import timedelta

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from roundtable_gateway.http.server import HttpServer


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("here")(scope, receive, send)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_every_address_is_those_of_both_families(address: str) -> None:
    """Fly's private network is IPv6, a container's published port mostly IPv4."""
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6 with IPv4 in it")
    server = HttpServer(_app, grace=timedelta(seconds=1))
    port = await server.start("::", 0)
    try:
        with socket.create_connection((address, port), timeout=5) as connection:
            reached = connection.getpeername()[0]
    finally:
        await server.stop()

    assert reached == address
