"""The world a CLI process lives in: its variables and its flags.

Nothing of this service's own environment reaches it, and nothing of a prompt, a
document or a secret stands in its arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Self

from roundtable_runner.claude.account import Access
from roundtable_runner.claude.workspace import ProcessFolders, Workspace
from roundtable_runner.turn.task import Effort

# What the CLI takes to be the end of patience lies this far behind our own
# deadlines, so that it is always ours that strike and name the reason.
_CLI_MARGIN = timedelta(seconds=15)

_FIXED_VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "CLAUDE_CODE_ENTRYPOINT": "sdk-py",
    # One request a turn and none to anywhere else.
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_DISABLE_TERMINAL_TITLE": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK": "1",
    # Attempts in all: one answer and one repair.
    "MAX_STRUCTURED_OUTPUT_RETRIES": "2",
    # For a subscription the CLI asks for an hour, at twice the price of five minutes.
    "FORCE_PROMPT_CACHING_5M": "1",
    # Second line behind verbatim prompts: a document's @path reads no file.
    "CLAUDE_CODE_DISABLE_FILE_MENTIONS": "1",
    "CLAUDE_CODE_DISABLE_ATTACHMENTS": "1",
}

_FIXED_FLAGS = (
    "--output-format=stream-json",
    "--input-format=stream-json",
    "--verbose",
    "--include-partial-messages",
    # No tool is what protects: permission modes alone still ran some.
    "--tools=",
    "--permission-mode=dontAsk",
    "--strict-mcp-config",
    "--setting-sources=",
    "--disable-slash-commands",
    "--no-session-persistence",
    "--thinking=disabled",
    # Requests to the model: the answer, and its repair.
    "--max-turns=2",
)


# A model that thinks hard says nothing for longer: times the wait for the first word.
_PATIENCE = {Effort.LEAST: 1, Effort.LOW: 1, Effort.MEDIUM: 2, Effort.HIGH: 4}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a turn may be silent, and how long it may take."""

    first_token: timedelta = timedelta(seconds=60)
    idle: timedelta = timedelta(seconds=30)
    total: timedelta = timedelta(minutes=10)

    def of_effort(self, effort: Effort) -> Self:
        """Return the deadlines of a turn that thinks as hard as that."""
        return replace(self, first_token=self.first_token * _PATIENCE[effort])


def build_environment(
    access: Access,
    folders: Workspace | ProcessFolders,
    deadlines: Deadlines,
    *,
    network: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return the whole environment of a CLI process, built from nothing.

    Args:
        access: What it reaches a model with.
        folders: Where it may write.
        deadlines: Ours; its own lie behind them.
        network: The owner's variables for proxies and certificates.
    """
    # A process learns its turn's effort too late for its variables.
    patience = deadlines.of_effort(Effort.HIGH).first_token
    silence = max(patience, deadlines.idle)
    return {
        **_FIXED_VARIABLES,
        **network,
        "HOME": str(folders.home),
        "TMPDIR": str(folders.temporary),
        "PWD": str(folders.empty),
        "CLAUDE_CONFIG_DIR": str(folders.config),
        "CLAUDE_CODE_MAX_RETRIES": _retries(access),
        "API_TIMEOUT_MS": _milliseconds(patience + _CLI_MARGIN),
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": _milliseconds(silence + _CLI_MARGIN),
        **access.variables,
    }


def build_flags(access: Access) -> list[str]:
    """Return a CLI process's flags, the same for every turn."""
    return [*_FIXED_FLAGS, "--bare"] if access.is_bare else list(_FIXED_FLAGS)


def _retries(access: Access) -> str:
    # Retries are the conductor's: the CLI's own would stream the text again. With a key
    # one is announced all the same, as nothing else tells how long the endpoint asks to
    # wait; the turn ends at it, half a second before the retry at the soonest. A
    # subscription tells its reset by itself.
    return "1" if access.is_bare else "0"


def _milliseconds(duration: timedelta) -> str:
    return str(round(duration.total_seconds() * 1000))
