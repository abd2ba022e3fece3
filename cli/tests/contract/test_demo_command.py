"""`roundtable demo` as a process, over stand-ins for the services."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

Journal = Callable[[], list[dict[str, Any]]]


def _demo(
    environment: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    document = folder / "sample.md"
    document.write_text("# Sample\n")
    command = (sys.executable, "-P", "-m", "roundtable_cli", "demo")
    return subprocess.run(  # noqa: S603 - our own command
        (*command, "--file", str(document)),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_demo_that_fails_leaves_nothing(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The stand-in gateway takes no document: the demo fails and tidies up."""
    done = _demo(stand_in_environment, tmp_path)

    starts = [entry for entry in journal() if entry["what"] == "start"]
    assert done.returncode == 2, done.stderr
    assert "HTTP 501" in done.stderr
    assert [entry["name"] for entry in starts] == ["store", "runner", "gateway"]
    assert not any(psutil.pid_exists(entry["pid"]) for entry in starts)
    assert not Path(starts[0]["environment"]["ROUNDTABLE_DATA_DIR"]).exists()


def test_demo_keeps_its_hands_off_the_real_data(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """Neither the user's data folder nor the user's database is handed on."""
    real = {"ROUNDTABLE_DATA_DIR": str(tmp_path / "real"), "DATABASE_URL": "real"}

    _demo({**stand_in_environment, **real}, tmp_path)

    store = next(entry for entry in journal() if entry["what"] == "start")
    assert "DATABASE_URL" not in store["environment"]
    assert store["environment"]["ROUNDTABLE_DATA_DIR"] != str(tmp_path / "real")
    assert not (tmp_path / "real").exists()
