"""The whole process over the real parts: by HTTP, in the real store."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from roundtable.runner.v1 import runner_service_pb2
from roundtable_gateway.app import GatewayApp
from services.gateway.tests.support.fake_runner_service import FakeRunnerService
from services.gateway.tests.support.http_harness import catalogue
from services.gateway.tests.support.samples import TEXT
from services.gateway.tests.support.viewer import view
from services.gateway.tests.support.wired_gateway import Panel, run_gateway

_PERSONAS = [persona.id for persona in catalogue().personas()[:3]]


@pytest.fixture
def panel() -> Panel:
    """What the turns are answered."""
    return Panel()


class _Author:
    """Somebody who sends documents past a panel and waits for the end."""

    def __init__(self, app: GatewayApp, client: httpx.AsyncClient) -> None:
        self._app, self.http = app, client

    async def document(self, text: str = TEXT, *, revises: str | None = None) -> str:
        """Upload a document, or a revision of one."""
        path = f"documents/{revises}/revisions" if revises else "documents"
        response = await self.http.post(
            f"/api/v1/{path}", json={"title": "Plan", "text": text}
        )
        return str(response.json()["id"])

    async def run(self, document_id: str, **options: Any) -> dict[str, Any]:
        """Create a roundtable and return it as it ended."""
        body = {"document_id": document_id, "persona_ids": _PERSONAS, **options}
        response = await self.http.post(
            "/api/v1/runs", json={"mode": "roundtable", **body}
        )
        assert response.status_code == 201, response.text
        return await self.ended(response.json()["id"])

    async def ended(self, run_id: str) -> dict[str, Any]:
        """Return a run once it is at rest."""
        async with view(self._app.port, run_id=run_id) as viewer:
            await viewer.to_the_end()
        assert viewer.is_clean
        return await self.get(f"runs/{run_id}")

    async def get(self, path: str) -> dict[str, Any]:
        """Read something."""
        response = await self.http.get(f"/api/v1/{path}")
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    async def reject(self, run: dict[str, Any], finding_id: str) -> None:
        """Reject a finding."""
        response = await self.http.put(
            f"/api/v1/runs/{run['id']}/findings/{finding_id}/disposition",
            json={"disposition": "rejected", "reason": "Restored in May."},
        )
        assert response.status_code == 200, response.text


@pytest.fixture
async def author(tmp_path: Path, panel: Panel) -> AsyncIterator[_Author]:
    """An author at a gateway whose runner answers as the panel."""
    runner = FakeRunnerService()
    runner.account = runner_service_pb2.ACCOUNT_TOKEN
    runner.answer_to = panel
    async with run_gateway(tmp_path, runner) as (app, client):
        yield _Author(app, client)


def _stages(run: dict[str, Any]) -> dict[str, str]:
    return {entry["stage"]: entry["result"] for entry in run["manifest"]}


async def test_roundtable_walks_every_stage(author: _Author) -> None:
    """A lone blocker is put together, discussed, decided on and summed up."""
    run = await author.run(await author.document())

    assert run["state"] == "succeeded", run["manifest"]
    assert set(_stages(run).values()) == {"ran"}
    assert len(_stages(run)) == 8
    assert [cluster["found_by"] for cluster in run["clusters"]] == ["panel"]
    assert [item["reason"] for item in run["agenda"]] == ["LONE_BLOCKER"]
    assert run["synthesis"]["text"] == "Mend it."
    assert run["coverage"] == [
        {
            "first_paragraph_id": "P1",
            "last_paragraph_id": "P2",
            "read_by": ["A", "B", "C"],
            "swept_by": [],
        }
    ]
    assert (await author.get(f"runs/{run['id']}/decision"))["is_same"] is True


async def test_retry_asks_again_only_what_failed(author: _Author, panel: Panel) -> None:
    """The run ends anew, and whoever had answered is not asked twice."""
    panel.broken = ("-1-B",)
    broken = await author.run(await author.document(), control=False)
    asked_before = len(panel.asked)
    panel.broken = ()

    response = await author.http.post(f"/api/v1/runs/{broken['id']}/retry")
    again = await author.ended(broken["id"])

    assert (broken["state"], response.status_code) == ("incomplete", 202)
    assert again["state"] == "succeeded", again["manifest"]
    assert again["reopen_time"] is not None
    later = panel.asked[asked_before:]
    assert f"{broken['id']}-1-B" in later
    assert not {f"{broken['id']}-1-{seat}" for seat in "AC"} & set(later)
    assert (await author.get(f"runs/{broken['id']}/decision"))["is_same"] is True


async def test_panelists_answer_after_the_end(author: _Author) -> None:
    """Each as a turn of the run, which ends no second time."""
    run = await author.run(await author.document())

    response = await author.http.post(
        f"/api/v1/runs/{run['id']}/questions",
        json={"panelist_id": None, "text": "Why?"},
    )
    answered = await author.ended(run["id"])

    assert response.status_code == 202, response.text
    answers = [turn for turn in answered["turns"] if turn["kind"] == "answer"]
    assert [(turn["panelist_id"], turn["state"]) for turn in answers] == [
        (seat, "succeeded") for seat in "ABC"
    ]
    assert {(turn["text"], turn["question"]) for turn in answers} == {
        ("Because nobody tried.", "Why?")
    }
    assert answered["end_time"] == run["end_time"]


async def test_authors_answer_moves_what_is_open_not_what_was_said(
    author: _Author,
) -> None:
    """The panel's decision stays; what is left of it stands beside."""
    run = await author.run(await author.document())

    await author.reject(run, "A1")

    after = await author.get(f"runs/{run['id']}")
    assert after["decision"] == run["decision"]
    assert (run["current_decision"], run["decision"]["outcome"]) == (None, "rework")
    assert after["current_decision"]["outcome"] != "rework"
    assert (await author.get(f"runs/{run['id']}/decision"))["is_same"] is True


async def test_author_has_no_part_in_what_the_panel_decides(
    author: _Author, panel: Panel
) -> None:
    """What was rejected before a retry is open to the panel all the same."""
    panel.broken = ("-1-B",)
    broken = await author.run(await author.document(), control=False)
    await author.reject(broken, "A1")
    panel.broken = ()

    await author.http.post(f"/api/v1/runs/{broken['id']}/retry")
    again = await author.ended(broken["id"])

    assert (again["decision"]["outcome"], again["decision"]["blockers"]) == (
        *("rework", ["A1"]),
    )
    assert again["current_decision"]["outcome"] == "ship"
    assert (await author.get(f"runs/{again['id']}/decision"))["is_same"] is True


async def test_rejected_point_does_not_come_again(author: _Author) -> None:
    """A later run on a revision has it as rejected, and a comparison says so."""
    document = await author.document()
    first = await author.run(document)
    await author.reject(first, "A1")
    revision = await author.document(f"{TEXT}\n\nNow with an annex.", revises=document)

    second = await author.run(revision)

    (finding,) = second["findings"]
    assert (finding["disposition"], finding["rejected_in_run_id"]) == (
        *("rejected", first["id"]),
    )
    assert second["decision"]["blockers"] == []
    comparison = await author.get(f"runs/{second['id']}/compare?with={first['id']}")
    assert comparison["rejected_before"] == [
        {
            "old_finding_id": "A1",
            "new_finding_id": "A1",
            "reason": "SAME_WORDS_REJECTED",
        }
    ]
