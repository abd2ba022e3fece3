"""The gateway as it is wired: real store, real HTTP, a runner on the wire."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from roundtable.runner.v1 import runner_service_pb2
from roundtable_gateway.app import GatewayApp
from services.gateway.tests.support.fake_runner_service import FakeRunnerService
from services.gateway.tests.support.http_harness import catalogue
from services.gateway.tests.support.part_messages import part_to_proto
from services.gateway.tests.support.samples import TEXT, answer
from services.gateway.tests.support.viewer import view
from services.gateway.tests.support.wired_gateway import Panel, run_gateway


@pytest.fixture
def runner() -> FakeRunnerService:
    """A runner that answers every turn, on a token."""
    service = FakeRunnerService()
    service.answer_to = Panel()
    service.account = runner_service_pb2.ACCOUNT_TOKEN
    return service


@pytest.fixture
async def app(
    tmp_path: Path, runner: FakeRunnerService
) -> AsyncIterator[tuple[GatewayApp, httpx.AsyncClient]]:
    """A started gateway and a client of it."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "upload-left").write_text("what a killed gateway left")
    async with run_gateway(tmp_path, runner) as started:
        yield started


async def _create_run(client: httpx.AsyncClient) -> dict[str, Any]:
    document = await client.post(
        "/api/v1/documents", json={"title": "Plan", "text": TEXT}
    )
    run = await client.post(
        "/api/v1/runs",
        json={
            "document_id": document.json()["id"],
            "persona_ids": [each.id for each in catalogue().personas()[:2]],
            "mode": "review",
        },
    )
    assert run.status_code == 201, run.text
    body: dict[str, Any] = run.json()
    return body


async def test_run_goes_from_a_paste_to_a_decision(
    app: tuple[GatewayApp, httpx.AsyncClient], runner: FakeRunnerService
) -> None:
    """Document, run, live events, decision, report: over the real parts."""
    started, client = app
    run = await _create_run(client)

    async with view(started.port, run_id=run["id"]) as viewer:
        await viewer.to_the_end()

    ended = (await client.get(f"/api/v1/runs/{run['id']}")).json()
    report = await client.get(f"/api/v1/runs/{run['id']}/export?format=md")
    assert viewer.is_clean
    assert viewer.sequences == list(range(1, ended["last_sequence"] + 1))
    assert viewer.data[-1]["type"] == "run.succeeded"
    assert (ended["state"], ended["engine"]) == ("succeeded", "claude")
    assert ended["decision"]["outcome"] == "rework"
    assert {each["verified"] for each in ended["findings"]} == {True}
    assert "Absolute claim" in report.text
    kinds = [each.WhichOneof("task") for each in runner.starts]
    assert kinds == ["review", "review", "synthesis"]
    health = (await client.get("/health")).json()
    assert (health["status"], health["services"]["persona_runner"]["account"]) == (
        *("ok", "token"),
    )


async def test_stop_ends_open_streams_cleanly(
    app: tuple[GatewayApp, httpx.AsyncClient], runner: FakeRunnerService
) -> None:
    """A viewer of a run that goes on is told; the run is left as it is."""
    started, client = app
    runner.answer_to = None
    runner.parts = list(map(part_to_proto, answer()))[:1]  # never comes to an end
    run = await _create_run(client)

    async with view(started.port, run_id=run["id"]) as viewer:
        await viewer.until("turn.delta")
        await started.stop()
        await viewer.to_the_end()

    assert viewer.frames[-1] == "event: closing\ndata: {}"
    assert viewer.is_clean


async def test_no_upload_outlives_its_request(
    app: tuple[GatewayApp, httpx.AsyncClient], tmp_path: Path
) -> None:
    """Neither a killed gateway's, nor our own; and nobody else may look."""
    _, client = app

    await _create_run(client)

    uploads = tmp_path / "uploads"
    assert list(uploads.iterdir()) == []
    assert uploads.stat().st_mode & 0o777 == 0o700
