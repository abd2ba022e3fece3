"""docker-bake.hcl builds what compose starts."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.composition import IMAGES, SERVICES, Composition

_DOCKER = shutil.which("docker") or "docker"


def _baked(root: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - the engine's own program
        (_DOCKER, "buildx", "bake", "--print"),
        cwd=root,
        env={**os.environ, **variables},
        capture_output=True,
        check=True,
    )
    targets: dict[str, Any] = json.loads(done.stdout)["target"]
    return targets


@pytest.mark.parametrize("images", [{}, IMAGES], ids=["unset", "set"])
def test_bake_builds_what_compose_starts(
    images: dict[str, str], root: Path, tmp_path: Path
) -> None:
    """Three images for both architectures, under the names that compose looks for."""
    variables = {"COMPOSE_PROJECT_NAME": f"roundtable-bake-{os.getpid()}", **images}
    with Composition(root, variables, folder=tmp_path) as composition:
        config = json.loads(composition.command("config", "--format", "json"))
    services = config["services"]

    targets = _baked(root, images)

    assert targets.keys() == set(SERVICES)
    for service in SERVICES:
        target, composed = targets[service], services[service]
        assert target["platforms"] == ["linux/amd64", "linux/arm64"]
        assert target["tags"] == [composed["image"]]
        assert target["dockerfile"] == composed["build"]["dockerfile"]
        assert (root / target["context"]).resolve() == Path(
            composed["build"]["context"]
        )
