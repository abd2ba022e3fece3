"""Stand-ins for the three services, found on a Python path of their own."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

_PROGRAM = Path(__file__).with_name("stand_in_service.py")
_MAIN = "from stand_in_service import main\n\nmain({name!r})\n"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Read what the stand-ins noted so far; whatever they left running is killed."""
    path = tmp_path / "journal"

    def read() -> list[dict[str, Any]]:
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text().splitlines()]

    yield read
    for entry in read():
        with suppress(ProcessLookupError, PermissionError):
            os.kill(entry.get("child_pid", entry["pid"]), signal.SIGKILL)


@pytest.fixture
def stand_in_environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which the services' modules are the stand-ins."""
    folder = tmp_path / "stand_ins"
    for name in ("store", "runner", "gateway"):
        package = folder / f"roundtable_{name}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(_MAIN.format(name=name))
    shutil.copy(_PROGRAM, folder)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(folder),
        "STAND_IN_JOURNAL": str(tmp_path / "journal"),
    }
