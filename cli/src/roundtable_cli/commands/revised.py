"""``roundtable revised``: the document with every accepted rewrite in place."""

import asyncio
import os
from pathlib import Path

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.file_output import out_option, put_out
from roundtable_cli.commands.server import server_option, token_for
from roundtable_cli.errors import ExitCode


@click.command("revised")
@click.argument("run_id", metavar="RUN")
@out_option()
@server_option()
def revised_command(run_id: str, *, out: Path | None, server: str) -> int:
    """Write the document of RUN with every accepted rewrite in place.

    Markdown and text as text, Word as tracked changes.
    """
    token = token_for(server, os.environ)
    put_out(asyncio.run(_revise(server, token, run_id)), out)
    return ExitCode.SUCCESS


async def _revise(server: str, token: str | None, run_id: str) -> bytes:
    async with GatewayClient.connect(server, token=token) as client:
        return await client.revise_document(run_id)
