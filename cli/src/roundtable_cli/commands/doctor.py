"""``roundtable doctor``: what is wrong, and how to mend it."""

import asyncio
import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import click

from roundtable_cli.commands.server import (
    DEFAULT_PORT,
    login_command,
    server_option,
    token_for,
)
from roundtable_cli.doctor.examination import Patient, Trial, examine
from roundtable_cli.doctor.result import Level, Result
from roundtable_cli.errors import ExitCode, LaunchError
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
@click.option(
    "--model", metavar="NAME", help="Model to test; else the account's default."
)
def doctor(server: str | None, data_dir: Path, *, test: bool, model: str | None) -> int:
    """Look whether all is well, and say of each fault how it is mended.

    Without --server it looks at what `roundtable up` serves, or would, on this machine.
    Exit codes: 0 nothing is broken, though what has a ! deserves a look; 1 something
    is.
    """
    patient = _patient(os.environ, server, data_dir)
    click.echo(f"Persona Roundtable at {patient.server}")
    trial = Trial(model) if test or model else None
    results = asyncio.run(_examine(patient, trial))
    faults = sum(result.level is Level.BROKEN for result in results)
    if faults:
        click.echo(f"{faults} {'thing is' if faults == 1 else 'things are'} broken.")
        return ExitCode.BROKEN
    doubts = sum(result.level is Level.DOUBTFUL for result in results)
    click.echo("Nothing is broken." if doubts else "All is well.")
    return ExitCode.SUCCESS


async def _examine(patient: Patient, trial: Trial | None) -> list[Result]:
    results = []
    async for result in examine(patient, trial):
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
        _port(environment.get("PORT") or str(DEFAULT_PORT)),
        certificate=own,
    )
    return Patient(
        server=address,
        is_named=server is not None,
        trust=_trust(own) if own is not None and server is None else None,
        token=token_for(address, environment),
        data_dir=data_dir.absolute(),
        environment=environment,
        login=login_command(address),
    )


def _port(words: str) -> int:
    if not words.isdecimal():
        raise click.UsageError(f"PORT: {words!r} is no port")
    return int(words)


def _trust(certificate: Path) -> ssl.SSLContext | None:
    """Return a context for it; None for no certificate, which a check tells of."""
    try:
        return trust_in(certificate)
    except LaunchError:
        return None
