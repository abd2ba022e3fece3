"""Starts CLI processes: all alike, whatever turn they will serve."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from roundtable_runner.claude.account import Access
from roundtable_runner.claude.environment import (
    Deadlines,
    build_environment,
    build_flags,
)
from roundtable_runner.claude.process import CliProcess
from roundtable_runner.claude.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CliLauncher:
    """Starts CLI processes, each for one turn.

    Attributes:
        program: The CLI.
        workspace: Where they may write.
        deadlines: How long a turn may be silent.
        network: The owner's variables for proxies and certificates.
    """

    program: Path
    workspace: Workspace
    deadlines: Deadlines
    network: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def start(self, access: Access) -> CliProcess:
        """Start a process. Raises OSError when the machine can't."""
        return await CliProcess.start(
            [str(self.program), *build_flags(access)],
            environment=build_environment(
                access, self.workspace, self.deadlines, network=self.network
            ),
            directory=self.workspace.empty,
        )
