"""The rehearsal engine: a loopback child that speaks the Messages API.

It is started when it is first asked for and again whenever it has died. It ends when
its standard input does, so it never outlives this service.
"""

import asyncio
import contextlib
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import structlog

_log = structlog.get_logger()

_START_SECONDS = 30.0
_END_SECONDS = 5.0


class RehearsalUnavailable(Exception):  # noqa: N818 - reads as what happened
    """The rehearsal engine does not start."""


@dataclass(frozen=True, slots=True)
class RehearsalAddress:
    """Where it listens, and the made-up key that keeps others out."""

    url: str
    key: str = field(repr=False)


_COMMAND = (sys.executable, "-m", "roundtable_rehearsal")


class RehearsalChild:
    """Keeps one rehearsal engine running.

    Args:
        words_per_second: How fast it speaks.
        command: Starts it; the package that the runner's image brings along unless a
            test says else.
    """

    def __init__(
        self, *, words_per_second: float, command: Sequence[str] = _COMMAND
    ) -> None:
        self._words_per_second = words_per_second
        self._command = command
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._address: RehearsalAddress | None = None

    async def address(self) -> RehearsalAddress:
        """Return where it listens, starting it where needed.

        Raises:
            RehearsalUnavailable: It does not start.
        """
        async with self._lock:
            if self._address is None or not self._is_running():
                self._address = await self._start()
            return self._address

    async def stop(self) -> None:
        """End it."""
        async with self._lock:
            await self._end()

    def _is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _start(self) -> RehearsalAddress:
        await self._end()
        key = secrets.token_urlsafe(32)
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            *("--port", "0", "--words-per-second", f"{self._words_per_second:g}"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={"LANG": "C.UTF-8", "ROUNDTABLE_REHEARSAL_KEY": key},
        )
        try:
            port = await self._read_port(self._process)
        except BaseException:
            await self._end()
            raise
        _log.info("rehearsal.started", port=port, pid=self._process.pid)
        return RehearsalAddress(f"http://127.0.0.1:{port}", key)

    async def _read_port(self, process: asyncio.subprocess.Process) -> int:
        output = cast("asyncio.StreamReader", process.stdout)  # a pipe, as asked for
        try:
            async with asyncio.timeout(_START_SECONDS):
                line = await output.readline()
            return int(json.loads(line)["port"])
        except (TimeoutError, ValueError, LookupError, TypeError) as error:
            raise RehearsalUnavailable("the rehearsal engine did not start") from error

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        cast("asyncio.StreamWriter", process.stdin).close()  # a pipe, as asked for
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        _log.info("rehearsal.ended", pid=process.pid, code=process.returncode)
