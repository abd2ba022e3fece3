"""A small gRPC service of no contract, served in the frame with certificates."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool

from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.rpc_server import RpcServer

SERVICE = "roundtable.echo_service.Echo"
ONCE, OFTEN = f"/{SERVICE}/Once", f"/{SERVICE}/Often"
CALLERS = {ONCE: frozenset({"gateway"}), OFTEN: frozenset({"gateway", "store"})}


def _describe() -> None:
    """Make the service known by its descriptor, as generated code does."""
    file = descriptor_pb2.FileDescriptorProto(
        name="echo_service.proto",
        package="roundtable.echo_service",
        message_type=[descriptor_pb2.DescriptorProto(name="Empty")],
    )
    service = file.service.add(name="Echo")
    for method in ("Once", "Often"):
        service.method.add(name=method, input_type="Empty", output_type="Empty")
    descriptor_pool.Default().AddSerializedFile(file.SerializeToString())


_describe()


@dataclass
class Echo:
    """What it was asked over which connections, and when its streams go on."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0
    connections: set[str] = field(default_factory=set)

    def register(self, server: grpc.aio.Server) -> None:
        """Add its handlers."""
        handler = grpc.method_handlers_generic_handler(
            SERVICE,
            {
                "Once": grpc.unary_unary_rpc_method_handler(self._once),
                "Often": grpc.unary_stream_rpc_method_handler(self._often),
            },
        )
        server.add_generic_rpc_handlers((handler,))

    async def _once(self, _request: bytes, context: Any) -> bytes:
        """Return the certificate that the caller showed."""
        self.calls += 1
        self.connections.add(context.peer())
        shown = context.auth_context().get("x509_pem_cert", (b"none",))
        return bytes(shown[0])

    async def _often(self, _request: bytes, _context: Any) -> AsyncIterator[bytes]:
        self.calls += 1
        yield b"first"
        await self.go_on.wait()
        yield b"second"


@asynccontextmanager
async def serving(
    echo: Echo,
    certificates_dir: Path | None,
    *,
    callers: Mapping[str, frozenset[str]] | None = CALLERS,
) -> AsyncIterator[str]:
    """Serve it on a free port and yield the address."""

    async def probe() -> None:
        return None

    server = RpcServer(
        "127.0.0.1:0",
        (echo.register,),
        service_names=(SERVICE,),
        probe=probe,
        identity=LiveIdentity.of(certificates_dir),
        callers=callers,
    )
    await server.start()
    try:
        yield f"127.0.0.1:{server.port}"
    finally:
        await server.stop(timedelta(0))


@asynccontextmanager
async def connected(
    address: str, certificates_dir: Path, *, peer: str = "store"
) -> AsyncIterator[grpc.aio.Channel]:
    """Yield a channel that shows the identity in a folder."""
    identity = LiveIdentity(certificates_dir)
    async with open_channel(address, peer=peer, identity=identity) as channel:
        yield channel


async def once(channel: grpc.aio.Channel) -> bytes:
    """Call the unary method."""
    answer: bytes = await channel.unary_unary(ONCE, bytes, bytes)(b"")
    return answer
