"""A loopback TCP server that a test holds for a while and that owns its connections."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

# Serves one connection to its end.
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_LONGEST_READ = 64 * 1024 * 1024


class LoopbackServer:
    """Listens on a port of 127.0.0.1; a connection's end is nobody's error."""

    def __init__(self, serve: Serve, *, port: int = 0) -> None:
        self._serve = serve
        self._port = port
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._server is None:
            raise RuntimeError("the server is not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self._port, limit=_LONGEST_READ
        )

    async def stop(self) -> None:
        """Stop listening and cut what is connected."""
        if self._server is None:
            return
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._server = None

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served in a task")
        self._connections.add(task)
        try:
            # A client that leaves in the middle is what many tests are about.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()
