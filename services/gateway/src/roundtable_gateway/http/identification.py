"""Finds out who sends a request, before any route is looked for.

By construction: whatever lies under the API's prefix is closed to strangers, a route
that is added later and an address that leads nowhere among it. What is open stands
here.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from roundtable_gateway.access.credentials import find_credential
from roundtable_gateway.access.identity import LOCAL_OWNER, AuthMode, Identity
from roundtable_gateway.http.context import context_of
from roundtable_gateway.http.problems import (
    Problem,
    from_service_error,
    problem_response,
    sign_in_required,
)
from roundtable_kit.errors import ServiceError

_CLOSED = "/api/"
_OPEN = frozenset({("POST", "/api/v1/sign-in")})
# Tells more to those who are signed in, and something to all.
_WHOEVER = frozenset({"/health"})


class Identification:
    """Puts the caller's identity into the request's state; None for a stranger."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose sender may come in."""
        if scope["type"] == "http":
            request = Request(scope)
            try:
                request.state.identity = await _admit(request)
            except ServiceError as error:
                await _refuse(request, from_service_error(error), receive, send)
                return
            except Problem as problem:
                await _refuse(request, problem, receive, send)
                return
        await self._app(scope, receive, send)


async def _refuse(
    request: Request, problem: Problem, receive: Receive, send: Send
) -> None:
    response = problem_response(problem, request_id=request.state.request_id)
    await response(request.scope, receive, send)


async def _admit(request: Request) -> Identity | None:
    """Return who asks, None for a stranger; raises where strangers have no access."""
    if context_of(request).access.auth is AuthMode.LOCAL:
        return LOCAL_OWNER
    path = request.scope["path"]
    if path in _WHOEVER:
        try:
            return await _identify(request)
        except ServiceError:  # a bad token, or no store to ask: a stranger
            return None
    if not path.startswith(_CLOSED) or (request.method, path) in _OPEN:
        return None
    identity = await _identify(request)
    if identity is None:
        raise sign_in_required()
    return identity


async def _identify(request: Request) -> Identity | None:
    """Return who proves to ask; None where nothing is given to prove it."""
    context = context_of(request)
    credential = find_credential(
        request.headers.getlist("authorization"), request.cookies
    )
    if credential is None:
        return None
    email = await context.tokens.find_owner(credential.secret, credential.kind)
    return context.access.identity_of(email)
