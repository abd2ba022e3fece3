"""Private directories for CLI processes, swept even after a runner was killed."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PREFIX = "roundtable-cli-"
_LOCK = "lock"
# Where a CLI notes that it runs, in files named after its process id.
_NOTES = "sessions"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Directories of one runner's CLI processes, gone when the runner stops.

    Attributes:
        root: Holds the others.
        lock: Descriptor of a locked file in it, which tells that its runner lives.
    """

    root: Path
    lock: int

    @classmethod
    def create(cls, parent: Path | None = None) -> Self:
        """Make the directories, readable by nobody else; sweep those of the dead."""
        parent = parent or Path(tempfile.gettempdir())
        _sweep(parent)
        # It gets its name once it is locked, so that no sweep finds it without.
        nameless = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=parent))
        lock = os.open(nameless / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        workspace = cls(nameless.rename(parent / nameless.name[1:]), lock)
        for directory in (workspace.home, workspace.config, workspace.temporary):
            directory.mkdir(mode=0o700)
        workspace.empty.mkdir(mode=0o500)
        return workspace

    @property
    def home(self) -> Path:
        """HOME of the CLI, for its small files."""
        return self.root / "home"

    @property
    def config(self) -> Path:
        """Its configuration, where the account isn't a login on disk."""
        return self.root / "config"

    @property
    def temporary(self) -> Path:
        """Its temporary files."""
        return self.root / "tmp"

    @property
    def empty(self) -> Path:
        """Its working directory, with nothing in it to find."""
        return self.root / "empty"

    def make_folders(self) -> "ProcessFolders":
        """Make the folders of one process. Raises OSError."""
        root = Path(tempfile.mkdtemp(dir=self.root, prefix="process-"))
        return ProcessFolders(root, self.config, self.empty)

    def remove(self) -> None:
        """Take all of it away."""
        shutil.rmtree(self.root, ignore_errors=True)
        os.close(self.lock)


@dataclass(frozen=True, slots=True)
class ProcessFolders:
    """Where one process may write.

    Attributes:
        root: Its own, with what it leaves.
        config: Its configuration, where the account isn't a login on disk. All share
            it: the endpoint is told an id of this machine that is kept there.
        empty: Its working directory, with nothing in it to find.
    """

    root: Path
    config: Path
    empty: Path

    @property
    def home(self) -> Path:
        """HOME of the CLI."""
        return self.root

    @property
    def temporary(self) -> Path:
        """Its temporary files."""
        return self.root


@dataclass(frozen=True, slots=True)
class Leavings:
    """What a killed CLI could not clear away itself.

    Attributes:
        root: Holds what it wrote.
        config: Its configuration, which loses the notes on this process alone.
    """

    root: Path
    config: Path

    def remove(self, pid: int | None = None) -> None:
        """Take them away; the process id names the notes."""
        shutil.rmtree(self.root, ignore_errors=True)
        if pid is None:
            return
        for note in (self.config / _NOTES).glob(f"{pid}.*"):
            with contextlib.suppress(OSError):
                note.unlink()


def _sweep(parent: Path) -> None:
    for root in parent.glob(f"{_PREFIX}*"):
        # Not ours, or gone meanwhile; or its runner lives and holds the lock.
        with contextlib.suppress(OSError):
            lock = os.open(root / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(root, ignore_errors=True)
            finally:
                os.close(lock)
