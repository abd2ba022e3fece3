"""``roundtable up``: the three services on this machine."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import click

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import DEFAULT_PORT, login_command
from roundtable_cli.errors import CliError, ExitCode, Interrupted, LaunchError
from roundtable_cli.interrupts import run_interruptible
from roundtable_cli.launcher.certificates import make_certificates
from roundtable_cli.launcher.lines import LineWriter
from roundtable_cli.launcher.preparation import (
    certificates_dir,
    prepare_data_dir,
    require_free_port,
    trust_in,
    url_of,
)
from roundtable_cli.launcher.service import LOOPBACK, local_services
from roundtable_cli.launcher.stack import Stack
from roundtable_cli.render.account_words import account_in_words, how_to_log_in
from roundtable_cli.render.words import engine_in_words
from roundtable_cli.run import Health
from roundtable_cli.runner import NO_ACCOUNT

_ENGINE_WITHIN = timedelta(seconds=10)
_ENGINE_POLL = timedelta(milliseconds=250)


@click.command()
@click.option(
    "--host",
    envvar="ROUNDTABLE_GATEWAY_HOST",
    default=LOOPBACK,
    show_default=True,
    show_envvar=True,
    help="Listen on this address.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    envvar="PORT",
    default=DEFAULT_PORT,
    show_default=True,
    show_envvar=True,
    help="Listen on this port; 0 takes a free one.",
)
@click.option("--verbose", is_flag=True, help="Show the services' own logs.")
def up(host: str, port: int, *, verbose: bool) -> int:
    """Start Persona Roundtable on this machine; Ctrl-C stops it."""
    environment = dict(os.environ)
    environment.setdefault("ROUNDTABLE_LOG_LEVEL", "info" if verbose else "warning")
    require_free_port(host, port)
    data_dir = prepare_data_dir(
        Path(environment.get("ROUNDTABLE_DATA_DIR") or ".roundtable")
    )
    make_certificates(certificates_dir(data_dir))
    output, errors = LineWriter(sys.stdout.fileno()), LineWriter(sys.stderr.fileno())
    stack = Stack(
        local_services(environment, data_dir=data_dir, host=host, port=port),
        say=output.write,
        on_error_line=lambda name, line: errors.write(f"[{name}] {line}"),
    )
    try:
        asyncio.run(
            run_interruptible(
                _serve(stack, _Gateway.of(environment, host), output),
                on_second=stack.kill,
            )
        )
    except Interrupted as interrupt:
        output.write("Killed." if interrupt.is_forced else "Stopped.")
        return ExitCode.INTERRUPTED if interrupt.is_forced else ExitCode.SUCCESS
    except LaunchError as error:
        # Without its details: the service's last words stand in the terminal already.
        raise LaunchError(error.message) from error
    finally:
        errors.close()
        output.close()
    return ExitCode.SUCCESS


@dataclass(frozen=True, slots=True)
class _Gateway:
    """How people and this command reach the gateway, once it listens."""

    host: str
    certificate: Path | None
    asks_for_tokens: bool

    @classmethod
    def of(cls, environment: Mapping[str, str], host: str) -> Self:
        certificate = environment.get("ROUNDTABLE_GATEWAY_TLS_CERT_FILE")
        return cls(
            host=host,
            certificate=Path(certificate) if certificate else None,
            asks_for_tokens=environment.get("ROUNDTABLE_GATEWAY_AUTH") == "token",
        )


async def _serve(stack: Stack, gateway: _Gateway, output: LineWriter) -> None:
    async with stack.running():
        await stack.keep_during(_announce(stack, gateway, output))


async def _announce(stack: Stack, gateway: _Gateway, output: LineWriter) -> None:
    url = url_of(gateway.host, stack.port("gateway"), certificate=gateway.certificate)
    output.write(f"Persona Roundtable is ready: {url}")
    if gateway.asks_for_tokens:
        # It tells strangers of no engine.
        output.write(
            "It asks for a token; this makes the first one: "
            "roundtable token create EMAIL"
        )
    else:
        health = await _health(url, gateway.certificate)
        output.write(f"Engine: {engine_in_words(health.engine if health else None)}")
        for line in _of_account(health, login_command(url)):
            output.write(line)
    output.write("Press Ctrl-C to stop.")
    await asyncio.Event().wait()  # until a signal, or until a service is lost


def _of_account(health: Health | None, login: str) -> Iterator[str]:
    if health is None or health.account is None:
        return
    yield f"Account: {account_in_words(health.account)}"
    if health.account == NO_ACCOUNT:
        yield f"To have one: {how_to_log_in(login)}"


async def _health(url: str, certificate: Path | None) -> Health | None:
    """Return what the gateway tells of itself, None if not what speaks in time."""
    trust = None if certificate is None else trust_in(certificate)
    async with GatewayClient.connect(url, trust=trust) as client:
        try:
            async with asyncio.timeout(_ENGINE_WITHIN.total_seconds()):
                while (health := await client.health()).engine is None:  # noqa: ASYNC110 - another process's state
                    await asyncio.sleep(_ENGINE_POLL.total_seconds())
        except (CliError, TimeoutError):
            return None
    return health
