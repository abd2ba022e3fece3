"""The gateway's HTTP API, as far as the terminal uses it."""

import asyncio
import ipaddress
import ssl
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from roundtable_cli.errors import (
    GatewayNotTrustedError,
    GatewayUnreachableError,
    MalformedAnswerError,
    RequestRefusedError,
)
from roundtable_cli.problems import refusal
from roundtable_cli.run import Health, Run

API = "/api/v1"
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_FILE_TIMEOUT = httpx.Timeout(120.0, connect=5.0)
_ATTEMPTS = 3
_FIRST_RETRY = timedelta(milliseconds=500)
_LONGEST_RETRY_AFTER = timedelta(seconds=10)
_EXPIRED = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED
_TRY_LATER = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})


class GatewayClient:
    """Calls one gateway.

    Every request here is safe to repeat: reads and cancelling are, and creates carry
    an ``Idempotency-Key``. So a cut connection, a 429 and a 503 are tried again.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    @classmethod
    @asynccontextmanager
    async def connect(
        cls,
        server: str,
        *,
        token: str | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> AsyncIterator["GatewayClient"]:
        """Open a client for the gateway at the URL `server`.

        Args:
            server: The gateway's URL; an https one has to show a certificate that
                this machine, or what SSL_CERT_FILE names, vouches for.
            token: The user's own, sent with every request to it and nowhere else.
            trust: Which certificates count instead.

        Raises:
            GatewayUnreachableError: SSL_CERT_FILE names nothing of use.
        """
        proof = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            base_url=server,
            timeout=_TIMEOUT,
            headers={"X-Requested-With": "roundtable", **proof},
            verify=trust or _trust(),
            # A proxy for the internet cannot reach this machine's loopback.
            trust_env=not is_loopback(httpx.URL(server).host),
        ) as http:
            yield cls(http)

    @property
    def server(self) -> str:
        """The gateway's URL, without a slash at its end."""
        return str(self.http.base_url).rstrip("/")

    async def health(self) -> Health:
        """Return how the gateway is and what speaks behind it.

        Raises:
            GatewayUnreachableError: Nothing answers there, or something else does.
        """
        answer = await self._exchange("GET", "/health")
        try:
            return Health.from_json(json_of(answer))
        except MalformedAnswerError as error:
            raise GatewayUnreachableError(
                f"What answers at {self.server} is no Persona Roundtable gateway.",
                (f"GET /health: HTTP {answer.status_code}",),
            ) from error

    async def upload_document(self, path: Path, *, title: str | None) -> str:
        """Upload a document and return its id."""
        with await asyncio.to_thread(path.open, "rb") as content:
            answer = await self.send(
                "POST",
                f"{API}/documents",
                timeout=_FILE_TIMEOUT,
                files={"file": (path.name, content)},
                data={} if title is None else {"title": title},
                headers=idempotency_key(),
            )
        try:
            return str(json_of(answer)["id"])
        except KeyError as error:
            raise MalformedAnswerError("a document without an id") from error

    async def create_run(self, body: Mapping[str, Any]) -> Run:
        """Create a run and return it as created."""
        answer = await self.send(
            "POST", f"{API}/runs", json=body, headers=idempotency_key()
        )
        return Run.from_json(json_of(answer))

    async def get_run(self, run_id: str) -> Run:
        """Return a run, whole."""
        answer = await self.send("GET", f"{API}/runs/{run_id}")
        return Run.from_json(json_of(answer))

    async def export_run(self, run_id: str, *, form: str) -> bytes:
        """Return a run as a file of that format."""
        path = f"{API}/runs/{quote(run_id, safe='')}/export"
        answer = await self.send(
            "GET", path, params={"format": form}, timeout=_FILE_TIMEOUT
        )
        return answer.content

    async def revise_document(self, run_id: str) -> bytes:
        """Return a run's document with every accepted rewrite in place."""
        path = f"{API}/runs/{quote(run_id, safe='')}/revised"
        return (await self.send("GET", path, timeout=_FILE_TIMEOUT)).content

    async def recompute_decision(self, run_id: str) -> dict[str, Any]:
        """Return a run's decision as stored, and as computed anew from what is."""
        path = f"{API}/runs/{quote(run_id, safe='')}/decision"
        return json_of(await self.send("GET", path))

    async def cancel_run(self, run_id: str) -> None:
        """Ask for the run's end; a run that has ended stays as it is."""
        try:
            await self.send("POST", f"{API}/runs/{run_id}/cancel")
        except RequestRefusedError as error:
            if error.status != httpx.codes.CONFLICT:
                raise

    async def send(
        self, method: str, path: str, *, attempts: int = _ATTEMPTS, **request: Any
    ) -> httpx.Response:
        """Return the answer to a request.

        Args:
            method: Its method.
            path: Its path below the gateway's URL.
            attempts: 1 for what must not be done twice.
            **request: What else httpx takes of a request.

        Raises:
            RequestRefusedError: The answer is no success.
            GatewayUnreachableError: There is none.
        """
        answer = await self._exchange(method, path, attempts=attempts, **request)
        if answer.is_success:
            return answer
        raise refusal(answer)

    async def _exchange(
        self, method: str, path: str, *, attempts: int = _ATTEMPTS, **request: Any
    ) -> httpx.Response:
        attempt = 0
        while True:
            attempt += 1
            is_last = attempt == attempts
            delay = _FIRST_RETRY * attempt
            try:
                answer = await self.http.request(method, path, **request)
            except httpx.TransportError as error:
                if is_last or isinstance(error, httpx.ConnectError):
                    raise unreachable(self.server, error) from error
            else:
                if is_last or answer.status_code not in _TRY_LATER:
                    return answer
                delay = _retry_after(answer, delay)
            await asyncio.sleep(delay.total_seconds())


def unreachable(server: str, cause: Exception) -> GatewayUnreachableError:
    """Return the failure for a gateway that does not answer, or is not believed."""
    distrust = _distrust(cause)
    if distrust is not None:
        return GatewayNotTrustedError(
            f"What answers at {server} shows no certificate that is trusted here: "
            f"{distrust.verify_message}.",
            (
                "It has to be renewed where the gateway runs."
                if distrust.verify_code == _EXPIRED
                else "Name the certificate of its authority with SSL_CERT_FILE.",
            ),
        )
    return GatewayUnreachableError(
        f"No gateway answers at {server}.",
        (
            "Start one with: roundtable up",
            "or name another one with --server URL (or ROUNDTABLE_URL).",
        ),
    )


def _distrust(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _trust() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise GatewayUnreachableError(
            "SSL_CERT_FILE or SSL_CERT_DIR names no certificates."
        ) from error


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the object in an answer; raises MalformedAnswerError without one."""
    try:
        content = answer.json()
    except ValueError as error:
        raise MalformedAnswerError("no JSON") from error
    if not isinstance(content, dict):
        raise MalformedAnswerError("no JSON object")
    return content


def idempotency_key() -> dict[str, str]:
    """Return the header that makes a create safe to repeat."""
    return {"Idempotency-Key": str(uuid.uuid4())}


def _retry_after(answer: httpx.Response, default: timedelta) -> timedelta:
    seconds = answer.headers.get("retry-after", "")
    if not seconds.isdecimal():
        return default
    return min(timedelta(seconds=int(seconds[:6])), _LONGEST_RETRY_AFTER)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
