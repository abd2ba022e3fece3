"""``roundtable login`` and ``roundtable logout``: the runner's Claude account."""

import asyncio
import os

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import (
    login_command,
    server_option,
    token_for,
)
from roundtable_cli.errors import ExitCode, RequestRefusedError
from roundtable_cli.printable import one_line
from roundtable_cli.render.account_words import account_in_words, mend_of
from roundtable_cli.runner import (
    AccountTest,
    Login,
    Runner,
    finish_login,
    get_runner,
    log_out,
    prove_account,
    start_login,
)

# The login goes on after these: INVALID_FIELD is what the gateway finds itself.
_NOT_WHOLE = frozenset({"LOGIN_CODE_INCOMPLETE", "INVALID_FIELD"})


@click.command()
@server_option()
def login(server: str) -> int:
    """Log the runner in to your Claude subscription, and try it with one tiny turn.

    The login is the Claude CLI's own. It stays on the runner's disk; neither it nor the
    code is kept here. Exit codes: 0 it works; 1 it is logged in but does not work; else
    as with `review`.
    """
    token = token_for(server, os.environ)
    begun = asyncio.run(_begin(server, token))
    click.echo("Open this address, sign in and copy the code that you are shown:")
    click.echo(f"\n  {one_line(begun.url)}\n")
    while not asyncio.run(_finish(server, token, begun, click.prompt("Code"))):
        click.echo("That is not the whole code; copy all of it, with the # in it.")
    click.echo("Logged in. Trying it with one tiny turn …")
    proof, runner = asyncio.run(_try(server, token))
    click.echo(f"In use: {account_in_words(runner.account)}.")
    return _tell(proof, runner, server)


@click.command()
@server_option()
def logout(server: str) -> int:
    """Take the Claude login off the runner; runs on it pause until the next one."""
    runner = asyncio.run(_log_out(server, token_for(server, os.environ)))
    click.echo("Logged out.")
    click.echo(f"In use now: {account_in_words(runner.account)}.")
    return ExitCode.SUCCESS


async def _begin(server: str, token: str | None) -> Login:
    async with GatewayClient.connect(server, token=token) as client:
        return await start_login(client)


async def _finish(server: str, token: str | None, begun: Login, code: str) -> bool:
    """Hand the code over; return whether it was whole."""
    async with GatewayClient.connect(server, token=token) as client:
        try:
            await finish_login(client, begun, code)
        except RequestRefusedError as error:
            if error.reason in _NOT_WHOLE:
                return False
            raise
    return True


async def _try(server: str, token: str | None) -> tuple[AccountTest, Runner]:
    async with GatewayClient.connect(server, token=token) as client:
        return await prove_account(client, None), await get_runner(client)


async def _log_out(server: str, token: str | None) -> Runner:
    async with GatewayClient.connect(server, token=token) as client:
        await log_out(client)
        return await get_runner(client)


def _tell(proof: AccountTest, runner: Runner, server: str) -> int:
    failure = proof.failure
    if failure is None:
        model = one_line(proof.model or "It")
        click.echo(f"It works: {model} answered in {proof.seconds:.1f} s.")
        return ExitCode.SUCCESS
    click.echo(f"It does not work: {one_line(failure.in_words)}", err=True)
    mend = mend_of(failure, account=runner.account, login=login_command(server))
    click.echo(f"To mend it: {mend}", err=True)
    return ExitCode.ACCOUNT_FAILED
