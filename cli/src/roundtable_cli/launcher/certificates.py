"""Has the services' certificates made by the program that knows how."""

import subprocess
import sys
from pathlib import Path

from roundtable_cli.errors import LaunchError

_PROGRAM = (sys.executable, "-P", "-m", "roundtable_kit.certs")


def make_certificates(folder: Path, *, renew: bool = False) -> tuple[str, ...]:
    """Make what is missing, damaged or due in a folder; return what was made, in words.

    Raises:
        LaunchError: They cannot be made.
    """
    options = ("--renew",) if renew else ()
    done = subprocess.run(  # noqa: S603 - our own program
        (*_PROGRAM, str(folder), *options), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LaunchError(
            "The services' certificates cannot be made.",
            tuple(done.stderr.splitlines()),
        )
    return tuple(done.stdout.splitlines())
