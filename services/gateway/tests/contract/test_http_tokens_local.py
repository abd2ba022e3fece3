"""Local mode: one person, no tokens."""

import pytest

from services.gateway.tests.support.http_harness import WRITE, Gateway
from services.gateway.tests.support.problems import check_problem
from services.gateway.tests.support.token_gateway import bearer, cookie


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/sign-in", {"token": "rt_x"}),
        ("POST", "/api/v1/sign-out", None),
        ("GET", "/api/v1/tokens", None),
        ("POST", "/api/v1/tokens", {"name": "x"}),
        ("DELETE", "/api/v1/tokens/tok_1", None),
    ],
)
async def test_local_mode_has_no_tokens(
    gateway: Gateway, method: str, path: str, body: dict[str, str] | None
) -> None:
    """It says so, rather than make tokens that nobody asks for."""
    response = await gateway.http.request(method, path, json=body, headers=WRITE)

    check_problem(response, 409, "TOKENS_NOT_IN_USE")


async def test_local_mode_ignores_tokens(gateway: Gateway) -> None:
    """Whoever sits at the machine is the owner, whatever they send."""
    headers = {**bearer("rt_forged"), **cookie("rts_forged")}

    response = await gateway.http.get("/api/v1/me", headers=headers)

    assert response.json() == {
        "email": "owner@localhost",
        "role": "admin",
        "auth": "local",
    }
