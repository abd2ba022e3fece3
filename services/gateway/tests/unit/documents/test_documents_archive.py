"""The archive's checks, one by one."""

import io
import zipfile

import pytest

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits


def _zip(*, method: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.xml", b"0123456789" * 10)
    return packed.getvalue()


def test_part_is_read_in_full() -> None:
    """A part within the limits comes out as it went in."""
    archive = Archive(_zip(), Limits(archive_bytes=100))

    assert "a.xml" in archive
    assert "b.xml" not in archive
    assert b"".join(archive.part("a.xml")) == b"0123456789" * 10


def test_part_named_again_and_again_is_counted_each_time() -> None:
    """What is unpacked counts, so a directory of honest sizes is no way around."""
    archive = Archive(_zip(), Limits(archive_bytes=150))
    list(archive.part("a.xml"))

    with pytest.raises(Refused) as caught:
        list(archive.part("a.xml"))

    assert caught.value.reason is Reason.UNSAFE_ARCHIVE


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (_zip(), Limits(archive_bytes=99), Reason.UNSAFE_ARCHIVE),
        (_zip(method=zipfile.ZIP_LZMA), Limits(), Reason.UNSAFE_ARCHIVE),
        (_zip()[:-30], Limits(), Reason.UNREADABLE),
        (_zip().replace(b"PK\x01\x02", b"PK\x01\x03"), Limits(), Reason.UNREADABLE),
    ],
    ids=["declared size", "method", "no directory", "broken directory"],
)
def test_archive_is_refused(content: bytes, limits: Limits, reason: Reason) -> None:
    """Nothing is unpacked of an archive that fails a check."""
    with pytest.raises(Refused) as caught:
        Archive(content, limits)

    assert caught.value.reason is reason
