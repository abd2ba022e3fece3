"""Where a command puts a file that the gateway made."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from roundtable_cli.printable import printable

F = TypeVar("F", bound=Callable[..., Any])


def out_option() -> Callable[[F], F]:
    """Return the option that names a file to write."""
    return click.option(
        "--out",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Where to write it, over what is there; else to standard output.",
    )


def put_out(content: bytes, out: Path | None) -> None:
    """Write what the gateway sent to a file, or to standard output.

    Raises:
        click.FileError: The file can't be written.
        click.UsageError: It is no text, and standard output is a terminal.
    """
    if out is not None:
        _write(out, content)
    elif sys.stdout.isatty():
        # It holds what people and models wrote, which a terminal might obey.
        click.echo(printable(_text(content)), nl=False)
    else:
        sys.stdout.buffer.write(content)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(
            "A terminal can't show this file; name one to write with --out."
        ) from error


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from error
