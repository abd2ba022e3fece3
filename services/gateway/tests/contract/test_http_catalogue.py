"""Personas, panels, health and who is calling."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.run import Account, Engine
from services.gateway.tests.support.http_harness import (
    RUNNER,
    Gateway,
    catalogue,
    store_away,
)
from services.gateway.tests.support.problems import check_problem, wrong_fields

_UNTOLD = dict.fromkeys(("engine", "account", "since", "working"))


async def test_local_mode_knows_one_person(gateway: Gateway) -> None:
    """Whoever sits at the machine is its owner and administrator."""
    response = await gateway.http.get("/api/v1/me")

    assert response.json() == {
        "email": "owner@localhost",
        "role": "admin",
        "auth": "local",
    }


async def test_personas_come_page_by_page(gateway: Gateway) -> None:
    """Every persona once, in the catalogue's order, and a null token at the end."""
    ids: list[str] = []
    token = ""
    while token is not None:
        response = await gateway.http.get(
            "/api/v1/personas", params={"page_size": 3, "page_token": token}
        )
        page = response.json()
        assert len(page["personas"]) <= 3
        ids += [each["id"] for each in page["personas"]]
        token = page["next_page_token"]

    assert ids == [each.id for each in catalogue().personas()]


async def test_page_size_is_lowered_not_refused(gateway: Gateway) -> None:
    """Who asks for more than a hundred gets a hundred."""
    response = await gateway.http.get("/api/v1/personas", params={"page_size": 10**9})

    assert response.status_code == 200


@pytest.mark.parametrize("size", ["0", "-1", "many", "1.5", "9" * 5000])
async def test_page_size_that_is_none_is_refused(gateway: Gateway, size: str) -> None:
    """The field is named."""
    response = await gateway.http.get("/api/v1/personas", params={"page_size": size})

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["page_size"]


@pytest.mark.parametrize(
    "token",
    [
        *("x", "é", "own", "own.", "own.x", "shipped", "shipped.", "shipped.-1"),
        *("shipped.¹", "shipped.\u0661", ".1", "a" * 400, f"shipped.{'9' * 99}"),
    ],
)
@pytest.mark.parametrize("path", ["personas", "panels"])
async def test_page_token_of_nobody_is_refused(
    gateway: Gateway, path: str, token: str
) -> None:
    """A token is opaque: only those of the list itself are taken."""
    response = await gateway.http.get(f"/api/v1/{path}", params={"page_token": token})

    check_problem(response, 400, "BAD_PAGE_TOKEN")


async def test_personas_are_found_by_pack_and_words(gateway: Gateway) -> None:
    """Both narrow the list, case ignored."""
    some = catalogue().personas()[0]

    response = await gateway.http.get(
        "/api/v1/personas", params={"pack": some.pack, "query": some.name.upper()}
    )

    found = response.json()["personas"]
    assert some.id in [each["id"] for each in found]
    assert {each["pack"] for each in found} == {some.pack}


async def test_persona_is_returned_with_its_etag(gateway: Gateway) -> None:
    """All fields of the contract, and the version's tag as a header."""
    some = catalogue().personas()[0]

    response = await gateway.http.get(
        f"/api/v1/personas/{some.id}", params={"version": some.version}
    )

    body = response.json()
    assert response.headers["etag"] == f'"{some.etag}"'
    assert set(body) == {
        *("id", "version", "name", "role", "pack", "summary", "background"),
        *("priorities", "pet_peeves", "objections", "convinced_by", "voice"),
        *("influences", "authority", "owns", "ignores", "questions", "method"),
        *("strictness", "built_in", "etag"),
    }
    assert (body["id"], body["built_in"]) == (some.id, True)


async def test_persona_that_is_not_there_is_not_found(gateway: Gateway) -> None:
    """Neither an unknown id nor a version that was never made."""
    some = catalogue().personas()[0]

    unknown = await gateway.http.get("/api/v1/personas/no")
    version = await gateway.http.get(f"/api/v1/personas/{some.id}?version=999")

    check_problem(unknown, 404, "PERSONA_NOT_FOUND")
    check_problem(version, 404, "PERSONA_NOT_FOUND")


async def test_panels_are_listed_and_read(gateway: Gateway) -> None:
    """A panel has its seats, defaults and tag."""
    listed = (await gateway.http.get("/api/v1/panels")).json()["panels"]

    response = await gateway.http.get(f"/api/v1/panels/{listed[0]['id']}")

    assert response.json() == listed[0]
    assert response.headers["etag"] == f'"{listed[0]["etag"]}"'
    assert set(listed[0]) == {
        *("id", "name", "seats", "discussion_rounds", "control", "built_in", "etag"),
        "warnings",
    }
    assert set(listed[0]["seats"][0]) == {"persona_id", "model"}
    unknown = await gateway.http.get("/api/v1/panels/no")
    check_problem(unknown, 404, "PANEL_NOT_FOUND")


async def test_health_tells_of_all_services(gateway: Gateway) -> None:
    """All well: what would answer a new run stands there too."""
    gateway.engines.engine = Engine.CLAUDE
    gateway.engines.runner = replace(RUNNER, account=Account.TOKEN, is_working=True)

    response = await gateway.http.get("/health")

    body = response.json()
    assert response.status_code == 200
    assert body.keys() == {"status", "version", "services"}
    assert body["status"] == "ok"
    assert body["services"] == {
        "store": {"status": "ok"},
        "persona_runner": {
            "status": "ok",
            "engine": "claude",
            "account": "token",
            "since": "2026-01-01T12:00:00Z",
            "working": True,
        },
    }


async def test_health_without_runner_is_degraded(gateway: Gateway) -> None:
    """Runs can be read, not run."""
    gateway.peers.runner = False

    response = await gateway.http.get("/health")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    runner = response.json()["services"]["persona_runner"]
    assert runner == {"status": "down", **_UNTOLD}


async def test_health_without_store_is_down(gateway: Gateway) -> None:
    """503, and readiness says the same."""
    gateway.peers.store = False
    gateway.engines.error = store_away()

    response = await gateway.http.get("/health")
    readiness = await gateway.http.get("/readyz")
    liveness = await gateway.http.get("/livez")

    assert (response.status_code, response.json()["status"]) == (503, "down")
    assert (readiness.status_code, readiness.json()) == (503, {"status": "down"})
    assert liveness.status_code == 200


async def test_health_asks_no_more_of_a_store_that_is_away(gateway: Gateway) -> None:
    """A store that hangs costs one deadline, not one for each question to it."""
    gateway.peers.store = False

    response = await gateway.http.get("/health")

    runner = response.json()["services"]["persona_runner"]
    assert response.status_code == 503
    assert runner == {"status": "ok", **_UNTOLD}
    assert gateway.engines.questions == 0
