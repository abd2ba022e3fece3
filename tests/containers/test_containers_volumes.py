"""What outlives the containers."""

import asyncio
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.composition import IMAGES, Composition
from support.visitor import Visitor, check_history

_VOLUMES = Path(__file__).parent / "volumes"


async def test_documents_and_certificates_survive_down_and_up(
    composition: Composition, visitor: Visitor, sample: Path
) -> None:
    """New containers find what the old ones left in the named volumes."""
    document_id = await visitor.upload(sample)
    certificate = composition.inside("store", "cat", "/certificates/service.crt")

    composition.down()
    composition.up()

    async with Visitor(composition.url) as later:
        response = await later.http.get(f"/documents/{document_id}/content")
    assert response.content == await asyncio.to_thread(sample.read_bytes)
    again = composition.inside("store", "cat", "/certificates/service.crt")
    assert again == certificate


@pytest.fixture
def upgraded(tmp_path: Path, composition: Composition) -> Iterator[Composition]:
    """Return a composition whose store has no data yet; the other one is stopped."""
    composition.command("stop")
    variables = {"COMPOSE_PROJECT_NAME": f"roundtable-upgrade-{os.getpid()}", **IMAGES}
    with Composition(composition.root, variables, folder=tmp_path) as upgraded:
        yield upgraded
    composition.up()


@pytest.mark.parametrize(
    "archive", sorted(_VOLUMES.glob("store-data-*.tar.gz")), ids=lambda path: path.name
)
async def test_a_volume_of_an_earlier_version_starts(
    archive: Path, upgraded: Composition, sample: Path
) -> None:
    """The store of an earlier version is migrated; its runs are there, new ones end."""
    upgraded.command("create", "--no-build")
    data = gzip.decompress(await asyncio.to_thread(archive.read_bytes))
    assert upgraded.container("store").put_archive("/data", data)

    upgraded.up()

    async with Visitor(upgraded.url) as visitor:
        listed = (await visitor.http.get("/runs")).json()["runs"]
        assert listed
        for kept in listed:
            run = await visitor.run(kept["id"])
            assert run["state"] == "succeeded"
            assert run["decision"] is not None
            assert run["findings"]
        new = await visitor.start(await visitor.upload(sample), panel_id="first_look")
        check_history(await visitor.follow(new["id"], seconds=240))
