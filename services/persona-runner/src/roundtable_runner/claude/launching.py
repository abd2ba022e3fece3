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
from roundtable_runner.claude.workspace import Leavings, Workspace


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
        folders = self.workspace.make_folders()
        environment = build_environment(
            access, folders, self.deadlines, network=self.network
        )
        leavings = Leavings(folders.root, Path(environment["CLAUDE_CONFIG_DIR"]))
        try:
            return await CliProcess.start(
                [str(self.program), *build_flags(access)],
                environment=environment,
                directory=folders.empty,
                clean_up=leavings.remove,
            )
        except BaseException:
            leavings.remove()
            raise
