"""A grpc.aio server in the frame: interceptors, keepalive, health, graceful stop."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import grpc
import structlog
from grpc_health.v1 import health_pb2_grpc

from roundtable_kit.callers import CallerGate, CallerTable, require_complete
from roundtable_kit.credentials import server_credentials
from roundtable_kit.health import HealthMonitor, Probe
from roundtable_kit.interceptors import RpcFrame
from roundtable_kit.live_identity import LiveIdentity

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

# Then a connection takes no new calls and its client opens another one, which finds
# servers that were added and shows renewed certificates. There is no cap on the calls
# under way (gRPC's grace is endless unless set): the frame's deadlines end them.
_CONNECTION_AGE = timedelta(minutes=5)
_MILLISECOND = timedelta(milliseconds=1)

# Adds one service's handlers to a server.
Registrar = Callable[[grpc.aio.Server], None]


class RpcServer:
    """A server that is healthy only while its probe says so.

    Args:
        address: Where to listen, such as ``127.0.0.1:0``; port 0 picks a free one.
        registrars: What adds the services.
        service_names: Full names of the services, for health.
        probe: Raises when the server can't do its work.
        identity: What the server shows its callers, each of which must show one of the
            same authority; without it the server is plain.
        callers: Who may call what, complete for the services; held with an identity,
            as without one no caller can be told from another.

    Raises:
        IncompleteCallersError: The table does not fit the services.
    """

    def __init__(
        self,
        address: str,
        registrars: tuple[Registrar, ...],
        *,
        service_names: tuple[str, ...],
        probe: Probe,
        identity: LiveIdentity | None = None,
        callers: CallerTable | None = None,
    ) -> None:
        if callers is not None:
            require_complete(callers, service_names)
        gate = None if identity is None else CallerGate(callers or {})
        age = ("grpc.max_connection_age_ms", round(_CONNECTION_AGE / _MILLISECOND))
        self._server = grpc.aio.server(
            interceptors=[RpcFrame(gate=gate)], options=[*_OPTIONS, age]
        )
        self._identity = identity
        self._health = HealthMonitor(service_names, probe)
        for register in registrars:
            register(self._server)
        health_pb2_grpc.add_HealthServicer_to_server(
            self._health.servicer, self._server
        )
        self._address = address
        self._watches: list[asyncio.Task[None]] = []
        self.port = 0

    async def start(self) -> None:
        """Bind, serve, and begin to probe. Raises OSError when the port is taken."""
        try:
            self.port = self._bind()
        except RuntimeError as error:
            raise OSError(f"cannot listen on {self._address}") from error
        await self._server.start()
        await self._health.start()
        self._watches.append(asyncio.create_task(self._health.watch(), name="health"))
        if self._identity is None:
            _log.warning("server.plain", note="no certificates: callers are unchecked")
        else:
            self._watches.append(
                asyncio.create_task(self._identity.watch(), name="certificate")
            )
        _log.info("server.started", address=self._address, port=self.port)

    async def refuse_new_work(self) -> None:
        """Say NOT_SERVING, so that callers turn elsewhere; calls go on."""
        await self._health.stop()

    async def stop(self, grace: timedelta) -> None:
        """Refuse new calls, let the others end within the grace, then cut them."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await self._server.stop(grace.total_seconds())
        _log.info("server.stopped", port=self.port)

    def _bind(self) -> int:
        if self._identity is None:
            return self._server.add_insecure_port(self._address)
        credentials = server_credentials(self._identity)
        return self._server.add_secure_port(self._address, credentials)
