"""Files of the user's own machine: read only when named, written only when new."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from roundtable_cli.mcp.parsing import ArgumentError

LARGEST_DOCUMENT_BYTES = 20 * 1024 * 1024
DOCUMENT_SUFFIXES = (
    *(".md", ".markdown", ".txt", ".text", ".pdf"),
    *(".docx", ".pptx", ".html", ".htm"),
)
# Opening what is no file at all must not wait for its other end.
_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document's bytes and where they really lie."""

    path: Path
    content: bytes


def read_document(named: str) -> DocumentFile:
    """Read the document at an absolute path.

    Neither a folder, a device nor a pipe is read, nor anything whose name, or whose
    name behind links, is not a document's: what talks an agent into naming a key or a
    settings file gets nothing.

    Raises:
        ArgumentError: It is not read; the details say why and what to do.
    """
    path = _absolute(named, field="path")
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise _refused("path", f"{path} cannot be read: {_why(error)}") from error
    for name in (path, real):
        if name.suffix.lower() not in DOCUMENT_SUFFIXES:
            raise _refused(
                "path",
                f"{name} is not named as a document; there are "
                f"{' '.join(DOCUMENT_SUFFIXES)}. Or give its text as text.",
            )
    return DocumentFile(real, _content(real))


def new_file(named: str, *, suffix: str) -> Path:
    """Return the path of a file that may be made.

    Raises:
        ArgumentError: The path is not absolute, or does not end in `suffix`.
    """
    path = _absolute(named, field="save_to")
    if path.suffix.lower() != suffix:
        raise _refused("save_to", f"{path} does not end in {suffix}; name it so")
    return path


def save_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        ArgumentError: It is not written; nothing that was there has changed.
    """
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise _refused("save_to", f"{path} is there already; name another") from error
    except OSError as error:
        raise _refused("save_to", f"{path} cannot be written: {_why(error)}") from error


def _absolute(named: str, *, field: str) -> Path:
    path = Path(named)
    if "\0" in named or not path.is_absolute():
        raise _refused(field, "it is no absolute path; name the file from the root on")
    if ".." in path.parts:
        raise _refused(field, "'..' is not followed; name the file without it")
    return path


def _content(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _refused("path", f"{path} is no file")
            content = file.read(LARGEST_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise _refused("path", f"{path} cannot be read: {_why(error)}") from error
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise _refused("path", f"{path} has more than 20 MB; give a part of it")
    return content


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "links in a ring"


def _refused(field: str, words: str) -> ArgumentError:
    return ArgumentError("The file is left alone.", (f"{field}: {words}",))
