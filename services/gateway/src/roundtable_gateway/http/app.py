"""The HTTP application: routes, problems, checks, page."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from roundtable_gateway.access.identity import AuthMode
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.https_only import HttpsOnly
from roundtable_gateway.http.identification import Identification
from roundtable_gateway.http.middleware import (
    Gatekeeper,
    RequestIds,
    check_host,
    check_size,
    write_check,
)
from roundtable_gateway.http.openapi import ApiWithEvents
from roundtable_gateway.http.page import mount_page
from roundtable_gateway.http.problems import ProblemDocument, install_handlers
from roundtable_gateway.http.routes import (
    documents,
    estimates,
    events,
    exports,
    health,
    me,
    panels,
    personas,
    revised,
    run_follow_up,
    run_outcome,
    runner,
    runs,
    tokens,
)
from roundtable_gateway.settings import GatewaySettings

_PREFIX = "/api/v1"
_ROUTES = (
    *(me, tokens, personas, panels, documents),
    *(runs, estimates, run_follow_up, run_outcome, exports, revised, events, runner),
)
_EXPOSED_HEADERS = ["ETag", "Retry-After", "x-request-id"]
_ALLOWED_HEADERS = [
    "Authorization",
    "Content-Type",
    "X-Requested-With",
    "Idempotency-Key",
    "If-Match",
    "Last-Event-ID",
]


def build_http(context: Context, settings: GatewaySettings) -> FastAPI:
    """Return the application over its context."""
    app = build_api()
    app.state.context = context
    mount_page(app, settings.page_dir)
    _add_middleware(app, settings)
    return app


def build_api() -> FastAPI:
    """Return the routes alone; they answer once the app has a context."""
    app = ApiWithEvents(
        title="Persona Roundtable",
        version=health.VERSION,
        responses={
            "4XX": {"model": ProblemDocument},
            "5XX": {"model": ProblemDocument},
        },
        redoc_url=None,
    )
    install_handlers(app)
    app.include_router(health.router)
    for module in _ROUTES:
        app.include_router(module.router, prefix=_PREFIX)
    return app


def _add_middleware(app: FastAPI, settings: GatewaySettings) -> None:
    """Add the layers; the last added is the outermost.

    CORS lies between the checks: a foreign Host learns nothing, not even in a
    preflight, but a page of an allowed origin may read why its write was refused.
    The Host is checked in local mode alone: there whoever comes is the owner, while a
    page under a rebound name has neither token nor cookie.
    """
    writes = write_check(origins=settings.cors_origins, public_url=settings.public_url)
    app.add_middleware(Identification)
    app.add_middleware(Gatekeeper, check=check_size)
    app.add_middleware(Gatekeeper, check=writes)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=_ALLOWED_HEADERS,
        expose_headers=_EXPOSED_HEADERS,
    )
    if settings.auth is AuthMode.LOCAL:
        app.add_middleware(Gatekeeper, check=check_host)
    app.add_middleware(RequestIds)
    if settings.is_https:
        app.add_middleware(HttpsOnly)
