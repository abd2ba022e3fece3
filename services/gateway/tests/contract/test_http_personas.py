"""Personas that people write, over the real store."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.gateway.tests.support.http_harness import PERSONAS, catalogue
from services.gateway.tests.support.library import (
    LibraryClient,
    library_client,
    persona_body,
)
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


def _content(persona: dict[str, Any]) -> dict[str, Any]:
    """Return what a persona says, without what makes it this one."""
    own = {"id", "version", "built_in", "etag"}
    return {name: value for name, value in persona.items() if name not in own}


async def test_written_persona_is_ones_own(alice: LibraryClient) -> None:
    """Version 1, with its tag, in the pack of one's own."""
    response = await alice.http.post("/api/v1/personas", json=persona_body())

    persona = response.json()
    assert response.status_code == 201
    assert response.headers["etag"] == f'"{persona["etag"]}"'
    assert (persona["version"], persona["built_in"]) == (1, False)
    assert _content(persona) == {"pack": "mine", **persona_body()}
    again = await alice.http.get(f"/api/v1/personas/{persona['id']}")
    assert again.json() == persona
    assert again.headers["etag"] == response.headers["etag"]


async def test_own_personas_come_first_and_newest_first(alice: LibraryClient) -> None:
    """Pages of any size hold each once, own and built-in alike."""
    shipped = [each.id for each in catalogue().personas()]
    own = [(await alice.write(f"Reader {number}"))["id"] for number in range(5)]

    for page_size in (1, 2, 5, 7, 100):
        listed = await alice.every("personas", page_size=page_size)
        assert [each["id"] for each in listed] == [*own[::-1], *shipped]


async def test_filters_hold_for_own_and_built_in(alice: LibraryClient) -> None:
    """Words and pack narrow both parts of the list."""
    await alice.write("The CISO of Springfield", pack="springfield")
    await alice.write("Somebody else")

    found = await alice.every("personas", query="ciso", page_size=1)
    packed = await alice.every("personas", pack="springfield")

    assert found[0]["name"] == "The CISO of Springfield"
    assert "ciso" in [each["id"] for each in found[1:]]
    assert [each["name"] for each in packed] == ["The CISO of Springfield"]


@pytest.mark.parametrize(
    ("changes", "field", "detail"),
    [
        ({"owns": ["costs"]}, "owns[0]", "there is no criterion 'costs'; did you mean"),
        ({"owns": ["x"]}, "owns[0]", "there is no criterion 'x'; use one of: clarity,"),
        ({"method": "stare"}, "method", "there is no method 'stare'; use one of:"),
        ({"strictness": 6}, "strictness", "is 6; write at most 5"),
        ({"strictness": "4"}, "strictness", "is not a whole number"),
        ({"name": ""}, "name", "is 0 characters long; use at least 1"),
        ({"voice": "x" * 4_001}, "voice", "is 4001 characters long; use at most"),
        (
            {"priorities": [*"abcdefghijklmnopqrstu"]},
            "priorities",
            "holds 21 entries; list at most",
        ),
        ({"questions": ["One?"]}, "questions", "holds 1 entries; list at least 3"),
        ({"ignores": ["cost"]}, "ignores", "both owns and ignores 'cost'"),
        ({"name": "Two\nlines"}, "name", "holds a line break"),
        ({"voice": "\x1b[31m"}, "voice", "that can't be seen; remove it"),
        ({"voice": "\ud800"}, "voice", "that can't be seen; remove it"),
        ({"pack": "Mine\n"}, "pack", "has another form; write a short name"),
        ({"tone": "dry"}, "tone", "is not a key here; use one of"),
        ({"id": "ciso"}, "id", "is not for you to write; leave it out"),
        ({"version": 3}, "version", "is not for you to write; leave it out"),
    ],
    ids=str,
)
async def test_fault_is_named_with_its_mend(
    alice: LibraryClient, changes: dict[str, Any], field: str, detail: str
) -> None:
    """The field, what is wrong with it, and what to write."""
    body = json.dumps(persona_body(**changes))
    json_type = {"Content-Type": "application/json"}

    response = await alice.http.post(
        "/api/v1/personas", content=body, headers=json_type
    )

    problem = check_problem(response, 422, "INVALID_FIELD")
    [error] = [each for each in problem["errors"] if each["field"] == field]
    assert detail in error["detail"]


async def test_every_fault_is_named_at_once(alice: LibraryClient) -> None:
    """Who mends a persona need not ask for each fault in turn."""
    body = persona_body(owns=["x", "cost", "y"], strictness=0)
    del body["voice"]
    del body["role"]

    response = await alice.http.post("/api/v1/personas", json=body)

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert sorted(wrong_fields(problem)) == [
        *("owns[0]", "owns[2]", "role", "strictness", "voice")
    ]


async def test_same_key_writes_one_persona(alice: LibraryClient) -> None:
    """A repetition answers the same; another body under the key is refused."""
    key = {"Idempotency-Key": "once"}

    first = await alice.http.post("/api/v1/personas", json=persona_body(), headers=key)
    again = await alice.http.post("/api/v1/personas", json=persona_body(), headers=key)
    other = await alice.http.post(
        "/api/v1/personas", json=persona_body("Other"), headers=key
    )

    assert (again.status_code, again.json()) == (201, first.json())
    check_problem(other, 409, "IDEMPOTENCY_KEY_REUSED")
    assert len(await alice.every("personas", pack="mine")) == 1


async def test_change_makes_a_version_over_http(alice: LibraryClient) -> None:
    """The old one stays readable under its number."""
    first = await alice.write()

    second = await alice.rewrite(first, strictness=1)

    path = f"/api/v1/personas/{first['id']}"
    assert (second["version"], second["strictness"]) == (2, 1)
    assert (await alice.http.get(path)).json() == second
    assert (await alice.http.get(f"{path}?version=2")).json() == second
    assert (await alice.http.get(f"{path}?version=1")).json() == first
    for unknown in ("3", str(2**31 - 1)):
        missing = await alice.http.get(f"{path}?version={unknown}")
        check_problem(missing, 404, "PERSONA_NOT_FOUND")


async def test_change_keeps_the_pack_unless_it_names_another(
    alice: LibraryClient,
) -> None:
    """A body without a pack moves nobody."""
    first = await alice.write(pack="ours")

    second = await alice.rewrite(first)
    third = await alice.rewrite(second, pack="theirs")

    assert [second["pack"], third["pack"]] == ["ours", "theirs"]


async def test_change_says_what_it_was_made_from(alice: LibraryClient) -> None:
    """428 without If-Match, 412 with a stale one; a star takes what is there."""
    first = await alice.write()
    path = f"/api/v1/personas/{first['id']}"

    missing = await alice.http.put(path, json=persona_body())
    await alice.rewrite(first)
    stale = await alice.http.put(
        path, json=persona_body(), headers={"If-Match": f'"{first["etag"]}"'}
    )
    starred = await alice.http.put(path, json=persona_body(), headers={"If-Match": "*"})

    check_problem(missing, 428, "IF_MATCH_REQUIRED")
    check_problem(stale, 412, "ETAG_MISMATCH")
    assert starred.json()["version"] == 3


async def test_built_in_persona_is_read_only(alice: LibraryClient) -> None:
    """The answer says to copy it first, and how."""
    shipped = catalogue().persona("ciso")
    path = "/api/v1/personas/ciso"
    match = {"If-Match": f'"{shipped.etag}"'}

    changed = await alice.http.put(path, json=persona_body(), headers=match)
    archived = await alice.http.delete(path)

    for response in (changed, archived):
        problem = check_problem(response, 403, "BUILT_IN_READ_ONLY")
        assert "copy it first" in problem["detail"]


async def test_copy_of_a_built_in_persona_is_ones_own(alice: LibraryClient) -> None:
    """It says the same under a name of its own, and can be changed."""
    copied = await alice.http.post("/api/v1/personas/ciso/copy")
    shipped = (await alice.http.get("/api/v1/personas/ciso")).json()

    copy = copied.json()
    assert copied.status_code == 201
    assert _content(copy) == _content(shipped) | {"name": "CISO (copy)"}
    assert (copy["version"], copy["built_in"]) == (1, False)
    assert (await alice.rewrite(copy))["version"] == 2


async def test_copy_of_the_longest_name_still_fits(alice: LibraryClient) -> None:
    """The name is cut, not refused."""
    persona = await alice.write("N" * 60)

    copied = await alice.http.post(f"/api/v1/personas/{persona['id']}/copy")

    assert copied.json()["name"] == "N" * 53 + " (copy)"
    await alice.rewrite(copied.json())


async def test_archived_persona_is_listed_no_more(alice: LibraryClient) -> None:
    """It can be read and copied, but neither changed nor sent to a run."""
    persona = await alice.write()
    path = f"/api/v1/personas/{persona['id']}"

    archived = await alice.http.delete(path)
    again = await alice.http.delete(path)
    changed = await alice.http.put(
        path, json=persona_body(), headers={"If-Match": f'"{persona["etag"]}"'}
    )

    assert (archived.status_code, again.status_code) == (204, 204)
    assert await alice.every("personas", pack="mine") == []
    assert (await alice.http.get(path)).json() == persona
    check_problem(changed, 409, "PERSONA_ARCHIVED")
    assert (await alice.http.post(f"{path}/copy")).status_code == 201


@pytest.mark.parametrize("form", ["yaml", "json"])
async def test_export_is_what_an_import_takes(
    alice: LibraryClient, bob: LibraryClient, form: str
) -> None:
    """Bob gets what Alice wrote, as a persona of his own."""
    written = await alice.write(
        "Zoë, *&!% \U0001f4a9",
        voice="Line one.\n\nLine: two # three\n",
        owns=[],
        ignores=[],
        pack="ours",
    )
    path = f"/api/v1/personas/{written['id']}/export"

    exported = await alice.http.get(path, params={"format": form})
    taken = await bob.load(exported.text, media_type=f"application/{form}")

    assert exported.headers["content-type"].startswith(f"application/{form}")
    assert f".{form}" in exported.headers["content-disposition"]
    [persona] = taken.json()["personas"]
    assert _content(persona) == _content(written)
    assert persona["id"] != written["id"]
    again = await bob.http.get(f"/api/v1/personas/{persona['id']}/export")
    assert yaml.safe_load(again.text)["personas"][0]["id"] == persona["id"]


async def test_shipped_pack_can_be_imported_as_it_is(alice: LibraryClient) -> None:
    """All of it, in its order, under ids of one's own."""
    text = (PERSONAS / "security_buyers.yaml").read_text()

    response = await alice.load(text)

    assert response.status_code == 201, response.text
    imported = response.json()["personas"]
    shipped = [
        each.name for each in catalogue().personas() if each.pack == "security_buyers"
    ]
    assert [each["name"] for each in imported] == shipped
    listed = await alice.every("personas", pack="security_buyers", page_size=4)
    assert listed[: len(shipped)] == imported
    assert all(each["built_in"] for each in listed[len(shipped) :])


async def test_import_is_all_or_nothing(alice: LibraryClient) -> None:
    """One fault keeps all out; each is named by its place."""
    people = [persona_body("One"), persona_body("Two"), persona_body("Three")]
    people[2]["owns"] = ["x"]
    del people[0]["role"]

    response = await alice.load(yaml.safe_dump({"personas": people}))

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["personas[0].role", "personas[2].owns[0]"]
    assert problem["errors"][1]["detail"].startswith(
        "there is no criterion 'x'; use one of: clarity, evidence,"
    )
    assert await alice.every("personas", pack="mine") == []


async def test_import_ignores_ids_and_versions(alice: LibraryClient) -> None:
    """Whatever they are: each persona is new, at version 1."""
    people = [
        persona_body("One") | {"id": "ciso", "version": 9},
        persona_body("Two") | {"id": "Not an id!", "version": "many"},
    ]

    response = await alice.load(json.dumps({"personas": people}))

    imported = response.json()["personas"]
    assert [each["version"] for each in imported] == [1, 1]
    assert {"ciso", "Not an id!"}.isdisjoint(each["id"] for each in imported)


@pytest.mark.parametrize(
    ("text", "media_type", "detail"),
    [
        ("a: &x [1]\nb: *x\n", "application/yaml", "aliases are not allowed"),
        ("a: !!python/name:os.system ''", "text/yaml", "tags are not allowed"),
        ("a: 1\na: 2\n", "application/x-yaml", "is given twice"),
        ('{"a": 1, "a": 2}', "application/json", "is given twice"),
        ("{", "application/json", "correct the JSON there"),
        ("personas: [", "application/yaml", "correct the YAML there"),
        (f"a: {'9' * 9999}", "application/yaml", "a number is too long"),
        (f'{{"a": {"9" * 9999}}}', "application/json", "can't be read"),
        ("[" * 9999, "application/json", "can't be read"),
        ("[" * 9999, "application/yaml", "nested too deep"),
        ("", "application/yaml", "is not keys with values"),
        ("personas: []", "application/yaml", "list at least 1"),
        ("personas: [1]", "application/yaml", "is not keys with values"),
        ("pack: mine", "application/yaml", "is missing"),
    ],
    ids=range(14),
)
async def test_text_that_is_no_pack_is_refused(
    alice: LibraryClient, text: str, media_type: str, detail: str
) -> None:
    """With what to do about it, and never a fault of ours."""
    response = await alice.load(text, media_type=media_type)

    problem = check_problem(response, 422, "INVALID_FIELD")
    assert any(detail in each["detail"] for each in problem["errors"]), problem


async def test_import_of_a_list_without_end_is_answered_soon(
    alice: LibraryClient,
) -> None:
    """The largest body that is taken, made to be slow, costs no minutes."""
    people = [persona_body(owns=["cost"] * 20_000)]

    response = await alice.load(
        json.dumps({"personas": people}), media_type="application/json"
    )

    check_problem(response, 422, "INVALID_FIELD")


async def test_import_takes_a_hundred_personas_at_most(alice: LibraryClient) -> None:
    """One more is refused as a whole."""
    people = [persona_body(f"Reader {number}") for number in range(101)]

    refused = await alice.load(
        json.dumps({"personas": people}), media_type="application/json"
    )
    taken = await alice.load(
        json.dumps({"personas": people[:100]}), media_type="application/json"
    )

    problem = check_problem(refused, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["personas"]
    assert len(taken.json()["personas"]) == 100


async def test_nobody_writes_more_than_five_hundred(alice: LibraryClient) -> None:
    """422, and archiving makes room."""
    people = [persona_body(f"Reader {number}") for number in range(100)]
    pack = json.dumps({"personas": people})
    for _ in range(5):
        await alice.load(pack, media_type="application/json")

    refused = await alice.http.post("/api/v1/personas", json=persona_body())
    [some, *_] = await alice.every("personas", pack="mine", page_size=1)
    await alice.http.delete(f"/api/v1/personas/{some['id']}")
    await alice.write()

    check_problem(refused, 422, "TOO_MANY_PERSONAS")


async def test_other_bodies_than_packs_are_refused(alice: LibraryClient) -> None:
    """415 where neither YAML nor JSON is said; 413 for what is too large."""
    other = await alice.load("pack: mine", media_type="text/plain")
    large = await alice.load("#" * (256 * 1024 + 1))
    form = await alice.http.post("/api/v1/personas", data={"name": "x"})

    check_problem(other, 415, "UNSUPPORTED_BODY")
    check_problem(large, 413, "BODY_TOO_LARGE")
    check_problem(form, 415, "UNSUPPORTED_BODY")


async def test_personas_of_another_are_not_there(
    alice: LibraryClient, bob: LibraryClient
) -> None:
    """Not for reading, changing, copying, exporting, archiving or seating."""
    persona = await alice.write()
    path = f"/api/v1/personas/{persona['id']}"
    match = {"If-Match": f'"{persona["etag"]}"'}

    answers = [
        await bob.http.get(path),
        await bob.http.get(f"{path}?version=1"),
        await bob.http.get(f"{path}/export"),
        await bob.http.put(path, json=persona_body(), headers=match),
        await bob.http.post(f"{path}/copy"),
        await bob.http.delete(path),
    ]
    seated = await bob.http.post(
        "/api/v1/panels",
        json={"name": "Mine", "seats": [{"persona_id": persona["id"]}]},
    )

    for answer in answers:
        check_problem(answer, 404, "PERSONA_NOT_FOUND")
    assert wrong_fields(check_problem(seated, 422, "INVALID_FIELD")) == [
        "seats[0].persona_id"
    ]
    assert await bob.every("personas", pack="mine") == []
    assert (await alice.http.get(path)).json() == persona
