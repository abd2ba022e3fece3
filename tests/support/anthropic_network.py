"""Anthropic's hosts as the CLI sees them, all on loopback: a login, its end, turns.

A proxy that tunnels nowhere: it answers every CONNECT itself, with certificates of an
authority of its own. The CLI is told of both by the runner's ``HTTPS_PROXY`` and
``NODE_EXTRA_CA_CERTS``; nothing ever leaves this machine. In a test::

    async with AnthropicNetwork(tmp_path, endpoint) as network:
        run_runner(tmp_path / "data", **network.settings)
"""

import asyncio
import json
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from roundtable_kit.authority import Authority
from support.anthropic_endpoint import RecordedRequest, ScriptedEndpoint, read_request
from support.loopback_server import LoopbackServer

PLATFORM = "platform.claude.com"
API = "api.anthropic.com"

_ACCOUNT = "11111111-1111-4111-8111-111111111111"
_ORGANIZATION = "22222222-2222-4222-8222-222222222222"


class AnthropicNetwork:
    """The stand-in; an async context manager that listens while it is entered.

    Attributes:
        hosts: Every host that a connection was asked to, in order.
        requests: What came to the hosts of the login, in order.
        accepts_code: Whether codes are accepted.
        is_reachable: Whether connections are let through at all.
        answer_login: Lets the exchange of a code go on; set unless a test clears it.
    """

    def __init__(self, folder: Path, endpoint: ScriptedEndpoint) -> None:
        self.hosts: list[str] = []
        self.requests: list[RecordedRequest] = []
        self.accepts_code = True
        self.is_reachable = True
        self.answer_login = asyncio.Event()
        self.answer_login.set()
        self._endpoint = endpoint
        self._folder = folder / "anthropic"
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._server = LoopbackServer(self._serve)
        self._arrival = asyncio.Condition()

    @property
    def settings(self) -> dict[str, Any]:
        """What leads a runner here."""
        return {
            "https_proxy": f"http://127.0.0.1:{self._server.port}",
            "node_extra_ca_certs": self._folder / "ca.crt",
        }

    async def wait_for_request(self, path: str) -> None:
        """Return once a host of the login was asked for a path."""
        async with self._arrival:
            await self._arrival.wait_for(
                lambda: any(request.path == path for request in self.requests)
            )

    async def __aenter__(self) -> Self:
        """Listen."""
        now = datetime.now(UTC)
        authority = Authority.make(self._folder, now=now)
        for host in (PLATFORM, API):
            authority.issue(host, self._folder / host, now=now)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(
                self._folder / host / "service.crt", self._folder / host / "service.key"
            )
            self._contexts[host] = context
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut what is connected."""
        await self._server.stop()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connect = await read_request(reader)
        host = connect.path.partition(":")[0]
        self.hosts.append(host)
        if not self.is_reachable or host not in self._contexts:
            writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await writer.drain()
        await writer.start_tls(self._contexts[host])
        request = await read_request(reader)
        if request.path.startswith(("/v1/messages", "/v1/models")):
            await self._relay(request, writer)
        else:
            await self._answer(request, writer)

    async def _answer(
        self, request: RecordedRequest, writer: asyncio.StreamWriter
    ) -> None:
        async with self._arrival:
            self.requests.append(request)
            self._arrival.notify_all()
        status, answer = 200, _ANSWERS.get(request.path, {})
        if request.path == "/v1/oauth/token":
            await self.answer_login.wait()
            if not self.accepts_code:
                status, answer = 400, {"error": "invalid_grant"}
        body = json.dumps(answer).encode()
        head = [f"HTTP/1.1 {status} Scripted", "connection: close"]
        head += ["content-type: application/json", f"content-length: {len(body)}"]
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        await writer.drain()

    async def _relay(
        self, request: RecordedRequest, writer: asyncio.StreamWriter
    ) -> None:
        """Let the scriptable endpoint answer."""
        reader, to_endpoint = await asyncio.open_connection(
            "127.0.0.1", self._endpoint.port
        )
        headers = {**request.headers, "content-length": str(len(request.raw_body))}
        headers.pop("transfer-encoding", None)
        lines = [f"{request.method} {request.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        to_endpoint.write("\r\n".join([*lines, "", ""]).encode() + request.raw_body)
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        to_endpoint.close()


_ANSWERS: dict[str, dict[str, Any]] = {
    "/v1/oauth/token": {
        "access_token": "made-up-access",
        "refresh_token": "made-up-refresh",
        "token_type": "Bearer",
        "expires_in": 28800,
        "scope": "user:inference user:profile",
        "account": {"uuid": _ACCOUNT, "email_address": "owner@example.org"},
        "organization": {"uuid": _ORGANIZATION, "name": "Owner"},
    },
    "/api/oauth/profile": {
        "account": {
            "uuid": _ACCOUNT,
            "email": "owner@example.org",
            "has_claude_pro": True,
            "has_claude_max": False,
        },
        "organization": {
            "uuid": _ORGANIZATION,
            "name": "Owner",
            "organization_type": "claude_pro",
            "rate_limit_tier": "default_claude_ai",
        },
    },
}
