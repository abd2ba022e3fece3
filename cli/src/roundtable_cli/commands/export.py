"""``roundtable export``: a run as a file."""

import asyncio
import os
import sys
from pathlib import Path

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import server_option, token_for
from roundtable_cli.errors import ExitCode
from roundtable_cli.printable import printable

_FORMATS = ("md", "html", "csv", "json")


@click.command("export")
@click.argument("run_id", metavar="RUN")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default=_FORMATS[0],
    show_default=True,
    help="A report (md, html), its findings (csv), or the whole run (json).",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it, over what is there; else to standard output.",
)
@server_option()
def export_command(run_id: str, *, form: str, out: Path | None, server: str) -> int:
    """Write RUN, by its id, as a report, a table or data."""
    token = token_for(server, os.environ)
    content = asyncio.run(_export(server, token, run_id=run_id, form=form))
    if out is not None:
        _write(out, content)
    elif sys.stdout.isatty():
        # It quotes documents, which may hold what a terminal would obey.
        click.echo(printable(content.decode()), nl=False)
    else:
        sys.stdout.buffer.write(content)
    return ExitCode.SUCCESS


async def _export(server: str, token: str | None, *, run_id: str, form: str) -> bytes:
    async with GatewayClient.connect(server, token=token) as client:
        return await client.export_run(run_id, form=form)


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from error
