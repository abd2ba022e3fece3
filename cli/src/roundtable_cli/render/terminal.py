"""The console that everything is shown on."""

from typing import TextIO

from rich.console import Console


def console_on(stream: TextIO) -> Console:
    """Return a console that reads no markup into the text of documents and models."""
    return Console(file=stream, highlight=False, markup=False, emoji=False)
