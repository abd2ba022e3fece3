"""A flood of sign-ins stops at the gateway."""

import asyncio
from dataclasses import replace

import httpx

from roundtable_gateway.access.identity import AccessRules, AuthMode
from roundtable_gateway.domain.token import IssuedSession
from roundtable_gateway.http.sign_ins import SignIns
from services.gateway.tests.support.http_harness import WRITE, Gateway, default_app
from services.gateway.tests.support.no_tokens import NoTokens
from services.gateway.tests.support.problems import check_problem

_AT_ONCE = 3


class _SlowTokens(NoTokens):
    """Tokens of a store that takes its time to say no."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_full = asyncio.Event()
        self.go_on = asyncio.Event()

    async def create_session(self, secret: str) -> IssuedSession:
        """Refuse, when it is told to go on."""
        self.asked += 1
        if self.asked == _AT_ONCE:
            self.is_full.set()
        await self.go_on.wait()
        return await super().create_session(secret)


async def test_sign_ins_beyond_a_few_do_not_reach_the_store(gateway: Gateway) -> None:
    """They are told when to come again; there is room when the others are answered."""
    tokens, state = _SlowTokens(), default_app().state
    state.context = replace(
        state.context,
        tokens=tokens,
        access=AccessRules(auth=AuthMode.TOKEN),
        sign_ins=SignIns(at_once=_AT_ONCE),
    )

    async def sign_in() -> httpx.Response:
        return await gateway.http.post(
            "/api/v1/sign-in", json={"token": "rt_x"}, headers=WRITE
        )

    waiting = [asyncio.create_task(sign_in()) for _ in range(_AT_ONCE)]
    await tokens.is_full.wait()
    flood = await asyncio.gather(*(sign_in() for _ in range(50)))
    asked = tokens.asked
    tokens.go_on.set()
    answered = [*(await asyncio.gather(*waiting)), await sign_in()]

    for response in flood:
        check_problem(response, 429, "TOO_MANY_SIGN_INS")
        assert int(response.headers["retry-after"]) > 0
    assert asked == _AT_ONCE
    for response in answered:
        check_problem(response, 401, "TOKEN_INVALID")
