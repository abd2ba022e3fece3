"""The CLI's ``auth`` commands, led over plain pipes."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self, cast

import structlog

from roundtable_runner.claude.account import login_access
from roundtable_runner.claude.environment import Deadlines, build_environment
from roundtable_runner.claude.workspace import Workspace

_log = structlog.get_logger()

_LAUNCHER = Path(__file__).with_name("launcher.py")
# Its lines are short; what is longer is no part of the dialogue.
_MAX_LINE_BYTES = 64 * 1024
_REAP_SECONDS = 5.0


class LoginCommand:
    """A running ``claude auth …``; whoever holds it must `kill` it in the end.

    It has a process group of its own and does not outlive this service. What it says
    on either output is one dialogue.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        # Pipes, as they were asked for.
        self._input = cast("asyncio.StreamWriter", process.stdin)
        self._output = cast("asyncio.StreamReader", process.stdout)

    @classmethod
    async def start(
        cls, command: list[str], *, environment: dict[str, str], directory: Path
    ) -> Self:
        """Start a command. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid())),
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_MAX_LINE_BYTES,
            env=environment,
            cwd=directory,
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Its process id, which is its group's too."""
        return self._process.pid

    async def lines(self) -> AsyncIterator[str]:
        """Yield what it says, line by line, to its end.

        Raises ValueError at a line without end.
        """
        while line := await self._output.readline():
            yield line.decode(errors="replace").strip()

    async def answer(self, line: str) -> None:
        """Write a line to it; one that has ended hears nothing."""
        with contextlib.suppress(ConnectionError):
            self._input.write(f"{line}\n".encode())
            await self._input.drain()

    async def wait(self) -> int:
        """Return its exit code once it has ended."""
        return await self._process.wait()

    async def kill(self) -> None:
        """Kill its whole group and reap it; again changes nothing."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._input.close()
        try:
            async with asyncio.timeout(_REAP_SECONDS):
                await self._process.wait()
                # Read to its end, the pipe is closed.
                await self._output.read()
        except TimeoutError:
            _log.error("login.unreaped", pid=self.pid)


@dataclass(frozen=True, slots=True)
class LoginLauncher:
    """Starts the CLI's ``auth`` commands.

    Attributes:
        program: The CLI.
        workspace: Where it may write what is not to be kept.
        config_dir: Where it keeps the login.
        network: The owner's variables for proxies and certificates.
    """

    program: Path
    workspace: Workspace
    config_dir: Path
    network: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def start(self, command: str) -> LoginCommand:
        """Start ``claude auth COMMAND``. Raises OSError when the machine can't."""
        # For its owner alone, also where it was made by somebody more generous.
        self.config_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.config_dir.chmod(0o700)
        environment = build_environment(
            login_access(self.config_dir),
            self.workspace,
            Deadlines(),
            network=self.network,
        )
        # The owner's browser is elsewhere; none opens on this machine.
        environment["BROWSER"] = "true"
        return await LoginCommand.start(
            [str(self.program), "auth", command],
            environment=environment,
            directory=self.workspace.empty,
        )

    async def run(self, command: str, *, limit: timedelta) -> int | None:
        """Run ``claude auth COMMAND`` and return its exit code; None when it hung.

        Raises OSError when the machine can't.
        """
        running = await self.start(command)
        try:
            async with asyncio.timeout(limit.total_seconds()):
                async for _ in running.lines():
                    pass  # nothing in it that its exit code does not tell
                return await running.wait()
        except (TimeoutError, ValueError):
            return None
        finally:
            await running.kill()
