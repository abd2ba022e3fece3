"""``roundtable recompute``: a run's decision once more, from what is stored."""

import asyncio
import json
import os
from collections.abc import Mapping
from typing import Any

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import server_option, token_for
from roundtable_cli.errors import ExitCode


@click.command("recompute")
@click.argument("run_id", metavar="RUN")
@server_option()
def recompute_command(run_id: str, *, server: str) -> int:
    """Compute RUN's decision anew from its findings and ballots, and print it.

    Exit codes: 0 it is the stored one, byte for byte; 1 it is another; 2 the run has
    no decision.
    """
    token = token_for(server, os.environ)
    answer = asyncio.run(_recompute(server, token, run_id))
    stored, recomputed = answer.get("stored"), answer.get("recomputed")
    if stored is None or recomputed is None:
        click.echo("The run has no decision.", err=True)
        return ExitCode.NO_DECISION
    again = _canonical(recomputed)
    click.echo(again)
    if again == _canonical(stored):
        return ExitCode.SUCCESS
    click.echo(f"The stored one is another: {_canonical(stored)}", err=True)
    return ExitCode.CHANGES_WANTED


async def _recompute(server: str, token: str | None, run_id: str) -> Mapping[str, Any]:
    async with GatewayClient.connect(server, token=token) as client:
        return await client.recompute_decision(run_id)


def _canonical(decision: Any) -> str:
    return json.dumps(
        decision, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
