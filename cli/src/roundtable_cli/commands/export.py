"""``roundtable export``: a run as a file."""

import asyncio
import os
from pathlib import Path

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.file_output import out_option, put_out
from roundtable_cli.commands.server import server_option, token_for
from roundtable_cli.errors import ExitCode

_FORMATS = ("md", "html", "csv", "json", "docx")


@click.command("export")
@click.argument("run_id", metavar="RUN")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default=_FORMATS[0],
    show_default=True,
    help="A report (md, html), its findings (csv), the whole run (json), or for Word"
    " (docx): your own Word file with the findings as comments, else a report.",
)
@out_option()
@server_option()
def export_command(run_id: str, *, form: str, out: Path | None, server: str) -> int:
    """Write RUN, by its id, as a report, a table or data."""
    token = token_for(server, os.environ)
    content = asyncio.run(_export(server, token, run_id=run_id, form=form))
    put_out(content, out)
    return ExitCode.SUCCESS


async def _export(server: str, token: str | None, *, run_id: str, form: str) -> bytes:
    async with GatewayClient.connect(server, token=token) as client:
        return await client.export_run(run_id, form=form)
