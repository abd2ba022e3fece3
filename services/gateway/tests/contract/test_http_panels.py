"""Panels that people put together, over the real store, and runs on them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.gateway.tests.support.http_harness import catalogue
from services.gateway.tests.support.library import LibraryClient, library_client
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.token_gateway import (
    ALICE,
    BOB,
    TokenGateway,
    serve_with_tokens,
)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[TokenGateway]:
    """A gateway that tells people apart."""
    async with serve_with_tokens(tmp_path) as served:
        yield served


@pytest.fixture
async def alice(door: TokenGateway) -> AsyncIterator[LibraryClient]:
    """Alice, signed in."""
    async with library_client(door, ALICE) as client:
        yield client


@pytest.fixture
async def bob(door: TokenGateway) -> AsyncIterator[LibraryClient]:
    """Bob, signed in."""
    async with library_client(door, BOB) as client:
        yield client


def _seat(persona_id: str, model: str | None = None) -> dict[str, Any]:
    return {"persona_id": persona_id, "model": model}


def _warnings(panel: dict[str, Any]) -> list[tuple[str, list[int]]]:
    return [(each["code"], each["seats"]) for each in panel["warnings"]]


async def test_panel_of_ones_own_seats_whom_one_likes(alice: LibraryClient) -> None:
    """Built-in and own personas, each with a model or the run's."""
    persona = await alice.write()
    seats = [_seat("ciso"), _seat(persona["id"], "opus")]

    response = await alice.http.post(
        "/api/v1/panels", json={"name": "Tenders", "seats": seats}
    )

    panel = response.json()
    assert response.status_code == 201
    assert response.headers["etag"] == f'"{panel["etag"]}"'
    assert panel == {
        "id": panel["id"],
        "name": "Tenders",
        "seats": seats,
        "discussion_rounds": 1,
        "control": True,
        "built_in": False,
        "etag": panel["etag"],
        "warnings": [],
    }
    read = await alice.http.get(f"/api/v1/panels/{panel['id']}")
    assert (read.json(), read.headers["etag"]) == (panel, response.headers["etag"])


async def test_own_panels_come_first_and_newest_first(alice: LibraryClient) -> None:
    """Pages of any size hold each once, with its warnings."""
    shipped = [each.id for each in catalogue().panels()]
    own = [
        (await alice.seat(_seat("ciso"), name=f"Panel {number}"))["id"]
        for number in range(3)
    ]

    for page_size in (1, 3, 4, 100):
        listed = await alice.every("panels", page_size=page_size)
        assert [each["id"] for each in listed] == [*own[::-1], *shipped]
        assert all(each["warnings"] == [] for each in listed[:3])


@pytest.mark.parametrize(
    ("changes", "field", "detail"),
    [
        ({"name": ""}, "name", "use at least 1"),
        ({"name": "Two\nlines"}, "name", "holds a line break"),
        ({"seats": []}, "seats", "holds 0 entries; list at least 1"),
        (
            {"seats": [_seat("ciso", f"m{n}") for n in range(17)]},
            "seats",
            "list at most 16",
        ),
        ({"seats": [_seat("ciso")] * 2}, "seats[1]", "is the same as seats[0]"),
        ({"seats": [_seat("nobody")]}, "seats[0].persona_id", "no persona 'nobody'"),
        ({"seats": [_seat("\ud800")]}, "seats[0].persona_id", "has another form"),
        ({"seats": [_seat("ciso", "--help")]}, "seats[0].model", "has another form"),
        ({"seats": [_seat("ciso", "opus\n")]}, "seats[0].model", "has another form"),
        ({"discussion_rounds": 3}, "discussion_rounds", "is 3; write at most 2"),
        ({"control": 1}, "control", "is not true or false"),
        ({"id": "mine"}, "id", "leave it out"),
    ],
    ids=range(12),
)
async def test_fault_of_a_panel_is_named_with_its_mend(
    alice: LibraryClient, changes: dict[str, Any], field: str, detail: str
) -> None:
    """The field, what is wrong with it, and what to write."""
    body = {"name": "Tenders", "seats": [_seat("ciso")], **changes}

    response = await alice.http.post(
        "/api/v1/panels",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert field in wrong_fields(problem)
    assert any(detail in each["detail"] for each in problem["errors"])


async def test_seats_that_own_the_same_ground_are_warned_of(
    alice: LibraryClient,
) -> None:
    """Same criteria in any order and the same method; no error."""
    first = await alice.write("Ann", owns=["cost", "risk"])
    second = await alice.write("Bea", owns=["risk", "cost"])
    other_method = await alice.write("Cid", owns=["risk", "cost"], method="attack")
    other_ground = await alice.write("Dee", owns=["risk"])
    everyone = (first, other_method, other_ground, second)

    panel = await alice.seat(*(_seat(each["id"], "opus") for each in everyone))

    assert _warnings(panel) == [("OVERLAP", [0, 3])]
    detail = panel["warnings"][0]["detail"]
    assert "Seats 1 (Ann) and 4 (Bea)" in detail
    assert "cost, risk" in detail
    assert "other criteria or another method" in detail
    assert (await alice.every("panels"))[0] == panel


async def test_copy_beside_its_original_is_warned_of(alice: LibraryClient) -> None:
    """Two names for one reader."""
    copy = (await alice.http.post("/api/v1/personas/ciso/copy")).json()

    panel = await alice.seat(_seat("ciso"), _seat(copy["id"]))

    assert _warnings(panel) == [("OVERLAP", [0, 1])]


async def test_council_is_no_overlap(alice: LibraryClient) -> None:
    """One persona on several models is a panel like any other."""
    council = await alice.seat(
        _seat("ciso", "opus"), _seat("ciso", "sonnet"), _seat("ciso", "haiku")
    )

    assert council["warnings"] == []


async def test_council_with_a_seat_of_no_model_is_warned_of(
    alice: LibraryClient,
) -> None:
    """The run's own model might be the other seat's."""
    panel = await alice.seat(_seat("ciso", "opus"), _seat("ciso"))

    assert _warnings(panel) == [("OVERLAP", [0, 1])]
    assert "Name a model for each." in panel["warnings"][0]["detail"]


async def test_panel_is_changed_from_what_was_read(alice: LibraryClient) -> None:
    """428 without If-Match, 412 with a stale one."""
    panel = await alice.seat(_seat("ciso"))
    path = f"/api/v1/panels/{panel['id']}"
    body = {"name": "Other", "seats": [_seat("cto")], "discussion_rounds": 0}
    match = {"If-Match": f'"{panel["etag"]}"'}

    missing = await alice.http.put(path, json=body)
    changed = await alice.http.put(path, json=body, headers=match)
    stale = await alice.http.put(path, json=body, headers=match)

    check_problem(missing, 428, "IF_MATCH_REQUIRED")
    check_problem(stale, 412, "ETAG_MISMATCH")
    assert changed.json()["seats"] == [_seat("cto")]
    assert changed.headers["etag"] != f'"{panel["etag"]}"'
    assert (await alice.http.get(path)).json() == changed.json()


async def test_built_in_panel_is_read_only(alice: LibraryClient) -> None:
    """The answer says how to have one like it."""
    shipped = catalogue().panels()[0]
    path = f"/api/v1/panels/{shipped.id}"
    body = {"name": "Mine", "seats": [_seat("cto")]}

    changed = await alice.http.put(path, json=body, headers={"If-Match": "*"})
    deleted = await alice.http.delete(path)

    for response in (changed, deleted):
        problem = check_problem(response, 403, "BUILT_IN_READ_ONLY")
        assert "copy it first" in problem["detail"]


async def test_panel_of_a_persona_keeps_it_from_the_archive(
    alice: LibraryClient,
) -> None:
    """The panel is named; once it is gone the persona may go."""
    persona = await alice.write()
    panel = await alice.seat(_seat(persona["id"]), name="Big table")
    path = f"/api/v1/personas/{persona['id']}"

    refused = await alice.http.delete(path)
    deleted = await alice.http.delete(f"/api/v1/panels/{panel['id']}")
    archived = await alice.http.delete(path)

    problem = check_problem(refused, 409, "PERSONA_ON_PANEL")
    assert "Big table" in problem["detail"]
    assert (deleted.status_code, archived.status_code) == (204, 204)
    gone = await alice.http.get(f"/api/v1/panels/{panel['id']}")
    check_problem(gone, 404, "PANEL_NOT_FOUND")
    late = await alice.http.post(
        "/api/v1/panels", json={"name": "Late", "seats": [_seat(persona["id"])]}
    )
    assert wrong_fields(check_problem(late, 422, "INVALID_FIELD")) == [
        "seats[0].persona_id"
    ]


async def test_panels_of_another_are_not_there(
    alice: LibraryClient, bob: LibraryClient
) -> None:
    """Not for reading, changing, deleting or running."""
    panel = await alice.seat(_seat("ciso"))
    path = f"/api/v1/panels/{panel['id']}"
    body = {"name": "Mine", "seats": [_seat("cto")]}

    answers = [
        await bob.http.get(path),
        await bob.http.put(path, json=body, headers={"If-Match": "*"}),
        await bob.http.delete(path),
    ]
    run = await _run(bob, panel_id=panel["id"])

    for answer in answers:
        check_problem(answer, 404, "PANEL_NOT_FOUND")
    assert wrong_fields(check_problem(run, 422, "INVALID_FIELD")) == ["panel_id"]
    assert (await alice.http.get(path)).json() == panel


async def _run(person: LibraryClient, **who: Any) -> Any:
    document = await person.http.post(
        "/api/v1/documents", json={"title": "Offer", "text": "From 9 euros a month."}
    )
    return await person.http.post(
        "/api/v1/runs",
        json={"document_id": document.json()["id"], "mode": "review", **who},
    )


async def test_run_keeps_the_version_that_it_began_with(alice: LibraryClient) -> None:
    """By panel and by persona alike, whatever becomes of the persona."""
    first = await alice.write()
    panel = await alice.seat(_seat(first["id"], "opus"), _seat("ciso"))
    by_panel = await _run(alice, panel_id=panel["id"])
    by_persona = await _run(alice, persona_ids=[first["id"], "cto"])

    second = await alice.rewrite(first, strictness=1)
    later = await _run(alice, persona_ids=[first["id"]])

    assert by_panel.status_code == 201, by_panel.text
    seats = by_panel.json()["panelists"]
    assert [(each["id"], each["model"]) for each in seats] == [
        ("A", "opus"),
        ("B", None),
    ]
    for run, persona in ((by_panel, first), (by_persona, first), (later, second)):
        read = await alice.http.get(f"/api/v1/runs/{run.json()['id']}")
        assert read.json()["panelists"][0]["persona"] == persona


async def test_run_on_anothers_or_an_archived_persona_is_refused(
    alice: LibraryClient, bob: LibraryClient
) -> None:
    """As one that there is not."""
    archived, others = await alice.write(), await bob.write()
    await alice.http.delete(f"/api/v1/personas/{archived['id']}")

    for persona in (archived, others):
        run = await _run(alice, persona_ids=["ciso", persona["id"]])
        assert wrong_fields(check_problem(run, 422, "INVALID_FIELD")) == ["persona_ids"]


async def test_run_seats_nobody_twice_on_one_model(alice: LibraryClient) -> None:
    """The run's own model counts where a seat names none."""
    panel = await alice.seat(_seat("ciso", "opus"), _seat("ciso"))

    refused = await _run(alice, panel_id=panel["id"], model="opus")
    council = await _run(alice, panel_id=panel["id"], model="sonnet")

    assert wrong_fields(check_problem(refused, 422, "INVALID_FIELD")) == ["panel_id"]
    models = [each["model"] for each in council.json()["panelists"]]
    assert models == ["opus", "sonnet"]


async def test_same_key_puts_one_panel_together(alice: LibraryClient) -> None:
    """A repetition answers the same; another body under the key is refused."""
    key = {"Idempotency-Key": "once"}
    body = {"name": "Tenders", "seats": [_seat("ciso")]}

    first = await alice.http.post("/api/v1/panels", json=body, headers=key)
    again = await alice.http.post("/api/v1/panels", json=body, headers=key)
    other = await alice.http.post(
        "/api/v1/panels", json=body | {"name": "Other"}, headers=key
    )

    assert (again.status_code, again.json()) == (201, first.json())
    check_problem(other, 409, "IDEMPOTENCY_KEY_REUSED")
