"""The CLI's ``auth`` commands, led over plain pipes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self

from roundtable_runner.claude.account import login_access
from roundtable_runner.claude.environment import Deadlines, build_environment
from roundtable_runner.claude.process import CliProcess, CliStreamBroken
from roundtable_runner.claude.workspace import Workspace


class LoginCommand:
    """A running ``claude auth …``; whoever holds it must `kill` it in the end.

    What it says on either output is one dialogue.
    """

    def __init__(self, process: CliProcess) -> None:
        self._process = process

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
    ) -> Self:
        """Start a command. Raises OSError."""
        return cls(
            await CliProcess.start(
                command,
                environment=environment,
                directory=directory,
                reads_errors=True,
            )
        )

    async def lines(self) -> AsyncIterator[str]:
        """Yield what it says, line by line, to its end.

        Raises CliStreamBroken at a line without end.
        """
        async for line in self._process.lines():
            yield line.decode(errors="replace").strip()
        # A question that it asked last has no line's end.
        yield self._process.read_rest().decode(errors="replace").strip()

    async def answer(self, line: str) -> None:
        """Write a line to it; one that has ended hears nothing."""
        with contextlib.suppress(ConnectionError):
            await self._process.write(f"{line}\n")

    async def wait(self) -> int:
        """Return its exit code once it has ended."""
        return await self._process.wait()

    async def kill(self) -> None:
        """Kill its whole group and reap it; again changes nothing."""
        await self._process.kill()


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
        except (TimeoutError, CliStreamBroken):
            return None
        finally:
            await running.kill()
