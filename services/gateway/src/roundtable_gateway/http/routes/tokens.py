"""Personal access tokens, and the sign-in that makes a session from one."""

from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response

from roundtable_gateway.access.credentials import SESSION_COOKIE
from roundtable_gateway.access.identity import AuthMode, Identity
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.paging import (
    DEFAULT_PAGE_SIZE,
    PageSize,
    PageToken,
    lowered,
)
from roundtable_gateway.http.problems import Problem
from roundtable_gateway.http.schemas.token import (
    CreatedToken,
    CreateTokenBody,
    SignInBody,
    TokenList,
)


def _require_tokens(context: ContextDep) -> None:
    if context.access.auth is not AuthMode.TOKEN:
        raise Problem(
            409,
            "TOKENS_NOT_IN_USE",
            "This gateway does not ask for tokens; ROUNDTABLE_GATEWAY_AUTH=token"
            " makes it.",
        )


router = APIRouter(
    tags=["tokens"],
    dependencies=[Depends(_require_tokens)],
    max_body_size=LARGEST_BODY_BYTES,
)


@router.post("/sign-in")
async def sign_in(
    context: ContextDep, body: SignInBody, response: Response
) -> Identity:
    """Make a session from a personal access token and keep it in a cookie.

    The one address of the API that is open to strangers.
    """
    with context.sign_ins.enter():
        session = await context.tokens.create_session(body.token)
    lifetime = session.expire_time - datetime.now(UTC)
    response.set_cookie(
        SESSION_COOKIE,
        session.secret,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return context.access.identity_of(session.email)


@router.post("/sign-out", status_code=204)
async def sign_out(
    context: ContextDep, _caller: CallerDep, request: Request, response: Response
) -> None:
    """End the session that the cookie stands for, if there is one, and drop it."""
    secret = request.cookies.get(SESSION_COOKIE)
    if secret is not None:
        await context.tokens.end_session(secret)
    response.delete_cookie(
        SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="lax"
    )


@router.get("/tokens")
async def list_tokens(
    context: ContextDep,
    caller: CallerDep,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    page_token: PageToken = "",
) -> TokenList:
    """List the caller's personal access tokens, newest first, without secrets."""
    page = await context.tokens.list(
        owner=caller.email, page_size=lowered(page_size), page_token=page_token
    )
    return TokenList(page.items, page.next_page_token)


@router.post("/tokens", status_code=201)
async def create_token(
    context: ContextDep, caller: CallerDep, body: CreateTokenBody
) -> CreatedToken:
    """Make a personal access token of the caller's; its secret is shown this once."""
    issued = await context.tokens.create(
        owner=caller.email, name=body.name, lifetime_days=body.lifetime_days
    )
    return CreatedToken.of(issued)


@router.delete("/tokens/{token_id}", status_code=204)
async def delete_token(context: ContextDep, caller: CallerDep, token_id: str) -> None:
    """Delete a personal access token; its sessions end at once."""
    await context.tokens.delete(token_id, owner=caller.email)
