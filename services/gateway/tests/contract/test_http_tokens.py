"""Token mode over the real store: who gets in, as whom, and until when."""

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from roundtable_gateway.http.app import build_api
from services.gateway.tests.support.http_harness import catalogue
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.samples import TEXT
from services.gateway.tests.support.token_gateway import (
    ALICE,
    BOB,
    TokenGateway,
    bearer,
    cookie,
    serve_with_tokens,
    session_of,
)

_PAGE = "https://page.example"
_UUID_LIKE = "id_that_is_none"
_FIELDS = {"id", "name", "create_time", "expire_time", "last_use_time"}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[TokenGateway]:
    """A gateway in token mode; Bob is an admin."""
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<h1>Round table</h1>")
    async with serve_with_tokens(
        tmp_path, page_dir=page, admin_users=("BOB@example.com",), cors_origins=(_PAGE,)
    ) as served:
        yield served


async def _me(door: TokenGateway, headers: dict[str, str]) -> httpx.Response:
    return await door.http.get("/api/v1/me", headers=headers)


def _routes() -> list[tuple[str, str]]:
    """Return every method and address under the API's prefix, ids filled in."""
    return [
        (method.upper(), re.sub(r"{\w+}", _UUID_LIKE, path))
        for path, operations in build_api().openapi()["paths"].items()
        if path.startswith("/api/")
        for method in operations
    ]


def _paths(routes: Iterable[Any]) -> Iterator[str]:
    """Yield every address, those that the contract does not tell of among them."""
    for route in routes:
        if hasattr(route, "path"):
            yield route.path
        else:  # an included router
            prefix = route.include_context.prefix
            yield from (prefix + path for path in _paths(route.original_router.routes))


async def test_every_route_but_the_sign_in_is_closed(door: TokenGateway) -> None:
    """To strangers and to bad tokens, with one header that says what is wanted."""
    closed = [route for route in _routes() if route != ("POST", "/api/v1/sign-in")]
    nowhere = [("GET", "/api/v1/nothing"), ("GET", "/api/"), ("OPTIONS", "/api/v1/me")]

    for method, path in [*closed, *nowhere]:
        stranger = await door.http.request(method, path)
        forger = await door.http.request(method, path, headers=bearer("rt_forged"))

        check_problem(stranger, 401, "SIGN_IN_REQUIRED")
        assert stranger.headers["www-authenticate"] == "Bearer"
        check_problem(forger, 401, "TOKEN_INVALID")
        assert forger.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert len(closed) > 15


def test_what_lies_outside_the_api_is_known() -> None:
    """An open address is added here on purpose or not at all."""
    paths = set(_paths(build_api().routes))

    outside = {path for path in paths if not path.startswith("/api/")}
    assert len(paths - outside) > 10
    assert outside == {
        *("/health", "/livez", "/readyz"),
        *("/openapi.json", "/docs", "/docs/oauth2-redirect"),
    }


async def test_strangers_see_page_contract_and_health(door: TokenGateway) -> None:
    """They need the page to sign in; what answers on which account is not told."""
    answers = {
        path: await door.http.get(path)
        for path in ("/", "/livez", "/readyz", "/health", "/openapi.json", "/docs")
    }

    assert {each.status_code for each in answers.values()} == {200}
    runner = answers["/health"].json()["services"]["persona_runner"]
    assert runner.pop("status") == "ok"
    assert set(runner.values()) == {None}


async def test_health_tells_more_to_who_is_signed_in(door: TokenGateway) -> None:
    """Nobody is refused there: a bad token is a stranger's."""
    token = await door.token()

    known = await door.http.get("/health", headers=bearer(token.secret))
    forged = await door.http.get("/health", headers=bearer("rt_forged"))

    assert known.json()["services"]["persona_runner"]["engine"] is not None
    assert forged.status_code == 200
    assert forged.json()["services"]["persona_runner"]["engine"] is None


async def test_token_is_its_owners_identity(door: TokenGateway) -> None:
    """Whoever ADMIN_USERS names is admin with any token of theirs."""
    alice, bob = await door.token(ALICE), await door.token(BOB)

    members = [(await _me(door, bearer(each.secret))).json() for each in (alice, bob)]

    assert members == [
        {"email": ALICE, "role": "member", "auth": "token"},
        {"email": BOB, "role": "admin", "auth": "token"},
    ]


async def test_no_header_is_believed_on_its_word(door: TokenGateway) -> None:
    """Headers that proxies set for others prove nothing here."""
    claims = {
        "X-Forwarded-User": BOB,
        "X-Forwarded-Email": BOB,
        "Remote-User": BOB,
        "Cf-Access-Authenticated-User-Email": BOB,
        "From": BOB,
    }

    check_problem(await _me(door, claims), 401, "SIGN_IN_REQUIRED")


async def test_any_host_is_answered(door: TokenGateway) -> None:
    """A rebound name brings neither token nor cookie, so it learns nothing."""
    token = await door.token()

    known = await _me(door, {**bearer(token.secret), "Host": "round.example"})
    stranger = await _me(door, {"Host": "evil.example"})

    assert known.status_code == 200
    check_problem(stranger, 401, "SIGN_IN_REQUIRED")


async def test_sign_in_makes_a_cookie_that_only_our_host_gets(
    door: TokenGateway,
) -> None:
    """HttpOnly, Secure, Lax, whole host, no domain; it ends with its token."""
    token = await door.token(BOB)

    response = await door.http.post("/api/v1/sign-in", json={"token": token.secret})

    assert response.json() == {"email": BOB, "role": "admin", "auth": "token"}
    morsel = SimpleCookie(response.headers["set-cookie"])["__Host-roundtable"]
    assert (morsel["httponly"], morsel["secure"]) == (True, True)
    assert (morsel["samesite"].lower(), morsel["path"]) == ("lax", "/")
    assert morsel["domain"] == ""
    nine_days = 9 * 86_400
    assert nine_days - 60 <= int(morsel["max-age"]) <= nine_days
    me = await _me(door, cookie(session_of(response)))
    assert me.json() == response.json()


async def test_bad_token_does_not_sign_in(door: TokenGateway) -> None:
    """Unknown, malformed, empty, or a session's own secret: one answer, no cookie."""
    session = await door.sign_in((await door.token()).secret)

    for bad in ("", "nonsense", "rt_" + "0" * 64, session, "x" * 5_000):
        response = await door.http.post("/api/v1/sign-in", json={"token": bad})

        check_problem(response, 401, "TOKEN_INVALID")
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"rt_x"',
        b"{}",
        b'{"token": null}',
        b'{"token": ["rt_x"]}',
        b'{"token": "\\ud800"}',
        b'{"token": "\\u0000"}',
        b'{"token": "rt_x", "more": 1}',
        b'{"token": "' + b"x" * 300_000 + b'"}',
    ],
)
async def test_no_body_of_a_sign_in_is_our_fault(
    door: TokenGateway, body: bytes
) -> None:
    """Strangers may send anything there; they get a problem, and no 500."""
    response = await door.http.post(
        "/api/v1/sign-in", content=body, headers={"Content-Type": "application/json"}
    )

    assert response.status_code in {400, 401, 413, 422}
    check_problem(response, response.status_code, response.json()["reason"])


@pytest.mark.parametrize(
    "header",
    [
        (b"authorization", b"Bearer \xff\xfe"),
        (b"authorization", b"Bearer rt_" + b"0" * 20_000),
        (b"authorization", b"bearer\trt_x"),
        (b"cookie", b"__Host-roundtable"),
        (b"cookie", b"__Host-roundtable=; __Host-roundtable=rts_x"),
        (b"cookie", b'__Host-roundtable="\\377\\000"'),
        (b"cookie", b"\xff=\xff; =;;;"),
    ],
)
async def test_no_odd_proof_is_our_fault(
    door: TokenGateway, header: tuple[bytes, bytes]
) -> None:
    """Whatever stands in the headers, it is a stranger's."""
    response = await door.http.request("GET", "/api/v1/me", headers=[header])

    assert response.status_code == 401


async def test_sign_in_outlives_an_old_cookie(door: TokenGateway) -> None:
    """What is stale in the browser keeps nobody from signing in again."""
    token = await door.token()

    response = await door.http.post(
        "/api/v1/sign-in",
        json={"token": token.secret},
        headers=cookie("rts_" + "0" * 64),
    )

    assert response.status_code == 200


async def test_sign_in_is_a_write_like_any_other(door: TokenGateway) -> None:
    """No page of another site can sign somebody in."""
    body = {"token": (await door.token()).secret}
    async with httpx.AsyncClient(base_url=door.http.base_url, trust_env=False) as bare:
        plain = await bare.post("/api/v1/sign-in", json=body)
    foreign = await door.http.post(
        "/api/v1/sign-in", json=body, headers={"Origin": "https://evil.example"}
    )

    check_problem(plain, 403, "WRITE_HEADER_MISSING")
    check_problem(foreign, 403, "ORIGIN_NOT_ALLOWED")


async def test_cookie_counts_for_allowed_origins(door: TokenGateway) -> None:
    """With credentials, for that very origin; another one may not read or write."""
    session = cookie(await door.sign_in((await door.token()).secret))
    body = {"name": "from the page"}

    read = await _me(door, {**session, "Origin": _PAGE})
    write = await door.http.post(
        "/api/v1/tokens", json=body, headers={**session, "Origin": _PAGE}
    )
    stranger = await _me(door, {"Origin": _PAGE})
    foreign = await door.http.post(
        "/api/v1/tokens",
        json=body,
        headers={**session, "Origin": "https://evil.example"},
    )

    for answer in (read, write, stranger):
        assert answer.headers["access-control-allow-origin"] == _PAGE
        assert answer.headers["access-control-allow-credentials"] == "true"
    assert (read.status_code, write.status_code) == (200, 201)
    check_problem(stranger, 401, "SIGN_IN_REQUIRED")
    check_problem(foreign, 403, "ORIGIN_NOT_ALLOWED")
    assert "access-control-allow-origin" not in foreign.headers


async def test_sign_out_ends_the_session(door: TokenGateway) -> None:
    """At once and for good; the token goes on, the browser drops the cookie."""
    token = await door.token()
    session = await door.sign_in(token.secret)

    response = await door.http.post("/api/v1/sign-out", headers=cookie(session))

    assert response.status_code == 204
    morsel = SimpleCookie(response.headers["set-cookie"])["__Host-roundtable"]
    assert (morsel.value, morsel["max-age"], morsel["secure"]) == ("", "0", True)
    check_problem(await _me(door, cookie(session)), 401, "TOKEN_INVALID")
    assert (await _me(door, bearer(token.secret))).status_code == 200


async def test_header_wins_over_cookie(door: TokenGateway) -> None:
    """A bad token is refused though the cookie is good."""
    alice, bob = await door.token(ALICE), await door.token(BOB)
    session = cookie(await door.sign_in(bob.secret))

    both = await _me(door, {**bearer(alice.secret), **session})
    bad = await _me(door, {**bearer("rt_forged"), **session})

    assert both.json()["email"] == ALICE
    check_problem(bad, 401, "TOKEN_INVALID")


async def test_secrets_count_only_where_they_belong(door: TokenGateway) -> None:
    """A token is no cookie, a session no header."""
    token = await door.token()
    session = await door.sign_in(token.secret)

    check_problem(await _me(door, cookie(token.secret)), 401, "TOKEN_INVALID")
    check_problem(await _me(door, bearer(session)), 401, "TOKEN_INVALID")


async def test_tokens_are_made_listed_and_deleted(door: TokenGateway) -> None:
    """The secret is shown once; a deleted token is refused at the next request."""
    own = bearer((await door.token(name="first")).secret)

    created = await door.http.post(
        "/api/v1/tokens", json={"name": " CI ", "lifetime_days": 1}, headers=own
    )
    new = created.json()
    used = await _me(door, bearer(new["token"]))
    listed = await door.http.get("/api/v1/tokens", headers=own)
    page = await door.http.get("/api/v1/tokens?page_size=1", headers=own)
    deleted = await door.http.delete(f"/api/v1/tokens/{new['id']}", headers=own)
    refused = await _me(door, bearer(new["token"]))
    again = await door.http.delete(f"/api/v1/tokens/{new['id']}", headers=own)

    assert created.status_code == 201
    assert new.keys() == _FIELDS | {"token"}
    assert (new["name"], new["last_use_time"]) == ("CI", None)
    assert new["create_time"].endswith("Z")
    assert used.status_code == 200
    assert [each["name"] for each in listed.json()["tokens"]] == ["CI", "first"]
    assert all(each.keys() == _FIELDS for each in listed.json()["tokens"])
    assert listed.json()["tokens"][0]["last_use_time"].endswith("T00:00:00Z")
    assert page.json()["next_page_token"] is not None
    assert deleted.status_code == 204
    check_problem(refused, 401, "TOKEN_INVALID")
    check_problem(again, 404, "TOKEN_NOT_FOUND")


async def test_deleting_a_token_ends_its_sessions(door: TokenGateway) -> None:
    """The session may delete its own token, and is gone with it."""
    token = await door.token()
    session = cookie(await door.sign_in(token.secret))

    deleted = await door.http.delete(
        f"/api/v1/tokens/{token.token.id}", headers=session
    )

    assert deleted.status_code == 204
    check_problem(await _me(door, session), 401, "TOKEN_INVALID")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x", "lifetime_days": 0}, "lifetime_days"),
        ({"name": "x", "lifetime_days": 367}, "lifetime_days"),
        ({"name": "x", "owner": BOB}, "owner"),
    ],
)
async def test_wrong_token_is_refused_by_field(
    door: TokenGateway, body: dict[str, Any], field: str
) -> None:
    """A name of one line, 1 to 366 days, and no owner but the caller."""
    own = bearer((await door.token()).secret)

    response = await door.http.post("/api/v1/tokens", json=body, headers=own)

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]


async def test_token_creation_knows_no_idempotency_key(door: TokenGateway) -> None:
    """An answer with a secret is not kept to be told again."""
    own = {**bearer((await door.token()).secret), "Idempotency-Key": "same"}

    first, second = [
        (await door.http.post("/api/v1/tokens", json={"name": "x"}, headers=own)).json()
        for _ in range(2)
    ]

    assert first["id"] != second["id"]
    for created in (first, second):
        assert (await _me(door, bearer(created["token"]))).status_code == 200


async def test_what_is_anothers_is_not_there(door: TokenGateway) -> None:
    """Bob, though an admin, sees no document, run, event or token of Alice's."""
    alice = await door.token(ALICE)
    own, other = bearer(alice.secret), bearer((await door.token(BOB)).secret)
    document = await door.http.post(
        "/api/v1/documents", json={"title": "Plan", "text": TEXT}, headers=own
    )
    body = {
        "document_id": document.json()["id"],
        "persona_ids": [catalogue().personas()[0].id],
        "mode": "review",
    }
    run = await door.http.post("/api/v1/runs", json=body, headers=own)
    documents = f"/api/v1/documents/{document.json()['id']}"
    runs = f"/api/v1/runs/{run.json()['id']}"
    asked = [
        ("GET", documents),
        ("GET", f"{documents}/text"),
        ("GET", f"{documents}/content"),
        ("DELETE", documents),
        ("GET", runs),
        ("GET", f"{runs}/events"),
        ("GET", f"{runs}/export?format=json"),
        ("POST", f"{runs}/cancel"),
        ("DELETE", runs),
        ("DELETE", f"/api/v1/tokens/{alice.token.id}"),
    ]

    answers = [
        (await door.http.request(method, path, headers=other)).status_code
        for method, path in asked
    ]
    lists = [
        (await door.http.get(f"/api/v1/{plural}", headers=other)).json()[plural]
        for plural in ("documents", "runs")
    ]
    stolen = await door.http.post("/api/v1/runs", json=body, headers=other)

    assert answers == [404] * len(asked)
    assert lists == [[], []]
    assert wrong_fields(check_problem(stolen, 422, "INVALID_FIELD")) == ["document_id"]
    assert (await door.http.get(runs, headers=own)).status_code == 200


async def test_store_that_is_away_is_no_bad_token(door: TokenGateway) -> None:
    """Nobody is signed out by an outage: 503 says to ask again."""
    token = await door.token()
    await door.store.app.stop()

    response = await _me(door, bearer(token.secret))
    health = await door.http.get("/health", headers=bearer(token.secret))

    check_problem(response, 503, response.json()["reason"])
    assert "retry-after" in response.headers
    assert health.json()["status"] == "down"


async def test_no_secret_is_logged(tmp_path: Path) -> None:
    """Good ones, bad ones and sessions: none stands in any log line or problem."""
    with capture_logs() as logs:
        async with serve_with_tokens(tmp_path) as door:
            token = await door.token()
            session = await door.sign_in(token.secret)
            forged = "rt_" + "f" * 64
            answers = [
                await _me(door, bearer(token.secret)),
                await _me(door, cookie(session)),
                await _me(door, bearer(forged)),
                await door.http.post("/api/v1/sign-in", json={"token": forged}),
                await door.http.post("/api/v1/sign-in", json={"token": [forged]}),
            ]

    told = json.dumps(logs, default=repr) + "".join(each.text for each in answers)
    assert "request.finished" in told
    for secret in (token.secret, session, forged):
        assert secret.partition("_")[2] not in told
