"""The product on arm64, as on an ARM server: built for it, healthy, at work."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from support.composition import IMAGES, SERVICES, Composition
from support.visitor import Visitor, check_history

_PLATFORM = "linux/arm64"
# A check takes 8 s of an emulated processor: once well, they leave it to the work.
_OVERRIDE = f"""
x-emulated: &emulated {{ platform: {_PLATFORM}, healthcheck: {{ interval: 5m }} }}
services:
  certs: {{ platform: {_PLATFORM} }}
  gateway: *emulated
  persona-runner: *emulated
  store: *emulated
"""
_TEXT = "Our backup is the most secure ever built. It will always be available."


def _base_image(root: Path) -> str:
    """Return what the images stand on."""
    froms = re.findall(
        r"^FROM (\S+)$", (root / "Dockerfile.store").read_text(), re.MULTILINE
    )
    base: str = froms[-1]
    return base


@pytest.fixture(scope="module")
def _can_run(engine: docker.DockerClient, root: Path) -> None:
    """Skip where neither the machine nor an emulator runs arm64's programs."""
    try:
        machine = engine.containers.run(
            _base_image(root), ["uname", "-m"], platform=_PLATFORM, remove=True
        )
    except docker.errors.DockerException as error:
        if "exec format error" not in str(error):
            raise
        pytest.skip(
            "NOT TESTED ON arm64: this engine can't run its programs; register an "
            "emulator (docker run --privileged --rm tonistiigi/binfmt --install arm64)"
        )
    assert machine.strip() == b"aarch64"


@pytest.fixture(scope="module")
def emulated(
    _can_run: None, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composition]:
    """Return the product, built for arm64 and healthy there."""
    folder = tmp_path_factory.mktemp("arm64")
    override = folder / "arm64.yml"
    override.write_text(_OVERRIDE)
    variables = {
        "COMPOSE_PROJECT_NAME": f"roundtable-arm64-{os.getpid()}",
        "ROUNDTABLE_IMAGES": IMAGES["ROUNDTABLE_IMAGES"],
        "ROUNDTABLE_VERSION": "test-arm64",
        # An emulated CLI takes 5 s of a processor to start.
        "ROUNDTABLE_RUNNER_WARM": "0",
    }
    files = ("docker-compose.yml", str(override))
    with Composition(root, variables, folder=folder, files=files) as emulated:
        emulated.build()
        emulated.up()
        yield emulated


# The images are built here too, partly under emulation.
@pytest.mark.timeout(1200)
async def test_a_run_comes_to_its_decision_on_arm64(emulated: Composition) -> None:
    """Each service's own Python is arm64's, and together they review."""
    machines = {
        service: emulated.python(service, "import platform; print(platform.machine())")
        for service in SERVICES
    }
    async with Visitor(emulated.url) as visitor:
        document_id = await visitor.paste(_TEXT)
        run = await visitor.start(document_id, persona_ids=["plain_reader"])
        # The seat, then the moderator: two CLI processes start under emulation.
        events = await visitor.follow(run["id"], seconds=480)
        ended = await visitor.run(run["id"])

    assert {outcome.output.strip() for outcome in machines.values()} == {"aarch64"}
    check_history(events)
    assert (ended["state"], ended["engine"]) == ("succeeded", "rehearsal")
    assert ended["decision"]["seats_finished"] == 1
