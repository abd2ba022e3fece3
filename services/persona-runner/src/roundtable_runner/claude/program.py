"""The CLI itself: where it lies and which version it is."""

import asyncio
import re
from pathlib import Path

import claude_agent_sdk

from roundtable_runner.claude.workspace import Workspace

# The first that honours verbatim prompts; older ones ignore the field silently and
# would read the files that a document names.
_OLDEST_SAFE_VERSION = (2, 1, 248)
_VERSION_SECONDS = 30.0


class CliUnfit(Exception):  # noqa: N818 - reads as what happened
    """The CLI can't be used; the message says why."""


def bundled_cli() -> Path:
    """Return the CLI that the pinned SDK brings along."""
    return Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"


async def read_cli_version(program: Path, workspace: Workspace) -> str:
    """Return the CLI's version, by running it.

    Raises:
        CliUnfit: It does not run, or is too old to be safe.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *(program, "--version"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"HOME": str(workspace.home), "TMPDIR": str(workspace.temporary)},
            cwd=workspace.empty,
        )
    except OSError as error:
        raise CliUnfit(f"the Claude CLI does not run: {error.strerror}") from error
    async with asyncio.timeout(_VERSION_SECONDS):
        output, _ = await process.communicate()
    match = re.match(rb"(\d+)\.(\d+)\.(\d+)", output)
    if match is None:
        raise CliUnfit("the Claude CLI does not tell its version")
    if tuple(int(number) for number in match.groups()) < _OLDEST_SAFE_VERSION:
        raise CliUnfit("the Claude CLI is too old to take documents verbatim")
    return match[0].decode()
