"""The world a CLI process lives in: its variables and its flags.

Nothing of this service's own environment reaches it, and nothing of a prompt, a
document or a secret stands in its arguments.
"""

from dataclasses import dataclass
from datetime import timedelta

from roundtable_runner.claude.account import Access
from roundtable_runner.claude.workspace import Workspace

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
    # Retries are the conductor's: the CLI's own would stream the text again.
    "CLAUDE_CODE_MAX_RETRIES": "0",
    "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK": "1",
    "MAX_STRUCTURED_OUTPUT_RETRIES": "1",
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
    "--max-turns=1",
)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a turn may be silent, and how long it may take."""

    first_token: timedelta = timedelta(seconds=60)
    idle: timedelta = timedelta(seconds=30)
    total: timedelta = timedelta(minutes=10)


def build_environment(
    access: Access, workspace: Workspace, deadlines: Deadlines
) -> dict[str, str]:
    """Return the whole environment of a CLI process, built from nothing."""
    patience = deadlines.first_token + _CLI_MARGIN
    silence = deadlines.idle + _CLI_MARGIN
    return {
        **_FIXED_VARIABLES,
        "HOME": str(workspace.home),
        "TMPDIR": str(workspace.temporary),
        "PWD": str(workspace.empty),
        "CLAUDE_CONFIG_DIR": str(workspace.config),
        "API_TIMEOUT_MS": _milliseconds(patience),
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": _milliseconds(silence),
        **access.variables,
    }


def build_flags(access: Access, *, model: str) -> list[str]:
    """Return a CLI process's flags; the model is the one thing a request picks."""
    flags = list(_FIXED_FLAGS)
    if access.is_bare:
        flags.append("--bare")
    if model:
        flags.append(f"--model={model}")
    return flags


def _milliseconds(duration: timedelta) -> str:
    return str(round(duration.total_seconds() * 1000))
