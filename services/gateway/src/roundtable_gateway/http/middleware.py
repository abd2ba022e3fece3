"""What every request passes: a request id, the Host check, the rule for writes."""

import re
from collections.abc import Callable
from secrets import token_hex
from time import perf_counter

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roundtable_gateway.access.hosts import (
    is_loopback_host,
    normalize_origin,
    own_origin,
)
from roundtable_gateway.http.problems import Problem, problem_response

_log = structlog.get_logger()

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A load balancer asks for these by address.
_HOSTLESS_PATHS = frozenset({"/livez", "/readyz"})

# Uploads are capped where they are taken off the wire.
_UPLOAD_PATH = re.compile(r"/api/v1/documents(/[^/]+/revisions)?")
# A brief's fields and sixteen ids at their longest are a tenth of it.
LARGEST_BODY_BYTES = 256 * 1024

Check = Callable[[Scope, Headers], Problem | None]


class RequestIds:
    """Gives every request an id, in its state, its logs and its response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request under its id and log it once."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else token_hex(12)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        begin = perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                _log.info(
                    "request.finished",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    duration_ms=round((perf_counter() - begin) * 1000, 1),
                )


class Gatekeeper:
    """Turns requests away that fail its check."""

    def __init__(self, app: ASGIApp, *, check: Check) -> None:
        self._app = app
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that passes."""
        if scope["type"] == "http":
            problem = self._check(scope, Headers(scope=scope))
            if problem is not None:
                request_id = Request(scope).state.request_id
                response = problem_response(problem, request_id=request_id)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def check_host(scope: Scope, headers: Headers) -> Problem | None:
    """Refuse a Host that is no loopback name: the sign of DNS rebinding."""
    if scope["path"] in _HOSTLESS_PATHS or is_loopback_host(headers.get("host", "")):
        return None
    return Problem(
        403,
        "HOST_NOT_ALLOWED",
        "In local mode the service answers to 127.0.0.1, localhost and [::1] only.",
    )


def check_size(scope: Scope, headers: Headers) -> Problem | None:
    """Refuse a body that says it is too large; one that does not say is cut off."""
    declared = headers.get("content-length", "")
    is_large = declared.isdigit() and int(declared) > LARGEST_BODY_BYTES
    if not is_large or _UPLOAD_PATH.fullmatch(scope["path"]):
        return None
    return Problem(413, "BODY_TOO_LARGE", "The body is larger than this address takes.")


def write_check(*, origins: tuple[str, ...], public_url: str | None) -> Check:
    """Return the check that a write was meant by our own page or a program."""

    def check(scope: Scope, headers: Headers) -> Problem | None:
        if scope["method"] in _SAFE_METHODS:
            return None
        if headers.get("x-requested-with", "").lower() != "roundtable":
            return Problem(
                403,
                "WRITE_HEADER_MISSING",
                "Send the header X-Requested-With: roundtable with every write.",
            )
        origin = headers.get("origin")
        own = public_url or own_origin(scope["scheme"], headers.get("host", ""))
        if origin is None or _is_origin(origin, (own, *origins)):
            return None
        return Problem(
            403,
            "ORIGIN_NOT_ALLOWED",
            "This origin may not write; name it in CORS_ORIGINS if it should.",
        )

    return check


def _is_origin(origin: str, allowed: tuple[str, ...]) -> bool:
    try:
        return normalize_origin(origin) in allowed
    except ValueError:
        return False
