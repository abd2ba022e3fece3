"""One set of images and one running composition, shared by the tests of containers."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import docker
import pytest

from support.composition import IMAGES, Composition
from support.visitor import Visitor

_ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Containers take longer than the tests that start none."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(420))


@pytest.fixture(scope="session", autouse=True)
def engine() -> docker.DockerClient:
    """Return the Docker engine; these tests are run only where there is one."""
    try:
        return docker.from_env()
    except docker.errors.DockerException as error:
        pytest.fail(f"no Docker engine answers, so no container was tested: {error}")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return _ROOT


@pytest.fixture(scope="session")
def sample() -> Path:
    """Return the bundled sample with planted flaws."""
    return _ROOT / "samples" / "cloud-backup-launch.md"


@pytest.fixture(scope="session")
def composition(
    tmp_path_factory: pytest.TempPathFactory, engine: docker.DockerClient
) -> Iterator[Composition]:
    """Return the product, built and healthy, as `docker compose up --build` has it."""
    variables = {"COMPOSE_PROJECT_NAME": f"roundtable-test-{os.getpid()}", **IMAGES}
    folder = tmp_path_factory.mktemp("compose")
    with Composition(_ROOT, variables, folder=folder) as composition:
        composition.build()
        composition.up()
        yield composition


@pytest.fixture
async def visitor(composition: Composition) -> AsyncIterator[Visitor]:
    """Return a person's program that knows the published port and nothing else."""
    composition.up()
    async with Visitor(composition.url) as visitor:
        yield visitor
