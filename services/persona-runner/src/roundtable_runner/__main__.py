"""Runs the service: ``python -m roundtable_runner``.

When it is ready it prints one line of JSON, ``{"port": N}``; logs go to standard error.
"""

import asyncio
import json
import os
import sys

# Read when grpc is imported. With its fork support on, children were lost between fork
# and exec; the standard asyncio loop is the other half of the cure.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

from pydantic import ValidationError

from roundtable_kit.identity import IdentityError
from roundtable_kit.lifetime import run_until_stopped
from roundtable_kit.logs import configure_logs
from roundtable_runner.app import App
from roundtable_runner.claude.program import CliUnfit
from roundtable_runner.forks import UnsafeForks
from roundtable_runner.rehearsal import RehearsalUnavailable
from roundtable_runner.settings import RunnerSettings

# Why it may not start; each says so in words for its owner.
_REASONS = (
    ValidationError,
    IdentityError,
    UnsafeForks,
    CliUnfit,
    RehearsalUnavailable,
    OSError,
)


def _announce(port: int) -> None:
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run until a signal or the end of standard input; say why it does not start."""
    try:
        settings = RunnerSettings()
        configure_logs("runner", level=settings.log_level)
        app = App(settings, on_ready=_announce)
        asyncio.run(
            run_until_stopped(app, stop_on_stdin_eof=settings.stop_on_stdin_eof),
        )
    except _REASONS as error:
        sys.exit(f"roundtable-runner: {error}")


if __name__ == "__main__":
    main()
