"""Where the bytes of an upload wait until they have been read."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits

_FLUSH_BYTES = 262_144


class UploadSpool:
    """A temporary file that takes an upload under a hard cap and hashes it on the way.

    Used as an async context manager; the file is gone when the block is left, however
    it is left. Disk and digest work happens in a thread, in parts of about 256 KiB.
    """

    def __init__(self, directory: Path, limits: Limits) -> None:
        self._directory = directory
        self._limits = limits
        self._digest = hashlib.sha256()
        self._pending = bytearray()
        self._size_bytes = 0

    async def __aenter__(self) -> Self:
        """Create the file."""
        descriptor, name = tempfile.mkstemp(prefix="upload-", dir=self._directory)
        self._path = Path(name)
        # Buffered for its lock: closing waits for a write that a cancelled task left
        # running in its thread, and so never frees a descriptor that is in use.
        self._file = os.fdopen(descriptor, "wb")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the file."""
        # Not awaited: a second cancellation must not keep the file alive.
        try:
            self._file.close()
        finally:
            self._path.unlink(missing_ok=True)

    @property
    def path(self) -> Path:
        """Where the file lies; complete after `finish`."""
        return self._path

    @property
    def size_bytes(self) -> int:
        """Bytes taken so far."""
        return self._size_bytes

    @property
    def sha256(self) -> str:
        """Digest of the whole upload, in hexadecimal; complete after `finish`."""
        return self._digest.hexdigest()

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            DocumentTooLarge: FILE_TOO_LARGE, before the byte above the cap is written.
        """
        self._size_bytes += len(chunk)
        if self._size_bytes > self._limits.file_bytes:
            raise refusal(Reason.FILE_TOO_LARGE, self._limits)
        self._pending += chunk
        if len(self._pending) >= _FLUSH_BYTES:
            await self._flush()

    async def finish(self) -> None:
        """Write out what is still held back; the file can be read afterwards."""
        await self._flush()

    async def _flush(self) -> None:
        taken, self._pending = self._pending, bytearray()
        await asyncio.to_thread(self._store, bytes(taken))

    def _store(self, taken: bytes) -> None:
        self._digest.update(taken)
        self._file.write(taken)
        self._file.flush()
