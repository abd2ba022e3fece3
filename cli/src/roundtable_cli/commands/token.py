"""``roundtable token``: personal access tokens of this machine's store."""

import os
import subprocess
import sys
from pathlib import Path

import click

from roundtable_cli.errors import ExitCode
from roundtable_cli.launcher.preparation import prepare_data_dir
from roundtable_cli.launcher.service import store_environment

_PROGRAM = (sys.executable, "-P", "-m", "roundtable_store", "create-token")
_STORE_BAD_USAGE = 2


@click.group()
def token() -> None:
    """Tokens that a gateway with ROUNDTABLE_GATEWAY_AUTH=token knows people by."""


@token.command()
@click.argument("email")
@click.option("--name", default="first token", show_default=True, help="Its name.")
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=90,
    show_default=True,
    help="How long it lasts.",
)
@click.option(
    "--data-dir",
    envvar="ROUNDTABLE_DATA_DIR",
    default=".roundtable",
    show_default=True,
    show_envvar=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the store's data lies.",
)
def create(email: str, name: str, days: int, data_dir: Path) -> int:
    """Print a new token of EMAIL, whether `roundtable up` runs or not."""
    done = subprocess.run(  # noqa: S603 - our own program
        (*_PROGRAM, f"--name={name}", f"--days={days}", "--", email),
        env=store_environment(os.environ, data_dir=prepare_data_dir(data_dir)),
        check=False,
    )
    if done.returncode == _STORE_BAD_USAGE:
        return ExitCode.USAGE
    return ExitCode.LAUNCH_FAILED if done.returncode else ExitCode.SUCCESS
