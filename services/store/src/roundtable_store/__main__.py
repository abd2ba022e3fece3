"""``python -m roundtable_store``: serves until it is told to stop.

When it is ready it prints one line of JSON on standard output: ``{"port": N}``.
With the sub-command ``create-token`` it makes a personal access token instead.
"""

import argparse
import asyncio
import json
import sys

from pydantic import ValidationError

from roundtable_kit.identity import IdentityError
from roundtable_kit.lifetime import run_until_stopped
from roundtable_kit.logs import configure_logs
from roundtable_store.app import App
from roundtable_store.create_token import add_arguments, create_token
from roundtable_store.settings import Settings
from roundtable_store.sql.engine import UnsupportedDatabaseError
from roundtable_store.sql.instance_lock import DataInUseError

_EXIT_FAILED = 1
_EXIT_BAD_SETTINGS = 2


class _AnnouncedApp(App):
    async def start(self) -> None:
        """Start, then tell the launcher which port it is."""
        await super().start()
        sys.stdout.write(json.dumps({"port": self.port}) + "\n")
        sys.stdout.flush()


async def _serve(settings: Settings) -> None:
    app = _AnnouncedApp(settings)
    await run_until_stopped(app, stop_on_stdin_eof=settings.stop_on_stdin_eof)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="roundtable-store")
    commands = parser.add_subparsers(dest="command")
    add_arguments(
        commands.add_parser("create-token", help="make a personal access token")
    )
    return parser.parse_args()


def main() -> int:
    """Serve, or make a token; return the process's exit code."""
    arguments = _parse_arguments()
    try:
        settings = Settings()
        configure_logs("store", level=settings.log_level)
        if arguments.command == "create-token":
            return create_token(
                settings,
                email=arguments.email,
                name=arguments.name,
                days=arguments.days,
            )
        asyncio.run(_serve(settings))
    except (ValidationError, UnsupportedDatabaseError, IdentityError) as error:
        sys.stderr.write(f"roundtable-store: {error}\n")
        return _EXIT_BAD_SETTINGS
    except (DataInUseError, OSError) as error:
        sys.stderr.write(f"roundtable-store: {error}\n")
        return _EXIT_FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
