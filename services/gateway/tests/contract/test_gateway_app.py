"""The gateway as it is wired: real store, real HTTP, a runner on the wire."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from roundtable.runner.v1 import runner_service_pb2
from roundtable_gateway.app import GatewayApp
from roundtable_gateway.settings import GatewaySettings
from services.gateway.tests.support.fake_runner_service import (
    FakeRunnerService,
    serve_runner,
)
from services.gateway.tests.support.http_harness import WRITE, catalogue
from services.gateway.tests.support.part_messages import part_to_proto
from services.gateway.tests.support.real_store import run_store
from services.gateway.tests.support.samples import TEXT, answer, draft
from services.gateway.tests.support.viewer import view


@pytest.fixture
def runner() -> FakeRunnerService:
    """A runner that answers every turn alike, on a token."""
    service = FakeRunnerService(list(map(part_to_proto, answer(draft()))))
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
    async with run_store(tmp_path) as store, serve_runner(runner):
        started = GatewayApp(
            GatewaySettings(
                data_dir=tmp_path,
                port=0,
                store_address=f"127.0.0.1:{store.app.port}",
                runner_address=f"127.0.0.1:{runner.port}",
                page_dir=tmp_path / "none",
            )
        )
        await started.start()
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{started.port}", headers=WRITE, trust_env=False
        ) as client:
            yield started, client
            await started.stop()


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
    assert ended["decision"]["outcome"] == "fix_then_ship"
    assert {each["verified"] for each in ended["findings"]} == {True}
    assert "Absolute claim" in report.text
    assert len(runner.starts) == 2
    health = (await client.get("/health")).json()
    assert (health["status"], health["services"]["persona_runner"]["account"]) == (
        *("ok", "token"),
    )


async def test_stop_ends_open_streams_cleanly(
    app: tuple[GatewayApp, httpx.AsyncClient], runner: FakeRunnerService
) -> None:
    """A viewer of a run that goes on is told; the run is left as it is."""
    started, client = app
    runner.parts = runner.parts[:1]  # never comes to an end
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
