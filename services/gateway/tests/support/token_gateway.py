"""A gateway in token mode over the real store, and people who call it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from roundtable_gateway.access.identity import AuthMode
from roundtable_gateway.app import GatewayApp
from roundtable_gateway.domain.token import IssuedToken
from roundtable_gateway.settings import GatewaySettings
from services.gateway.tests.support.fake_runner_service import (
    FakeRunnerService,
    serve_runner,
)
from services.gateway.tests.support.http_harness import WRITE
from services.gateway.tests.support.part_messages import part_to_proto
from services.gateway.tests.support.real_store import Store, run_store
from services.gateway.tests.support.samples import answer, draft

ALICE, BOB = "alice@example.com", "bob@example.com"


@dataclass(slots=True)
class TokenGateway:
    """A started gateway, its store, and a client that proves nothing by itself."""

    app: GatewayApp
    store: Store
    runner: FakeRunnerService
    http: httpx.AsyncClient

    async def token(self, owner: str = ALICE, *, name: str = "laptop") -> IssuedToken:
        """Return a new token, as the command line makes the first one."""
        return await self.store.tokens.create(owner=owner, name=name, lifetime_days=9)

    async def stop_runner(self) -> None:
        """Let the runner be away."""
        await self.runner.stop()

    async def sign_in(self, secret: str) -> str:
        """Sign in and return the session's secret, as a browser keeps it."""
        response = await self.http.post("/api/v1/sign-in", json={"token": secret})
        assert response.status_code == 200, response.text
        return session_of(response)


def session_of(response: httpx.Response) -> str:
    """Return the session that an answer hands out."""
    cookie = response.headers["set-cookie"]
    name, _, value = cookie.partition(";")[0].partition("=")
    assert name == "__Host-roundtable"
    return str(value)


def bearer(secret: str) -> dict[str, str]:
    """Return the header of a program that has a token."""
    return {"Authorization": f"Bearer {secret}"}


def cookie(secret: str) -> dict[str, str]:
    """Return the header of a browser that has a session."""
    return {"Cookie": f"__Host-roundtable={secret}"}


@asynccontextmanager
async def serve_with_tokens(
    folder: Path, **settings: Any
) -> AsyncIterator[TokenGateway]:
    """Start store, runner and gateway, and stop them."""
    runner = FakeRunnerService(list(map(part_to_proto, answer(draft()))))
    async with run_store(folder) as store, serve_runner(runner):
        app = GatewayApp(
            GatewaySettings(
                data_dir=folder,
                port=0,
                auth=AuthMode.TOKEN,
                store_address=f"127.0.0.1:{store.app.port}",
                runner_address=f"127.0.0.1:{runner.port}",
                **{"page_dir": folder / "none", **settings},
            )
        )
        await app.start()
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{app.port}", headers=WRITE, trust_env=False
        ) as client:
            try:
                yield TokenGateway(app, store, runner, client)
            finally:
                await app.stop()
