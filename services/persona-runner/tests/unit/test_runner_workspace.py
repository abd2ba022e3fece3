"""Private directories for CLI processes."""

import os
import stat
from pathlib import Path

from roundtable_runner.claude.workspace import Workspace


def test_directories_are_private_and_go_with_the_runner(tmp_path: Path) -> None:
    """Nobody else reads them, and nothing of them is left."""
    workspace = Workspace.create(tmp_path)
    modes = [
        stat.S_IMODE(directory.stat().st_mode)
        for directory in (workspace.root, workspace.home, workspace.temporary)
    ]

    workspace.remove()

    assert modes == [0o700] * 3
    assert list(tmp_path.iterdir()) == []


def test_workspace_of_a_dead_runner_is_swept(tmp_path: Path) -> None:
    """A runner that was killed leaves its directories to the next one."""
    dead = Workspace.create(tmp_path)
    os.close(dead.lock)

    alive = Workspace.create(tmp_path)

    assert list(tmp_path.iterdir()) == [alive.root]
    alive.remove()


def test_workspace_of_a_living_runner_is_left_alone(tmp_path: Path) -> None:
    """Two runners on one machine do not harm each other."""
    first, second = Workspace.create(tmp_path), Workspace.create(tmp_path)

    assert first.home.is_dir()
    first.remove()
    second.remove()
