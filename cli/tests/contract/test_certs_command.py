"""`roundtable certs`, and what `up` does with certificates, over stand-in services."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Journal = Callable[[], list[dict[str, Any]]]

_SERVICES = ("store", "persona-runner", "gateway")


def _roundtable(
    environment: dict[str, str], folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-P", "-m", "roundtable_cli", *arguments),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_certs_makes_what_is_missing_in_the_data_folder(
    stand_in_environment: dict[str, str], tmp_path: Path
) -> None:
    """Once they are there, a second call says that nothing is due."""
    folder = tmp_path / ".roundtable" / "certificates"

    first = _roundtable(stand_in_environment, tmp_path, "certs")
    second = _roundtable(stand_in_environment, tmp_path, "certs")

    each = [f"new certificate: {folder / name}" for name in _SERVICES]
    assert first.returncode == second.returncode == 0
    assert first.stdout.splitlines() == each
    assert second.stdout == f"Nothing is due in {folder}.\n"


def test_certs_renews_in_a_folder_of_choice(
    stand_in_environment: dict[str, str], tmp_path: Path
) -> None:
    """`--renew` makes new ones though none is due."""
    certificate = tmp_path / "mine" / "store" / "service.crt"
    _roundtable(stand_in_environment, tmp_path, "certs", "mine")
    before = certificate.read_bytes()

    done = _roundtable(stand_in_environment, tmp_path, "certs", "mine", "--renew")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3
    assert certificate.read_bytes() != before
    assert not (tmp_path / ".roundtable").exists()


def test_damaged_authority_stops_up_before_anything_is_started(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The error names the file and says what to do."""
    _roundtable(stand_in_environment, tmp_path, "certs")
    authority = tmp_path / ".roundtable" / "certificates" / "authority" / "ca.crt"
    authority.write_text("no certificate")

    done = _roundtable(stand_in_environment, tmp_path, "up", "--port", "0")

    assert done.returncode == 1
    assert f"{authority} is missing or damaged; put it back" in done.stderr
    assert journal() == []
