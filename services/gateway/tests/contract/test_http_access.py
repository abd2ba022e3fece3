"""Who may ask: Host, write header, Origin, CORS, request ids."""

import asyncio
from pathlib import Path

import pytest

from roundtable_gateway.settings import GatewaySettings
from services.gateway.tests.support.http_harness import WRITE, Gateway, serve
from services.gateway.tests.support.problems import check_problem

_PREFLIGHT = {
    "Origin": "https://page.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "x-requested-with,idempotency-key",
}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:9", "[::1]", "[::1]:8000"]
)
async def test_loopback_host_is_answered(gateway: Gateway, host: str) -> None:
    """Any loopback name will do, whatever the port."""
    response = await gateway.http.get("/api/v1/me", headers={"Host": host})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.7",
        "[::1].evil.example",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/me", "/health", "/openapi.json", "/"])
async def test_foreign_host_is_refused(gateway: Gateway, host: str, path: str) -> None:
    """A name that is not this machine's is the sign of DNS rebinding."""
    response = await gateway.http.get(path, headers={"Host": host})

    check_problem(response, 403, "HOST_NOT_ALLOWED")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
async def test_probes_are_answered_under_any_host(gateway: Gateway, path: str) -> None:
    """A load balancer asks by address."""
    response = await gateway.http.get(path, headers={"Host": "10.0.0.7"})

    assert response.json() == {"status": "ok"}


async def test_preflight_under_a_foreign_host_is_refused(tmp_path: Path) -> None:
    """A rebound name learns nothing, not even which origins are allowed."""
    settings = GatewaySettings(
        cors_origins=("https://page.example",), page_dir=tmp_path
    )
    async with serve(tmp_path, settings=settings) as gateway:
        response = await gateway.http.options(
            "/api/v1/runs", headers={**_PREFLIGHT, "Host": "evil.example"}
        )

    check_problem(response, 403, "HOST_NOT_ALLOWED")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_write_without_the_header_is_refused(
    gateway: Gateway, method: str
) -> None:
    """A form on another site can't set a header; so every write carries one."""
    response = await gateway.http.request(method, "/api/v1/runs/run_1")

    check_problem(response, 403, "WRITE_HEADER_MISSING")


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:1", "nonsense", "http://["],
)
async def test_write_from_a_foreign_origin_is_refused(
    gateway: Gateway, origin: str
) -> None:
    """The header alone does not make a page ours."""
    response = await gateway.http.post(
        "/api/v1/runs", headers={**WRITE, "Origin": origin}, json={}
    )

    check_problem(response, 403, "ORIGIN_NOT_ALLOWED")


async def test_write_from_the_own_origin_is_taken(gateway: Gateway) -> None:
    """The page is served from where the request goes to."""
    origin = f"http://127.0.0.1:{gateway.port}"

    response = await gateway.http.post(
        "/api/v1/runs", headers={**WRITE, "Origin": origin}, json={}
    )

    assert response.status_code == 422


async def test_public_url_is_the_own_origin(tmp_path: Path) -> None:
    """Behind a proxy the page's origin is what the setting says, and only that."""
    settings = GatewaySettings(
        public_url="https://Round.example/", page_dir=tmp_path / "none"
    )
    async with serve(tmp_path, settings=settings) as gateway:
        own, by_host = [
            await gateway.http.post(
                "/api/v1/runs", headers={**WRITE, "Origin": origin}, json={}
            )
            for origin in ("https://round.example", f"http://127.0.0.1:{gateway.port}")
        ]

    assert own.status_code == 422
    check_problem(by_host, 403, "ORIGIN_NOT_ALLOWED")


async def test_read_from_a_foreign_origin_carries_no_permission(
    gateway: Gateway,
) -> None:
    """Without CORS_ORIGINS no other page may read an answer."""
    response = await gateway.http.get(
        "/api/v1/me", headers={"Origin": "https://page.example"}
    )

    assert "access-control-allow-origin" not in response.headers


async def test_allowed_origin_may_write_and_read_the_answer(tmp_path: Path) -> None:
    """CORS_ORIGINS names the page: preflight, credentials, exposed headers."""
    settings = GatewaySettings(
        cors_origins=("https://page.example",), page_dir=tmp_path / "none"
    )
    async with serve(tmp_path, settings=settings) as gateway:
        preflight = await gateway.http.options("/api/v1/runs", headers=_PREFLIGHT)
        write = await gateway.http.post(
            "/api/v1/runs",
            headers={**WRITE, "Origin": "https://page.example"},
            json={},
        )
        refused = await gateway.http.post(
            "/api/v1/runs", headers={"Origin": "https://page.example"}, json={}
        )

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://page.example"
    assert preflight.headers["access-control-allow-credentials"] == "true"
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert {
        "authorization",
        "content-type",
        "x-requested-with",
        "idempotency-key",
        "if-match",
        "last-event-id",
    } <= set(allowed.split(", "))
    assert write.status_code == 422
    assert write.headers["access-control-allow-origin"] == "https://page.example"
    assert write.headers["access-control-expose-headers"].lower().split(", ") == [
        "etag",
        "retry-after",
        "x-request-id",
    ]
    check_problem(refused, 403, "WRITE_HEADER_MISSING")
    assert refused.headers["access-control-allow-origin"] == "https://page.example"


async def test_preflight_of_a_foreign_origin_is_refused(gateway: Gateway) -> None:
    """Its answer permits nothing."""
    response = await gateway.http.options("/api/v1/runs", headers=_PREFLIGHT)

    assert response.status_code == 400
    assert "access-control-allow-origin" not in response.headers


async def test_given_request_id_is_kept(gateway: Gateway) -> None:
    """A caller can follow its request through the logs."""
    response = await gateway.http.get(
        "/api/v1/me", headers={"x-request-id": "abc_DEF-123"}
    )

    assert response.headers["x-request-id"] == "abc_DEF-123"


@pytest.mark.parametrize("given", ["short", "a" * 65, "with space", "semi;colon"])
async def test_unfit_request_id_is_replaced(gateway: Gateway, given: str) -> None:
    """What could spoil a log never gets there."""
    response = await gateway.http.get("/api/v1/me", headers={"x-request-id": given})

    assert response.headers["x-request-id"] != given
    assert len(response.headers["x-request-id"]) == 24


async def test_crash_is_told_without_its_cause(gateway: Gateway) -> None:
    """A fault of ours is a problem with an id; its text stays in the log."""
    gateway.runs.error = RuntimeError("secret path")

    response = await gateway.http.get("/api/v1/runs")

    check_problem(response, 500, "INTERNAL")
    assert "secret" not in response.text


async def test_unknown_address_is_a_problem(gateway: Gateway) -> None:
    """There is no page and no route: 404."""
    check_problem(await gateway.http.get("/api/v1/nothing"), 404, "NOT_FOUND")
    check_problem(await gateway.http.get("/"), 404, "NOT_FOUND")


async def test_wrong_method_is_a_problem(gateway: Gateway) -> None:
    """The methods that there are stand in Allow."""
    response = await gateway.http.put("/api/v1/me", headers=WRITE)

    check_problem(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET"


async def test_page_leaves_the_api_to_the_api(tmp_path: Path) -> None:
    """With the page built, a wrong API address is still a problem, not a page."""
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<h1>Round table</h1>")
    (page / "404.html").write_text("<h1>No such page</h1>")
    settings = GatewaySettings(page_dir=page)
    async with serve(tmp_path, settings=settings) as gateway:
        home = await gateway.http.get("/")
        lost = await gateway.http.get("/lost/")
        api = await gateway.http.get("/api/v1/nothing")
        method = await gateway.http.delete("/api/v1/me", headers=WRITE)
        escape = await gateway.http.get("/..%2f..%2fetc/passwd")

    assert home.text == "<h1>Round table</h1>"
    assert (lost.status_code, lost.text) == (404, "<h1>No such page</h1>")
    check_problem(api, 404, "NOT_FOUND")
    check_problem(method, 405, "METHOD_NOT_ALLOWED")
    assert escape.status_code == 404


async def test_request_without_host_is_refused(gateway: Gateway) -> None:
    """HTTP/1.0 knows no Host; nothing says the request is meant for us."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)

    writer.write(b"GET /api/v1/me HTTP/1.0\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 403")
