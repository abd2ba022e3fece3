"""A grpc.aio server in the frame: interceptors, keepalive, health, graceful stop."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import grpc
import structlog
from grpc_health.v1 import health_pb2_grpc

from roundtable_kit.health import HealthMonitor, Probe
from roundtable_kit.interceptors import RpcFrame

_log = structlog.get_logger()

# A turn's request holds a document of at most 2 MB of text; the rest is margin.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024

_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # Clients ping every 30 s; anything less would be answered by "too many pings".
    ("grpc.http2.min_ping_interval_without_data_ms", 20_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    # A second server on the port must fail, not share it.
    ("grpc.so_reuseport", 0),
]


# Adds one service's handlers to a server.
Registrar = Callable[[grpc.aio.Server], None]


class RpcServer:
    """A server that is healthy only while its probe says so.

    Args:
        address: Where to listen, such as ``127.0.0.1:0``; port 0 picks a free one.
        registrars: What adds the services.
        service_names: Full names of the services, for health.
        probe: Raises when the server can't do its work.
    """

    def __init__(
        self,
        address: str,
        registrars: tuple[Registrar, ...],
        *,
        service_names: tuple[str, ...],
        probe: Probe,
    ) -> None:
        self._server = grpc.aio.server(interceptors=[RpcFrame()], options=_OPTIONS)
        self._health = HealthMonitor(service_names, probe)
        for register in registrars:
            register(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(
            self._health.servicer, self._server
        )
        self._address = address
        self._watch: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self) -> None:
        """Bind, serve, and begin to probe. Raises OSError when the port is taken."""
        try:
            self.port = self._server.add_insecure_port(self._address)
        except RuntimeError as error:
            raise OSError(f"cannot listen on {self._address}") from error
        await self._server.start()
        await self._health.start()
        self._watch = asyncio.create_task(self._health.watch(), name="health")
        _log.info("server.started", address=self._address, port=self.port)

    async def refuse_new_work(self) -> None:
        """Say NOT_SERVING, so that callers turn elsewhere; calls go on."""
        await self._health.stop()

    async def stop(self, grace: timedelta) -> None:
        """Refuse new calls, let the others end within the grace, then cut them."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._server.stop(grace.total_seconds())
        _log.info("server.stopped", port=self.port)
