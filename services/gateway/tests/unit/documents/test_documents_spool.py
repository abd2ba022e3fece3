"""The file that holds an upload, under every way to leave it."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from roundtable_gateway.documents.errors import DocumentTooLarge, Reason
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.spool import UploadSpool


def _left_in(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_spool_holds_the_bytes_and_their_digest(tmp_path: Path) -> None:
    """What was written in chunks is on disk whole, with size and SHA-256."""
    chunks = [b"a" * 100_000, b"", b"b" * 300_000, b"c"]
    content = b"".join(chunks)

    async with UploadSpool(tmp_path, Limits()) as spool:
        for chunk in chunks:
            await spool.write(chunk)
        await spool.finish()

        assert spool.path.read_bytes() == content
        assert spool.size_bytes == len(content)
        assert spool.sha256 == hashlib.sha256(content).hexdigest()
    assert _left_in(tmp_path) == []


async def test_spool_takes_exactly_the_limit(tmp_path: Path) -> None:
    """The last byte allowed is allowed."""
    async with UploadSpool(tmp_path, Limits(file_bytes=10)) as spool:
        await spool.write(b"x" * 10)
        await spool.finish()

        assert spool.path.stat().st_size == 10


async def test_spool_refuses_the_byte_above_the_limit(tmp_path: Path) -> None:
    """One byte more is an error, nothing above the cap reaches the disk."""
    async with UploadSpool(tmp_path, Limits(file_bytes=10)) as spool:
        await spool.write(b"x" * 10)

        with pytest.raises(DocumentTooLarge) as caught:
            await spool.write(b"x")

        assert caught.value.reason is Reason.FILE_TOO_LARGE
        assert spool.path.stat().st_size <= 10
    assert _left_in(tmp_path) == []


async def test_cancelled_upload_leaves_no_file(tmp_path: Path) -> None:
    """A client that goes away in the middle leaves nothing behind."""
    started = asyncio.Event()

    async def upload() -> None:
        async with UploadSpool(tmp_path, Limits()) as spool:
            await spool.write(b"x" * 300_000)
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(upload())
    await started.wait()
    assert len(_left_in(tmp_path)) == 1
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert _left_in(tmp_path) == []


async def test_upload_cancelled_within_a_write_leaves_no_file(tmp_path: Path) -> None:
    """The thread that still writes does not keep or bring back the file."""
    started = asyncio.Event()

    async def upload() -> None:
        async with UploadSpool(tmp_path, Limits()) as spool:
            started.set()
            while True:
                await spool.write(b"x" * 262_144)

    task = asyncio.create_task(upload())
    await started.wait()
    assert len(_left_in(tmp_path)) == 1
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert _left_in(tmp_path) == []


async def test_spooled_file_is_private(tmp_path: Path) -> None:
    """No other user of the machine can read a document."""
    async with UploadSpool(tmp_path, Limits()) as spool:
        assert spool.path.stat().st_mode & 0o077 == 0
