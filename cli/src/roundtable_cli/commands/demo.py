"""``roundtable demo``: from nothing to a printed decision."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from roundtable_cli.commands.review import review_at
from roundtable_cli.errors import ExitCode
from roundtable_cli.interrupts import run_interruptible
from roundtable_cli.launcher.certificates import make_certificates
from roundtable_cli.launcher.preparation import (
    certificates_dir,
    prepare_data_dir,
    url_of,
)
from roundtable_cli.launcher.service import LOOPBACK, local_services
from roundtable_cli.launcher.stack import Stack
from roundtable_cli.render.report import print_report
from roundtable_cli.render.terminal import console_on
from roundtable_cli.reviewing import ReviewRequest
from roundtable_cli.run import Run

_PANEL = "security_buyers"

# The user's own database and sign-in: a demo has neither.
_REAL = ("DATABASE_URL", "ROUNDTABLE_GATEWAY_AUTH")


@click.command()
@click.option(
    "--file",
    "document",
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="The document to show it with.",
)
def demo(document: Path) -> int:
    """Start everything on a free port, review a document, print it, leave nothing."""
    with tempfile.TemporaryDirectory(prefix="roundtable-demo-") as folder:
        data_dir = prepare_data_dir(Path(folder) / "data")
        make_certificates(certificates_dir(data_dir))
        stack = _stack(os.environ, data_dir)
        run = asyncio.run(
            run_interruptible(_show(stack, document), on_second=stack.kill)
        )
    print_report(run, console=console_on(sys.stdout), address=None)
    click.echo("To review a document of yours: roundtable up, then roundtable review.")
    has_worked = run.state == "succeeded" and run.decision is not None
    return ExitCode.SUCCESS if has_worked else ExitCode.NO_DECISION


def _stack(environment: Mapping[str, str], data_dir: Path) -> Stack:
    own = {name: v for name, v in environment.items() if not name.startswith(_REAL)}
    own["ROUNDTABLE_LOG_LEVEL"] = "warning"
    return Stack(
        local_services(own, data_dir=data_dir, host=LOOPBACK, port=0),
        say=lambda line: click.echo(line, err=True),
        on_error_line=lambda _name, _line: None,  # kept for the error, if there is one
    )


async def _show(stack: Stack, document: Path) -> Run:
    request = ReviewRequest(path=document, panel_id=_PANEL, allow_rehearsal=True)
    async with stack.running():
        server = url_of(LOOPBACK, stack.port("gateway"))
        return await stack.keep_during(review_at(server, request))
