"""scripts/pin_images.py writes what registries say, and nothing of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "scripts" / "pin_images.py"
_OLD, _NEW = f"sha256:{'0' * 64}", f"sha256:{'a' * 64}"
_TAG_OBJECT, _COMMIT = "b" * 40, "c" * 40

_DOCKERFILE = """\
FROM --platform=$BUILDPLATFORM node:22-slim AS page
FROM python:3.13-slim{old} AS build
COPY --from=page /out /out
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
FROM build
"""
_COMPOSE = """\
services:
  caddy:
    image: caddy:2
  store:
    image: ${ROUNDTABLE_IMAGES:-ghcr.io/persona-roundtable}/store:latest
"""
_WORKFLOW = """\
      - uses: actions/checkout@v6.0.2
      - uses: owner/repository/folder@v1 # stays
"""


def _program(folder: Path, name: str, words: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give files with images and actions, and a docker and a git that know them."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / "Dockerfile.store").write_text(_DOCKERFILE.format(old=f"@{_OLD}"))
    (tmp_path / "compose.prod.yml").write_text(_COMPOSE)
    (tmp_path / ".github" / "workflows" / "check.yml").write_text(_WORKFLOW)
    _program(tmp_path / "bin", "docker", f"echo {_NEW}")
    lines = f"{_TAG_OBJECT}\\trefs/tags/v1\\n{_COMMIT}\\trefs/tags/v1^{{}}\\n"
    _program(tmp_path / "bin", "git", f"printf '{lines}'")
    return tmp_path


def _pin(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own script
        [sys.executable, str(_SCRIPT), str(folder)],
        env={"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def test_images_get_the_registrys_digest(folder: Path) -> None:
    """Tags stay and get a digest; an old digest is replaced, a stage is left alone."""
    result = _pin(folder)

    assert result.returncode == 0, result.stderr
    assert (folder / "Dockerfile.store").read_text().splitlines() == [
        f"FROM --platform=$BUILDPLATFORM node:22-slim@{_NEW} AS page",
        f"FROM python:3.13-slim@{_NEW} AS build",
        "COPY --from=page /out /out",
        f"COPY --from=ghcr.io/astral-sh/uv:0.9@{_NEW} /uv /bin/",
        "FROM build",
    ]


def test_our_own_images_stay_as_they_are(folder: Path) -> None:
    """Their version is for the person who runs them to choose."""
    _pin(folder)

    expected = _COMPOSE.replace("caddy:2", f"caddy:2@{_NEW}")
    assert (folder / "compose.prod.yml").read_text() == expected


def test_actions_get_the_commit_behind_their_tag(folder: Path) -> None:
    """The version stays beside the commit, for people and for the next run."""
    _pin(folder)
    _pin(folder)

    workflow = (folder / ".github" / "workflows" / "check.yml").read_text()
    assert workflow.splitlines() == [
        f"      - uses: actions/checkout@{_COMMIT} # v6.0.2",
        f"      - uses: owner/repository/folder@{_COMMIT} # v1 # stays",
    ]


@pytest.mark.parametrize(
    ("program", "words"),
    [("docker", "echo nothing >&2; exit 1"), ("docker", "echo latest"), ("git", ":")],
    ids=["no registry", "no digest", "no such tag"],
)
def test_what_cannot_be_looked_up_changes_nothing(
    folder: Path, program: str, words: str
) -> None:
    """No file is touched unless every pin is known."""
    before = {path: path.read_text() for path in folder.rglob("*.*") if path.is_file()}
    _program(folder / "bin", program, words)

    result = _pin(folder)

    assert result.returncode != 0
    assert {path: path.read_text() for path in before} == before
