"""Serves the HTTP application on a socket of its own, from start to a clean end."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from ssl import SSLContext

import uvicorn
from starlette.types import ASGIApp

from roundtable_gateway.http.tls import ServedCertificate


class HttpServer:
    """A uvicorn server that is started and stopped by its owner, not by signals.

    With a certificate it speaks HTTPS, and nothing else.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        grace: timedelta,
        certificate: ServedCertificate | None = None,
    ) -> None:
        self._certificate = certificate
        self._renewing: asyncio.Task[None] | None = None
        self._server = _Server(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                lifespan="off",
                access_log=False,
                log_config=None,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=round(grace.total_seconds()),
                ssl_context_factory=_context_factory(certificate),
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Serve, and return the bound port; ``::`` is every address of both families.

        Raises OSError when the port is taken.
        """
        listener = socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=2048,
            dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6(),
        )
        self._serving = asyncio.create_task(
            self._server.serve(sockets=[listener]), name="http"
        )
        await self._server.is_up.wait()
        if self._certificate is not None:
            self._renewing = asyncio.create_task(
                self._certificate.keep_current(), name="certificate"
            )
        bound: int = listener.getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Refuse new connections, let requests end within the grace, then cut them."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
        if self._renewing is not None:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewing


_ContextFactory = Callable[[uvicorn.Config, Callable[[], SSLContext]], SSLContext]


def _context_factory(certificate: ServedCertificate | None) -> _ContextFactory | None:
    if certificate is None:
        return None
    return lambda _config, _default: certificate.context


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service's own lifetime."""
        yield
