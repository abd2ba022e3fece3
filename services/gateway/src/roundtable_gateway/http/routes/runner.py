"""The runner, and what admins do about its account."""

from fastapi import APIRouter

from roundtable_gateway.http.context import AdminDep, CallerDep, ContextDep
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.schemas.runner import (
    AccountTest,
    AccountTestBody,
    ClaudeLogin,
    LoginCodeBody,
    Runner,
)

router = APIRouter(tags=["runner"], max_body_size=LARGEST_BODY_BYTES)


@router.get("/runner")
async def get_runner(context: ContextDep, _caller: CallerDep) -> Runner:
    """Tell what answers, on which account, whether it works and how busy it is."""
    engine, state = await context.engines.look()
    return Runner.of(engine, state, queued=context.turn_queue.waiting)


@router.post("/admin/claude/login", status_code=201)
async def start_login(context: ContextDep, _admin: AdminDep) -> ClaudeLogin:
    """Begin a login; one that was begun before is ended.

    It is the Claude CLI's own: the runner keeps what comes of it, and nobody else.
    """
    login = await context.accounts.start_login()
    return ClaudeLogin(login.id, login.url)


@router.post("/admin/claude/login/{login_id}/code", status_code=204)
async def finish_login(
    context: ContextDep, _admin: AdminDep, login_id: str, body: LoginCodeBody
) -> None:
    """Hand over the code that the provider showed, and wait for what comes of it."""
    await context.accounts.finish_login(login_id, body.code)


@router.delete("/admin/claude/login", status_code=204)
async def log_out(context: ContextDep, _admin: AdminDep) -> None:
    """End a login that is under way, and take the one that is there off the runner."""
    await context.accounts.log_out()


@router.post("/admin/claude/test")
async def prove_account(
    context: ContextDep, _admin: AdminDep, body: AccountTestBody | None = None
) -> AccountTest:
    """Prove the account with one tiny turn, which costs a few tokens."""
    proof = await context.accounts.test(body.model if body else None)
    return AccountTest.of(proof)
