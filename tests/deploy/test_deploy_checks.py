"""scripts/check-deploy says no to a file that is wrong."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_CHECKED = [
    *("scripts", "deploy", ".ci", ".github", ".compose-lint.yml"),
    *("docker-compose.yml", "compose.prod.yml"),
    *(path.name for path in _ROOT.glob("Dockerfile.*")),
]


@dataclass(frozen=True)
class _Checkout:
    folder: Path

    def put(self, path: str, old: str, new: str) -> None:
        """Write something else into a file that must hold the old text."""
        file = self.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def check(self) -> subprocess.CompletedProcess[str]:
        """Run the checks; a `docker` in the folder `bin` goes before the machine's."""
        return subprocess.run(  # noqa: S603 -- a copy of our own script
            [str(self.folder / "scripts" / "check-deploy")],
            env={**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> _Checkout:
    """Give a copy of everything that is checked."""
    for name in _CHECKED:
        source, target = _ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    (tmp_path / ".venv").symlink_to(_ROOT / ".venv")
    return _Checkout(tmp_path)


def test_the_files_as_they_are_pass(checkout: _Checkout) -> None:
    """Nothing is found in what is committed."""
    result = checkout.check()

    assert result.returncode == 0, result.stdout + result.stderr


def _has_compose() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    version = subprocess.run(  # noqa: S603 -- the machine's own docker
        [docker, "compose", "version"], capture_output=True, check=False
    )
    return version.returncode == 0


_NEEDS_COMPOSE = pytest.mark.skipif(
    not _has_compose(), reason="there is no docker compose here"
)

_CHECKOUT_STEP = "persist-credentials: false"
_BREAKS = [
    pytest.param(
        *("Dockerfile.store", "WORKDIR /src", "WORKDIR src", "DL3000"), id="hadolint"
    ),
    pytest.param(
        *("docker-compose.yml", "cap_drop: [ALL]", "cap_dorp: [ALL]", "cap_dorp"),
        id="an unknown key",
    ),
    pytest.param(
        *("docker-compose.yml", "cap_drop: [ALL]", "cap_drop: []", "CL-0006"),
        id="all capabilities",
    ),
    pytest.param(
        *("docker-compose.yml", '"127.0.0.1:', '"0.0.0.0:', "CL-0005"),
        id="a port for everybody",
    ),
    pytest.param(
        *("compose.prod.yml", "networks: [edge]", "networks: [egde]", "egde"),
        id="an unknown network",
        marks=_NEEDS_COMPOSE,
    ),
    pytest.param(
        *("compose.prod.yml", "cap_drop: [ALL]", "privileged: true", "CL-0002"),
        id="a privileged edge",
        marks=_NEEDS_COMPOSE,
    ),
    pytest.param(
        *("deploy/caddy/Caddyfile", "reverse_proxy", "reverse_porxy", "reverse_porxy"),
        id="caddy validate",
    ),
    pytest.param(
        *("deploy/caddy/Caddyfile", "\treverse_proxy", "reverse_proxy", "formatted"),
        id="caddy fmt",
    ),
    pytest.param(
        *("deploy/fly/deploy", 'cd "$(dirname "$0")', "cd $(dirname $0)", "SC2046"),
        id="shellcheck",
    ),
    pytest.param(
        *(".github/workflows/check.yml", "timeout-minutes", "timeout-hours", "hours"),
        id="the schema of workflows",
    ),
    pytest.param(
        *(".github/workflows/check.yml", "matrix.python", "matrix.pyhton", "pyhton"),
        id="actionlint",
    ),
    pytest.param(
        *(".github/workflows/check.yml", _CHECKOUT_STEP, "clean: true", "artipacked"),
        id="zizmor",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "words"), _BREAKS)
def test_a_broken_file_is_found(
    checkout: _Checkout, path: str, old: str, new: str, words: str
) -> None:
    """Each tool is there, is run on its files, and its word ends the check."""
    checkout.put(path, old, new)

    result = checkout.check()

    assert result.returncode != 0
    assert words in result.stdout + result.stderr


def test_a_machine_without_compose_is_told_loudly(checkout: _Checkout) -> None:
    """What could not be checked is said, and nothing claims that it was."""
    (checkout.folder / "bin").mkdir()
    docker = checkout.folder / "bin" / "docker"
    docker.write_text("#!/bin/sh\nexit 1\n")
    docker.chmod(0o755)

    result = checkout.check()

    assert result.returncode == 0, result.stdout + result.stderr
    assert "NOT CHECKED" in result.stderr
