"""How commands are told of the gateway that they speak to, and of the user's token."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
import httpx

from roundtable_cli.client import is_loopback
from roundtable_cli.token import read_token

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_PORT = 8000
DEFAULT_SERVER = f"http://127.0.0.1:{DEFAULT_PORT}"
SERVER_VARIABLE = "ROUNDTABLE_URL"


def server_option(*, default: str | None = DEFAULT_SERVER) -> Callable[[F], F]:
    """Return the option that names the gateway by its URL."""
    return click.option(
        "--server",
        "--url",
        "server",
        envvar=SERVER_VARIABLE,
        default=default,
        show_default=True,
        show_envvar=True,
        callback=_checked_url,
        metavar="URL",
        help="The gateway.",
    )


def token_for(server: str, environment: Mapping[str, str]) -> str | None:
    """Return the user's token, None for none; warn where others could read it.

    Raises:
        TokenError: It cannot be had from where the settings say.
    """
    token = read_token(environment)
    if token is not None and is_readable_on_the_way(server):
        click.echo(
            f"Warning: your token travels unencrypted to {server}; whoever is on the "
            "way can read it and act as you. Use an https:// address.",
            err=True,
        )
    return token


def is_readable_on_the_way(server: str) -> bool:
    """Tell whether what goes to a gateway leaves this machine unencrypted."""
    url = httpx.URL(server)
    return url.scheme == "http" and not is_loopback(url.host)


def login_command(server: str) -> str:
    """Return what a person types to log the runner of that gateway in."""
    option = "" if server == DEFAULT_SERVER else f" --server {server}"
    return f"roundtable login{option}"


def _checked_url(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    if value is None:
        return None
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL as error:
        raise click.BadParameter(f"{value!r} is no URL") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise click.BadParameter(f"{value!r} is no http:// or https:// URL")
    return value.rstrip("/")
