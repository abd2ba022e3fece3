"""``roundtable mcp``: the panel as tools for an agent."""

import asyncio
import logging
import os
import signal
import sys

import click

from roundtable_cli.commands.server import server_option


@click.command("mcp")
@server_option()
def mcp_command(server: str) -> None:
    """Serve an agent on standard input and output, by the Model Context Protocol.

    An MCP client starts this; it ends when the client goes away. Where the gateway
    wants to know who is calling, set ROUNDTABLE_TOKEN or ROUNDTABLE_TOKEN_FILE in the
    client's settings for it.
    """
    # Here, because it costs more time than all that any other command does.
    from roundtable_cli.mcp.server import serve  # noqa: PLC0415 - as above

    if sys.stdin.isatty():
        click.echo("This speaks MCP: an agent starts it, a person does not.", err=True)
        click.echo(
            "For instance: claude mcp add roundtable -- roundtable mcp", err=True
        )
    # Nothing of it needs tidying up, and a read of standard input cannot be cancelled.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    asyncio.run(serve(server, os.environ))
