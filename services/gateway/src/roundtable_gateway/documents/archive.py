"""An Office archive that is checked before anything in it is unpacked."""

import stat
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import PurePosixPath

from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits

_CHUNK_BYTES = 65_536
_ENCRYPTED_FLAG = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """A ZIP whose directory is within the limits, and whose parts are counted out.

    Attributes:
        entries: What the directory lists, in its order.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        """Check the central directory.

        Raises:
            Refused: UNSAFE_ARCHIVE, ENCRYPTED, or UNREADABLE for a broken one.
        """
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as err:
            raise Refused(Reason.UNREADABLE) from err
        self.entries = tuple(self._zip.infolist())
        _check(self.entries, limits)
        self._names = frozenset(entry.filename for entry in self.entries)
        self._budget = limits.archive_bytes

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of that name."""
        return name in self._names

    def part(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes; what is unpacked is counted, whatever was declared.

        Raises:
            Refused: UNSAFE_ARCHIVE once all parts read are over the limit together.
        """
        with self._zip.open(name) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                self._budget -= len(chunk)
                if self._budget < 0:
                    raise Refused(Reason.UNSAFE_ARCHIVE)
                yield chunk


def _check(entries: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise Refused(Reason.ENCRYPTED)
    is_safe = (
        len(entries) <= limits.archive_entries
        and len({entry.filename for entry in entries}) == len(entries)
        and sum(entry.file_size for entry in entries) <= limits.archive_bytes
        and all(_is_safe(entry, limits) for entry in entries)
    )
    if not is_safe:
        raise Refused(Reason.UNSAFE_ARCHIVE)


def _is_safe(entry: zipfile.ZipInfo, limits: Limits) -> bool:
    path = PurePosixPath(entry.filename)
    return (
        entry.compress_type in _METHODS
        and entry.file_size <= max(entry.compress_size, 1) * limits.archive_ratio
        and not stat.S_ISLNK(entry.external_attr >> 16)
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in entry.filename
        and ":" not in entry.filename
    )
