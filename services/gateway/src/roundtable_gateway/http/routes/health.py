"""Health, for people, load balancers and monitors."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Response

from roundtable_gateway.domain.run import Account, Engine
from roundtable_gateway.http.context import ContextDep, VisitorDep
from roundtable_kit.errors import ServiceError

router = APIRouter(tags=["health"])

VERSION = version("roundtable-gateway")


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """Whether a service serves."""

    status: Literal["ok", "down"]


@dataclass(frozen=True, slots=True)
class RunnerHealth(ServiceHealth):
    """Whether the runner serves, and what would answer a new run.

    `since` says since when it has this account, `working` whether the account answered
    when it was last used.
    """

    engine: Engine | None = None
    account: Account | None = None
    since: datetime | None = None
    working: bool | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """The services behind the gateway."""

    store: ServiceHealth
    persona_runner: RunnerHealth


@dataclass(frozen=True, slots=True)
class Health:
    """The whole service's health."""

    status: Literal["ok", "degraded", "down"]
    version: str
    services: Services


@router.get("/health", responses={503: {"model": Health}})
async def get_health(
    context: ContextDep, visitor: VisitorDep, response: Response
) -> Health:
    """Tell the health of all services; 503 when the store is away.

    What answers, and on which account, is told to those who are signed in.
    """
    is_store_up = await context.peers.is_store_serving()
    may_ask_more = is_store_up and visitor is not None
    runner = await _runner_health(context, may_ask_more=may_ask_more)
    status: Literal["ok", "degraded", "down"] = "ok"
    if not is_store_up:
        status, response.status_code = "down", 503
    elif runner.status == "down":
        status = "degraded"
    return Health(
        status=status,
        version=VERSION,
        services=Services(
            store=ServiceHealth("ok" if is_store_up else "down"),
            persona_runner=runner,
        ),
    )


@router.get("/livez", include_in_schema=False)
async def get_livez() -> dict[str, str]:
    """Tell that the process lives."""
    return {"status": "ok"}


@router.get("/readyz", include_in_schema=False)
async def get_readyz(context: ContextDep, response: Response) -> dict[str, str]:
    """Tell whether requests can be served: whether the store is there."""
    if await context.peers.is_store_serving():
        return {"status": "ok"}
    response.status_code = 503
    return {"status": "down"}


async def _runner_health(context: ContextDep, *, may_ask_more: bool) -> RunnerHealth:
    if not await context.peers.is_runner_serving():
        return RunnerHealth("down")
    if not may_ask_more:
        # Which engine answers is partly the store's to say.
        return RunnerHealth("ok")
    try:
        engine, runner = await context.engines.look()
    except ServiceError:
        return RunnerHealth("ok")
    return RunnerHealth("ok", engine, runner.account, runner.since, runner.is_working)
