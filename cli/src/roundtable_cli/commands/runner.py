"""``roundtable runner``: what answers, on which account, and how it does."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import login_command, server_option, token_for
from roundtable_cli.errors import ExitCode
from roundtable_cli.printable import one_line
from roundtable_cli.render.account_words import (
    account_in_words,
    how_to_log_in,
    mend_of,
)
from roundtable_cli.render.words import engine_in_words
from roundtable_cli.runner import NO_ACCOUNT, Runner, get_runner

_WIDTH = 14
_WORKS = {True: "yes", False: "no", None: "nobody has tried it yet"}


@click.command("runner")
@server_option()
def runner_command(server: str) -> int:
    """Show what answers: engine, account, models, load, limits."""
    runner = asyncio.run(_get(server, token_for(server, os.environ)))
    for name, words in _lines(runner, login_command(server)):
        click.echo(f"{name:<{_WIDTH}}{one_line(words)}")
    return ExitCode.SUCCESS


async def _get(server: str, token: str | None) -> Runner:
    async with GatewayClient.connect(server, token=token) as client:
        return await get_runner(client)


def _lines(runner: Runner, login: str) -> Iterator[tuple[str, str]]:
    yield "Engine", engine_in_words(runner.engine)
    yield "Account", f"{account_in_words(runner.account)}, since {_time(runner.since)}"
    if runner.account == NO_ACCOUNT:
        yield "To have one", how_to_log_in(login)
    else:
        yield "Works", _WORKS[runner.is_working]
    if runner.models:
        default = runner.default_model
        yield "Models", ", ".join(runner.models)
        yield "Default model", default or "the account's own"
    yield "Claude CLI", runner.cli_version
    going_on = f"{runner.busy} of {runner.slots} go on, {runner.queued} wait"
    yield "Turns", f"{going_on}; {runner.warm} processes are warm"
    if runner.limit_reset_time is not None:
        yield "Limit", f"reached; it opens again at {_time(runner.limit_reset_time)}"
    if runner.last_error is not None:
        yield "Last error", runner.last_error.in_words
        yield (
            "To mend it",
            mend_of(runner.last_error, account=runner.account, login=login),
        )


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
