"""The data folder: there, its owner's alone, writable."""

import stat
import tempfile
from pathlib import Path

from roundtable_cli.doctor.result import Result, broken, doubtful, fine, not_checked

_SUBJECT = "data folder"
_OTHERS = 0o077
_ELSEWHERE = "set ROUNDTABLE_DATA_DIR to a folder of your own"


def check_data_folder(folder: Path, *, is_gateway_up: bool) -> Result:
    """Look at the folder that the services of this machine keep their data in.

    Args:
        folder: Where it is, absolute.
        is_gateway_up: Whether a gateway answers on this machine.
    """
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        return _absent(folder, is_gateway_up=is_gateway_up)
    except OSError as error:
        return broken(_SUBJECT, f"{folder}: {error.strerror}", mend=_ELSEWHERE)
    if not stat.S_ISDIR(mode):
        return broken(_SUBJECT, f"{folder} is no folder", mend=_ELSEWHERE)
    why_not = _why_not_writable(folder)
    if why_not is not None:
        return broken(
            _SUBJECT,
            f"{folder} cannot be written: {why_not}",
            mend=f"make it yours (chown, chmod 700), or {_ELSEWHERE}",
        )
    if mode & _OTHERS:
        return doubtful(
            _SUBJECT,
            f"{folder} is open to others (mode {stat.S_IMODE(mode):o}); it holds "
            "documents and the Claude login",
            mend=f"chmod 700 {folder}",
        )
    return fine(_SUBJECT, f"{folder}, writable, its owner's alone")


def _absent(folder: Path, *, is_gateway_up: bool) -> Result:
    if is_gateway_up:
        return not_checked(
            _SUBJECT,
            f"none at {folder}: the gateway that answers keeps its data elsewhere, "
            "as in a container",
            mend="name its folder with --data-dir, or run this where it lies",
        )
    above = next(each for each in folder.parents if each.exists())
    why_not = _why_not_writable(above)
    if why_not is not None:
        return broken(
            _SUBJECT,
            f"{folder} is not there and cannot be made: {why_not}",
            mend=_ELSEWHERE,
        )
    return not_checked(_SUBJECT, f"{folder} is not there yet; the first start makes it")


def _why_not_writable(folder: Path) -> str | None:
    """Try it: for some users and file systems the mode tells nothing."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or type(error).__name__
