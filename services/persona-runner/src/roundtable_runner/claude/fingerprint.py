"""Tells whether a process was started with the access that a turn has now."""

from dataclasses import dataclass
from pathlib import Path

from roundtable_runner.claude.account import Access, credentials_file


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An access and the state of the login it may rest on; equal when both are."""

    access: Access
    login: tuple[int, int, int] | None


def take_fingerprint(access: Access) -> Fingerprint:
    """Return the fingerprint of an access at this moment."""
    return Fingerprint(access, _login(access))


def _login(access: Access) -> tuple[int, int, int] | None:
    directory = access.variables.get("CLAUDE_CONFIG_DIR")
    if directory is None:
        return None
    try:
        status = credentials_file(Path(directory)).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
