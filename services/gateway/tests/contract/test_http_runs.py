"""Runs over HTTP: create, read, list, cancel, delete."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from roundtable_gateway.domain.run import Engine, RunState
from services.gateway.tests.support.http_harness import (
    WRITE,
    Gateway,
    catalogue,
    store_away,
)
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.samples import run_summary

_RUN_FIELDS = {
    *(
        "id",
        "state",
        "reason",
        "stage",
        "pause",
        "queue_position",
        "engine",
        "effort",
        "mode",
    ),
    *("discussion_rounds", "control", "brief", "budget", "document", "panelists"),
    *("turns", "findings", "clusters", "agenda", "stances", "decision", "synthesis"),
    *("usage", "manifest", "last_sequence", "create_time", "start_time", "end_time"),
    *("rubric", "reopen_time", "coverage", "current_decision"),
}


async def _document_id(gateway: Gateway) -> str:
    response = await gateway.http.post(
        "/api/v1/documents", headers=WRITE, json={"title": "Plan", "text": "Ship it."}
    )
    return str(response.json()["id"])


async def _body(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": await _document_id(gateway),
        "panel_id": catalogue().panels()[0].id,
        "mode": "review",
        **changes,
    }


async def _create(
    gateway: Gateway, body: object, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await gateway.http.post(
        "/api/v1/runs", headers={**WRITE, **(headers or {})}, json=body
    )


async def test_created_run_is_answered_whole(gateway: Gateway) -> None:
    """201, every field of the contract, and the conductor hears of it."""
    response = await _create(gateway, await _body(gateway))

    run = response.json()
    assert response.status_code == 201
    assert run.keys() == _RUN_FIELDS
    assert (run["state"], run["stage"], run["engine"]) == (
        *("pending", "intake", "rehearsal"),
    )
    assert run["brief"]["document_type"] == "other"
    assert run["create_time"].endswith("Z")
    assert gateway.notices.new == [run["id"]]


async def test_panels_seats_become_lettered_panelists(gateway: Gateway) -> None:
    """Each seat has a letter and its persona, whole and pinned."""
    panel = catalogue().panels()[0]

    run = (await _create(gateway, await _body(gateway))).json()

    assert [each["persona"]["id"] for each in run["panelists"]] == [
        seat.persona_id for seat in panel.seats
    ]
    assert [each["id"] for each in run["panelists"]] == list(
        "ABCDEFGHIJKLMNOP"[: len(panel.seats)]
    )
    assert run["panelists"][0]["persona"]["background"]


async def test_personas_and_model_can_be_named(gateway: Gateway) -> None:
    """Without a panel the personas sit in the order given, on the run's model."""
    ids = [each.id for each in catalogue().personas()[:2]][::-1]
    body = await _body(gateway, persona_ids=ids, model="claude-haiku")
    del body["panel_id"]

    run = (await _create(gateway, body)).json()

    assert [each["persona"]["id"] for each in run["panelists"]] == ids
    assert {each["model"] for each in run["panelists"]} == {"claude-haiku"}


async def test_document_type_picks_the_rubric(gateway: Gateway) -> None:
    """The brief and the budget are kept as given."""
    brief = {"document_type": "contract", "audience": "Lawyers"}
    budget = {"turns": 3, "cost_usd": 1.5}

    run = (
        await _create(gateway, await _body(gateway, brief=brief, budget=budget))
    ).json()

    assert run["rubric"]["document_type"] == "contract"
    assert run["brief"]["audience"] == "Lawyers"
    assert run["brief"]["goal"] is None
    assert run["budget"] == budget


async def test_engine_is_pinned_from_the_account_unless_asked(gateway: Gateway) -> None:
    """An account answers; a rehearsal can be asked for."""
    gateway.engines.engine = Engine.CLAUDE

    by_account = (await _create(gateway, await _body(gateway))).json()
    asked = (await _create(gateway, await _body(gateway, engine="rehearsal"))).json()

    assert (by_account["engine"], asked["engine"]) == ("claude", "rehearsal")


@pytest.mark.parametrize("effort", [None, "low", "medium", "high"])
async def test_effort_is_in_every_view_of_the_run(
    gateway: Gateway, effort: str | None
) -> None:
    """As it was asked for, in the answer, in the run and in its export."""
    body = await _body(gateway, effort=effort)

    created = (await _create(gateway, body)).json()

    path = f"/api/v1/runs/{created['id']}"
    read = (await gateway.http.get(path)).json()
    exported = (await gateway.http.get(f"{path}/export?format=json")).json()
    assert [each["effort"] for each in (created, read, exported)] == [effort] * 3


_MANY = [f"persona-{number}" for number in range(17)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_id": "doc_none"}, "document_id"),
        ({"document_id": 7}, "document_id"),
        ({"panel_id": "none"}, "panel_id"),
        ({"panel_id": None}, "body"),
        ({"panel_id": None, "persona_ids": []}, "persona_ids"),
        ({"panel_id": None, "persona_ids": _MANY}, "persona_ids"),
        ({"panel_id": None, "persona_ids": ["none"]}, "persona_ids"),
        ({"persona_ids": ["ciso"]}, "body"),
        ({"mode": "chat"}, "mode"),
        ({"discussion_rounds": 1}, "discussion_rounds"),
        ({"discussion_rounds": 3}, "discussion_rounds"),
        ({"mode": "roundtable", "discussion_rounds": -1}, "discussion_rounds"),
        ({"control": "perhaps"}, "control"),
        ({"engine": "claude"}, "engine"),
        ({"effort": "heroic"}, "effort"),
        ({"effort": ""}, "effort"),
        ({"model": ""}, "model"),
        ({"model": "--help"}, "model"),
        ({"model": "a b;"}, "model"),
        ({"brief": {"document_type": "poem"}}, "brief.document_type"),
        ({"brief": {"colour": "red"}}, "brief.colour"),
        ({"brief": {"goal": "x" * 4_001}}, "brief.goal"),
        ({"budget": {"turns": 0}}, "budget.turns"),
        ({"budget": {"turns": 2**40}}, "budget.turns"),
        ({"budget": {"cost_usd": 0}}, "budget.cost_usd"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
async def test_wrong_field_of_a_run_is_named(
    gateway: Gateway, changes: dict[str, Any], field: str
) -> None:
    """422, and nothing was created."""
    response = await _create(gateway, await _body(gateway, **changes))

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]
    assert gateway.runs.logs == {}


async def test_persona_does_not_sit_twice(gateway: Gateway) -> None:
    """No persona and model pair twice."""
    some = catalogue().personas()[0].id
    body = await _body(gateway, panel_id=None, persona_ids=[some, some])

    response = await _create(gateway, body)

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["persona_ids"]


@pytest.mark.parametrize("number", ["Infinity", "NaN", "1e999"])
async def test_budget_beyond_numbers_is_refused(gateway: Gateway, number: str) -> None:
    """Python reads them in JSON, and nothing behind could keep them."""
    body = json.dumps(await _body(gateway, budget={"cost_usd": 0.25}))

    response = await gateway.http.post(
        "/api/v1/runs",
        headers={**WRITE, "Content-Type": "application/json"},
        content=body.replace("0.25", number),
    )

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["budget.cost_usd"]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b"nope"])
async def test_body_that_is_no_json_is_malformed(
    gateway: Gateway, content: bytes
) -> None:
    """400, however it is broken."""
    response = await gateway.http.post(
        "/api/v1/runs",
        headers={**WRITE, "Content-Type": "application/json"},
        content=content,
    )

    check_problem(response, 400, "MALFORMED_JSON")


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data", ""])
async def test_body_of_another_type_is_unsupported(
    gateway: Gateway, media_type: str
) -> None:
    """Runs are asked for in JSON."""
    response = await gateway.http.post(
        "/api/v1/runs",
        headers={**WRITE, "Content-Type": media_type},
        content=b"{}",
    )

    check_problem(response, 415, "UNSUPPORTED_BODY")


@pytest.mark.parametrize("is_declared", [True, False])
async def test_huge_body_is_refused(gateway: Gateway, is_declared: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Nobody can fill the memory by a brief, declared or in chunks."""
    huge = b'{"brief": "' + b"x" * 1_000_000 + b'"}'

    async def chunks() -> Any:
        yield huge

    response = await gateway.http.post(
        "/api/v1/runs",
        headers={**WRITE, "Content-Type": "application/json"},
        content=huge if is_declared else chunks(),
    )

    check_problem(response, 413, "BODY_TOO_LARGE")


async def test_same_key_answers_the_same_run(gateway: Gateway) -> None:
    """Asked again, nothing new begins; another body is refused."""
    body = await _body(gateway)
    key = {"Idempotency-Key": "k1"}

    first = await _create(gateway, body, key)
    again = await _create(gateway, body, key)
    other = await _create(gateway, {**body, "model": "m"}, key)

    assert (again.status_code, again.json()) == (201, first.json())
    check_problem(other, 409, "IDEMPOTENCY_KEY_REUSED")


async def test_key_in_flight_is_refused_until_it_is_answered(gateway: Gateway) -> None:
    """The second request is told to wait, not let in."""
    body, key = await _body(gateway), {"Idempotency-Key": "k1"}
    gateway.runs.create_gate = asyncio.Event()
    first = asyncio.create_task(_create(gateway, body, key))
    await gateway.runs.creating.wait()

    second = await _create(gateway, body, key)
    gateway.runs.create_gate.set()

    check_problem(second, 409, "IDEMPOTENCY_KEY_IN_FLIGHT")
    assert (await first).status_code == 201
    assert (await _create(gateway, body, key)).status_code == 201


async def test_run_is_read_whole(gateway: Gateway) -> None:
    """The run as the store has it, its lists included."""
    gateway.runs.add(run_summary("run_1"))

    body = (await gateway.http.get("/api/v1/runs/run_1")).json()

    assert body.keys() == _RUN_FIELDS
    assert body["turns"] == body["findings"] == body["stances"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/runs/run_1"),
        ("GET", "/api/v1/runs/run_1/events"),
        ("GET", "/api/v1/runs/run_1/export?format=md"),
        ("POST", "/api/v1/runs/run_1/cancel"),
        ("DELETE", "/api/v1/runs/run_1"),
    ],
)
async def test_anothers_run_is_not_found(
    gateway: Gateway, method: str, path: str
) -> None:
    """Not there or not yours: the same answer."""
    gateway.runs.add(run_summary("run_1"), owner="other@example.com")

    response = await gateway.http.request(method, path, headers=WRITE)

    check_problem(response, 404, "RUN_NOT_FOUND")
    assert gateway.notices.cancelled == []


async def test_runs_are_listed_and_narrowed(gateway: Gateway) -> None:
    """Newest first, by words of the title, state and document, page by page."""
    for number in range(3):
        gateway.runs.add(run_summary(f"run_{number}"))
    ended = replace(run_summary("run_9"), state=RunState.SUCCEEDED)
    gateway.runs.add(ended)

    async def ids(**params: Any) -> list[str]:
        page = (await gateway.http.get("/api/v1/runs", params=params)).json()
        assert page.keys() == {"runs", "next_page_token"}
        return [each["id"] for each in page["runs"]]

    assert await ids() == ["run_9", "run_2", "run_1", "run_0"]
    assert await ids(state="succeeded") == ["run_9"]
    assert await ids(query="BACKUP", page_size=1) == ["run_9"]
    assert await ids(query="none") == []
    assert await ids(document_id="doc_2") == []
    listed = (await gateway.http.get("/api/v1/runs")).json()["runs"][0]
    assert listed.keys() == _RUN_FIELDS - {
        *("turns", "findings", "clusters", "agenda", "stances", "decision"),
        *("synthesis", "coverage", "current_decision"),
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=resting", "state"),
        ("page_size=0", "page_size"),
        ("query=" + "x" * 201, "query"),
    ],
)
async def test_wrong_filter_is_named(gateway: Gateway, query: str, field: str) -> None:
    """A filter that nothing could match is an error, not an empty list."""
    response = await gateway.http.get(f"/api/v1/runs?{query}")

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]


async def test_cancel_is_passed_on_and_may_be_repeated(gateway: Gateway) -> None:
    """202 with the run; asked again nothing changes; after the end 409."""
    gateway.runs.add(run_summary("run_1"))

    first = await gateway.http.post("/api/v1/runs/run_1/cancel", headers=WRITE)
    again = await gateway.http.post("/api/v1/runs/run_1/cancel", headers=WRITE)
    gateway.runs.rest("run_1")
    late = await gateway.http.post("/api/v1/runs/run_1/cancel", headers=WRITE)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == "run_1"
    check_problem(late, 409, "RUN_ENDED")
    assert gateway.notices.cancelled == ["run_1", "run_1"]


async def test_run_is_deleted_at_rest_only(gateway: Gateway) -> None:
    """409 while it goes on, then 204, then 404."""
    gateway.runs.add(run_summary("run_1"))

    early = await gateway.http.delete("/api/v1/runs/run_1", headers=WRITE)
    gateway.runs.rest("run_1")
    done = await gateway.http.delete("/api/v1/runs/run_1", headers=WRITE)
    again = await gateway.http.delete("/api/v1/runs/run_1", headers=WRITE)

    check_problem(early, 409, "RUN_NOT_AT_REST")
    assert (done.status_code, done.content) == (204, b"")
    check_problem(again, 404, "RUN_NOT_FOUND")


@pytest.mark.parametrize("which", ["runs", "documents", "engines"])
async def test_service_that_is_away_is_a_503(gateway: Gateway, which: str) -> None:
    """Whatever is missing for a run: nothing is created, ask again later."""
    body = await _body(gateway)
    getattr(gateway, which).error = store_away()

    response = await _create(gateway, body)

    check_problem(response, 503, "UNREACHABLE")
    assert response.headers["retry-after"]
    assert gateway.notices.new == []
