"""``roundtable doctor``: what is wrong, and how to mend it."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import click

from roundtable_cli.commands.server import (
    DEFAULT_PORT,
    login_command,
    server_option,
    token_for,
)
from roundtable_cli.doctor.examination import Patient, examine
from roundtable_cli.doctor.result import Level, Result
from roundtable_cli.errors import ExitCode
from roundtable_cli.launcher.preparation import trust_in, url_of
from roundtable_cli.launcher.service import LOOPBACK
from roundtable_cli.printable import one_line

_WIDTH = 14
_INDENT = " " * (_WIDTH + 2)


@click.command()
@server_option(default=None)
@click.option(
    "--data-dir",
    envvar="ROUNDTABLE_DATA_DIR",
    default=".roundtable",
    show_default=True,
    show_envvar=True,
    type=click.Path(path_type=Path),
    help="Where the services of this machine keep their data.",
)
@click.option("--test", is_flag=True, help="Try the account with one tiny turn.")
def doctor(server: str | None, data_dir: Path, *, test: bool) -> int:
    """Look whether all is well, and say of each fault how it is mended.

    Without --server it looks at what `roundtable up` serves, or would, on this machine.
    Exit codes: 0 nothing is broken, though what has a ! deserves a look; 1 something
    is.
    """
    patient = _patient(os.environ, server, data_dir)
    click.echo(f"Persona Roundtable at {patient.server}")
    results = asyncio.run(_examine(patient, with_test=test))
    faults = sum(result.level is Level.BROKEN for result in results)
    if faults:
        click.echo(f"{faults} {'thing is' if faults == 1 else 'things are'} broken.")
        return ExitCode.BROKEN
    doubts = sum(result.level is Level.DOUBTFUL for result in results)
    click.echo("Nothing is broken." if doubts else "All is well.")
    return ExitCode.SUCCESS


async def _examine(patient: Patient, *, with_test: bool) -> list[Result]:
    results = []
    async for result in examine(patient, with_test=with_test):
        _show(result)
        results.append(result)
    return results


def _show(result: Result) -> None:
    subject = f"{result.level} {result.subject}"
    click.echo(f"{subject:<{_WIDTH}}  {one_line(result.words)}")
    if result.mend is not None:
        click.echo(f"{_INDENT}→ {one_line(result.mend)}")


def _patient(
    environment: Mapping[str, str], server: str | None, data_dir: Path
) -> Patient:
    certificate = environment.get("ROUNDTABLE_GATEWAY_TLS_CERT_FILE")
    own = Path(certificate) if certificate else None
    address = server or url_of(
        environment.get("ROUNDTABLE_GATEWAY_HOST") or LOOPBACK,
        int(environment.get("PORT") or DEFAULT_PORT),
        certificate=own,
    )
    is_served_with_it = own is not None and server is None
    return Patient(
        server=address,
        is_named=server is not None,
        trust=trust_in(own) if own is not None and is_served_with_it else None,
        token=token_for(address, environment),
        data_dir=data_dir.absolute(),
        environment=environment,
        login=login_command(address),
    )
