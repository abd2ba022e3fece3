"""The CLI itself: where it lies and which version it is."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import claude_agent_sdk

from roundtable_runner.claude.process import CliProcess, CliStreamBroken
from roundtable_runner.claude.workspace import Workspace

# The first that honours verbatim prompts; older ones ignore the field silently and
# would read the files that a document names.
_OLDEST_SAFE_VERSION = (2, 1, 248)
_VERSION_LIMIT = timedelta(seconds=30)


class CliUnfit(Exception):  # noqa: N818 - reads as what happened
    """The CLI can't be used; the message says why."""


def bundled_cli() -> Path:
    """Return the CLI that the pinned SDK brings along."""
    return Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"


async def read_cli_version(
    program: Path, workspace: Workspace, *, limit: timedelta = _VERSION_LIMIT
) -> str:
    """Return the CLI's version, by running it.

    Raises:
        CliUnfit: It does not run, does not answer, or is too old to be safe.
        OSError: The machine can't start anything.
    """
    process = await CliProcess.start(
        [str(program), "--version"],
        environment={"HOME": str(workspace.home), "TMPDIR": str(workspace.temporary)},
        directory=workspace.empty,
    )
    try:
        async with asyncio.timeout(limit.total_seconds()):
            output = await process.read_line() or process.read_rest()
    except (TimeoutError, CliStreamBroken) as error:
        raise CliUnfit("the Claude CLI does not tell its version in time") from error
    finally:
        await process.kill()
    if not output:
        raise CliUnfit(f"the Claude CLI does not run: {program}")
    match = re.match(rb"(\d+)\.(\d+)\.(\d+)", output)
    if match is None:
        raise CliUnfit("the Claude CLI does not tell its version")
    if tuple(int(number) for number in match.groups()) < _OLDEST_SAFE_VERSION:
        raise CliUnfit("the Claude CLI is too old to take documents verbatim")
    return match[0].decode()
