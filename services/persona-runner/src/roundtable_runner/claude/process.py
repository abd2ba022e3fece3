"""One CLI process: started clean, read line by line, killed with all it started."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import SubprocessStreamProtocol
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import structlog

from roundtable_runner.shielding import finish

_log = structlog.get_logger()

_LAUNCHER = Path(__file__).with_name("launcher.py")
_CHUNK_BYTES = 64 * 1024
# A turn's longest line repeats the whole answer; far above that something is wrong.
_MAX_LINE_BYTES = 32 * 1024 * 1024
_REAP_SECONDS = 5.0
_END_SECONDS = 1.0


class CliStreamBroken(Exception):  # noqa: N818 - reads as what happened
    """The process's output can't be read any further; the message holds none of it."""


class CliProcess:
    """A running CLI; whoever holds it must `kill` it, which is also its normal end."""

    def __init__(
        self,
        transport: asyncio.SubprocessTransport,
        process: asyncio.subprocess.Process,
        clean_up: Callable[[int], None],
    ) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a CLI process has pipes")
        self._transport = transport
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._lines: deque[bytes] = deque()
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._clean_up = clean_up
        self._killing: asyncio.Task[None] | None = None
        self._stderr_bytes = 0
        self._stderr_drain: asyncio.Task[None] | None = None
        if process.stderr is not None:
            self._stderr_drain = asyncio.create_task(
                self._drain(process.stderr), name=f"cli-stderr-{process.pid}"
            )

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
        clean_up: Callable[[int], None] = lambda _pid: None,
        reads_errors: bool = False,
    ) -> Self:
        """Start a command in a process group of its own. Raises OSError.

        Args:
            command: The program and its arguments.
            environment: All of its variables.
            directory: Where it runs.
            clean_up: Called with its process id once it has been killed.
            reads_errors: Whether standard error is read with the output; it is thrown
                away otherwise.
        """
        loop = asyncio.get_running_loop()
        # What create_subprocess_exec does, but the transport stays at hand: only that
        # closes pipes that nobody reads to their end.
        transport, protocol = await loop.subprocess_exec(
            lambda: SubprocessStreamProtocol(limit=_CHUNK_BYTES, loop=loop),
            # Isolated and without site packages: the launcher starts in 10 ms.
            *(sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid())),
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=(
                asyncio.subprocess.STDOUT if reads_errors else asyncio.subprocess.PIPE
            ),
            env=environment,
            cwd=directory,
            start_new_session=True,
        )
        process = asyncio.subprocess.Process(transport, protocol, loop)
        return cls(transport, process, clean_up)

    @property
    def pid(self) -> int:
        """Its process id, which is its group's too."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it lives at this very moment; one that nobody reaped does not."""
        if self._process.returncode is not None:
            return False
        try:
            # asyncio learns of an end a little later, from a thread of its own.
            options = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self.pid, options) is None
        except ChildProcessError:
            return False

    async def write(self, text: str) -> None:
        """Write to its standard input. Raises OSError when it is gone."""
        self._stdin.write(text.encode())
        await self._stdin.drain()

    def end_input(self) -> None:
        """Close its standard input."""
        self._stdin.close()

    async def read_line(self) -> bytes | None:
        """Return its next line of output, however long; None at the end.

        Raises:
            CliStreamBroken: A line grew past every measure.
        """
        while not self._lines:
            chunk = await self._stdout.read(_CHUNK_BYTES)
            if not chunk:
                return None
            self._split(chunk)
        return self._lines.popleft()

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield its output from where it has been read to; see `read_line`."""
        while (line := await self.read_line()) is not None:
            yield line

    def read_rest(self) -> bytes:
        """Return what has come behind the last whole line."""
        return b"".join(self._pending)

    async def wait(self) -> int:
        """Return its exit code once it has ended."""
        return await self._process.wait()

    async def describe_end(self) -> str:
        """Return how it ended, for a person; it is given a moment to do so."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        code = self._process.returncode
        if code is None:
            return "it closed its output"
        return f"exit status {code}" if code >= 0 else _signal_name(-code)

    def strike(self) -> None:
        """Send the kill to its whole group at once; `kill` still has to follow."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def kill(self) -> None:
        """Kill its whole group, reap it and close its pipes; again changes nothing.

        No cancellation cuts it short.
        """
        if self._killing is None:
            self.strike()
            self._killing = asyncio.create_task(
                self._clear_away(), name=f"cli-kill-{self.pid}"
            )
        await finish(self._killing)

    async def _clear_away(self) -> None:
        try:
            async with asyncio.timeout(_REAP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            # A process in uninterruptible sleep; the kernel ends it when it wakes.
            _log.error("cli.unreaped", pid=self.pid)
        self._transport.close()
        if self._stderr_drain is not None:
            self._stderr_drain.cancel()
            await asyncio.gather(self._stderr_drain, return_exceptions=True)
        self._clean_up(self.pid)
        _log.debug("cli.ended", pid=self.pid, stderr_bytes=self._stderr_bytes)

    def _split(self, chunk: bytes) -> None:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            self._lines.append(b"".join([*self._pending, end]))
            self._pending, self._pending_bytes = [], 0
        self._pending.append(rest)
        self._pending_bytes += len(rest)
        if self._pending_bytes > _MAX_LINE_BYTES:
            raise CliStreamBroken("a line has no end")

    async def _drain(self, stderr: asyncio.StreamReader) -> None:
        # It is read so that the CLI never blocks, and thrown away: it may hold text.
        while chunk := await stderr.read(_CHUNK_BYTES):
            self._stderr_bytes += len(chunk)


def _signal_name(number: int) -> str:
    try:
        return f"ended by {signal.Signals(number).name}"
    except ValueError:
        return f"ended by signal {number}"
