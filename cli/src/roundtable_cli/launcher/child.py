"""One started process: its ready line, its output, its end."""

import asyncio
import json
import os
import signal
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import cast

from roundtable_cli.errors import LaunchError
from roundtable_cli.launcher.lines import MAX_LINE_BYTES, LineSplitter
from roundtable_cli.launcher.service import Service
from roundtable_cli.printable import printable

_TAIL_LINES = 20
_MAX_PORT = 65535
_LAST_WORDS = timedelta(seconds=1)


class Child(asyncio.SubprocessProtocol):
    """A running process of a service, in a session and process group of its own.

    It is a protocol, not an ``asyncio.subprocess.Process``: the latter's ``wait`` lasts
    until the pipes are closed too (python/cpython#119710), and a grandchild that
    outlives a crashed service holds them open.
    """

    def __init__(self, service: Service, *, on_line: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        self._service = service
        self._on_line = on_line
        self._transport: asyncio.SubprocessTransport
        self._ready: asyncio.Future[int] = loop.create_future()
        self._exited = asyncio.Event()
        self._errors_closed = asyncio.Event()
        self._output = b""
        self._errors = LineSplitter()
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)

    @classmethod
    async def start(
        cls,
        service: Service,
        environment: dict[str, str],
        *,
        on_line: Callable[[str], None],
    ) -> "Child":
        """Start the service's process.

        Its standard input is a pipe that this process holds open and never writes to:
        however the launcher dies, the child reads the end of it.
        """
        loop = asyncio.get_running_loop()
        _, child = await loop.subprocess_exec(
            lambda: cls(service, on_line=on_line),
            *service.command,
            env=environment,
            start_new_session=True,
        )
        return child

    @property
    def is_running(self) -> bool:
        """Whether its process has not ended."""
        return not self._exited.is_set()

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The last lines of its standard error."""
        return tuple(self._tail)

    @property
    def end(self) -> str:
        """How it ended, in words."""
        code = self._transport.get_returncode() or 0
        if code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    async def wait_until_ready(self, deadline: timedelta) -> int:
        """Return the port it said it listens on.

        Raises:
            LaunchError: It ended, said something else or took longer than `deadline`;
                then it is no longer running.
        """
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                return await self._ready
        except TimeoutError:
            seconds = deadline.total_seconds()
            raise await self._failure(f"was not ready within {seconds:g} s") from None
        except _NotReadyError as error:
            raise await self._failure(str(error)) from None

    async def wait(self) -> None:
        """Wait for its end; nothing of its process group is left then."""
        await self._exited.wait()
        # Grandchildren of a crashed service would go on holding ports and files.
        self.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS.total_seconds()):
                await self._errors_closed.wait()
        self._transport.close()

    async def stop(self, grace: timedelta) -> bool:
        """Ask it to end, kill its group after `grace`; return whether it obeyed."""
        with suppress(ProcessLookupError):
            self._transport.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(grace.total_seconds()):
                await self._exited.wait()
            obeyed = True
        except TimeoutError:
            self.kill()
            obeyed = False
        await self.wait()
        return obeyed

    def kill(self) -> None:
        """Kill its whole process group at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._transport.get_pid(), signal.SIGKILL)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take hold of the process."""
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take the ready line from standard output, hand on standard error."""
        if fd == 1:
            self._read_output(data)
        else:
            self._hand_on(self._errors.feed(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Note the end of a pipe."""
        del exc  # a pipe that broke has ended
        if fd == 2:  # noqa: PLR2004 - standard error's number
            self._hand_on(self._errors.end())
            self._errors_closed.set()

    def process_exited(self) -> None:
        """Note the end of the process, whoever still holds its pipes."""
        self._fail("ended before it was ready")
        self._exited.set()

    def _read_output(self, data: bytes) -> None:
        if self._ready.done():
            return  # read so that the child never blocks on it, and not kept
        self._output += data
        line, newline, _ = self._output.partition(b"\n")
        if newline:
            self._take_ready_line(line)
        elif len(self._output) > MAX_LINE_BYTES:
            self._fail("wrote something else than its port")

    def _take_ready_line(self, line: bytes) -> None:
        try:
            port = json.loads(line)["port"]
        except (ValueError, KeyError, TypeError):
            port = None
        if isinstance(port, int) and 0 < port <= _MAX_PORT:
            self._ready.set_result(port)
        else:
            self._fail("wrote something else than its port")

    def _fail(self, what: str) -> None:
        if not self._ready.done():
            self._ready.set_exception(_NotReadyError(what))
            # Nobody may be waiting for it any more; that is no error of its own.
            self._ready.exception()

    def _hand_on(self, lines: list[str]) -> None:
        for line in map(printable, lines):
            self._tail.append(line)
            self._on_line(line)

    async def _failure(self, what: str) -> LaunchError:
        had_exited = self._exited.is_set()
        self.kill()
        await self.wait()
        how = f" ({self.end})" if had_exited else ""
        return LaunchError(f"The {self._service.name} {what}{how}.", self.last_lines)


class _NotReadyError(Exception):
    pass
