"""A second store on the same data is refused."""

import fcntl
import os
from pathlib import Path


class DataInUseError(RuntimeError):
    """Another store has the data directory open."""


class InstanceLock:
    """An advisory lock that the kernel frees however the process ends."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "store.lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise DataInUseError at once."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise DataInUseError(
                f"another store is running on {self._path.parent};"
                " stop it, or set ROUNDTABLE_DATA_DIR to another directory"
            ) from error
        self._descriptor = descriptor

    def is_taken(self) -> bool:
        """Tell whether a store has it; takes it for a moment to find out."""
        try:
            self.acquire()
        except DataInUseError:
            return True
        self.release()
        return False

    def release(self) -> None:
        """Free the lock; the file stays, as removing it would race with a new store."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
