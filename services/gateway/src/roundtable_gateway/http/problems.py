"""Errors as `application/problem+json` (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from roundtable_gateway.documents.errors import (
    DocumentError,
    DocumentTooLarge,
    UnsupportedType,
)
from roundtable_kit.errors import FieldViolation, ServiceError
from roundtable_kit.http_statuses import HTTP_STATUSES

_log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

# Where HTTP is more exact than the kinds of errors.
_EXACT_STATUSES = {
    "BAD_PAGE_TOKEN": 400,
    "SEQUENCE_ABOVE_LAST": 400,
    "ETAG_MISMATCH": 412,
}
_DEFAULT_RETRY_SECONDS = 2
_SCHEME = "Bearer"
_BAD_TOKEN = f'{_SCHEME} error="invalid_token"'  # RFC 6750, section 3
_CRASHED = "The service failed; its log says why."
_NO_JSON = "The body is not valid JSON."


class ProblemField(BaseModel):
    """A field that is wrong and how to mend it."""

    field: str
    detail: str


class ProblemDocument(BaseModel):
    """What every error answers."""

    type: str = Field(description="Always about:blank; `reason` tells errors apart.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What happened and what to do.")
    reason: str = Field(description="UPPER_SNAKE word that programs may rely on.")
    request_id: str
    errors: list[ProblemField]


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """An error of HTTP's own, such as an unsupported media type."""

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        violations: Sequence[FieldViolation] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {reason}: {detail}")
        self.status = status
        self.reason = reason
        self.detail = detail
        self.violations = tuple(violations)
        self.headers = headers or {}


def sign_in_required() -> Problem:
    """Return the problem of a stranger where strangers have no access."""
    return Problem(
        401,
        "SIGN_IN_REQUIRED",
        "Sign in, or send a personal access token: Authorization: Bearer rt_…",
        headers={"WWW-Authenticate": _SCHEME},
    )


def admins_only() -> Problem:
    """Return the problem of a member where only admins have access."""
    return Problem(
        403,
        "NOT_AN_ADMIN",
        "Only admins may do this; the gateway's ADMIN_USERS names them.",
    )


def problem_response(problem: Problem, *, request_id: str) -> Response:
    """Return the response that tells a problem."""
    document = ProblemDocument(
        type="about:blank",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        reason=problem.reason,
        request_id=request_id,
        errors=[
            ProblemField(field=violation.field, detail=violation.detail)
            for violation in problem.violations
        ],
    )
    return JSONResponse(
        document.model_dump(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def install_handlers(app: FastAPI) -> None:
    """Make every error of an app a problem document."""

    def answer(request: Request, problem: Problem) -> Response:
        return problem_response(problem, request_id=request.state.request_id)

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - registered for it alone
        return answer(request, error)

    async def on_service_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ServiceError)  # noqa: S101 - registered for it alone
        return answer(request, from_service_error(error))

    async def on_document(request: Request, error: Exception) -> Response:
        assert isinstance(error, DocumentError)  # noqa: S101 - registered for it alone
        return answer(request, _from_document(error))

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        return answer(request, _from_validation(error))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        return answer(request, _from_http(error))

    async def on_crash(request: Request, error: Exception) -> Response:
        _log.error("request.crashed", exc_info=error)
        # This answer goes out above the layer that gives all others their id.
        headers = {"x-request-id": request.state.request_id}
        problem = Problem(500, "INTERNAL", _CRASHED, headers=headers)
        return answer(request, problem)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(ServiceError, on_service_error)
    app.add_exception_handler(DocumentError, on_document)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_crash)


def from_service_error(error: ServiceError) -> Problem:
    """Return the problem that a service's error is to an HTTP client."""
    status = _EXACT_STATUSES.get(error.reason, HTTP_STATUSES[error.kind])
    headers = {}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        seconds = error.retry_after.total_seconds() if error.retry_after else 0
        headers["Retry-After"] = str(max(_DEFAULT_RETRY_SECONDS, round(seconds)))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _BAD_TOKEN
    return Problem(
        status,
        error.reason,
        error.message,
        violations=error.violations,
        headers=headers,
    )


def _from_document(error: DocumentError) -> Problem:
    status = 422
    if isinstance(error, UnsupportedType):
        status = 415
    elif isinstance(error, DocumentTooLarge):
        status = 413
    return Problem(status, error.reason, error.message)


def _from_validation(error: RequestValidationError) -> Problem:
    errors = error.errors()
    if any(item["type"] == "json_invalid" for item in errors):
        return Problem(400, "MALFORMED_JSON", _NO_JSON)
    violations = [
        FieldViolation(_path(item["loc"]), str(item["msg"])) for item in errors
    ]
    fields = ", ".join(sorted({violation.field for violation in violations}))
    return Problem(
        422,
        "INVALID_FIELD",
        f"Something is wrong with: {fields}.",
        violations=violations,
    )


def _path(location: Sequence[int | str]) -> str:
    """Return a field's path without where it was sent (body, query, header)."""
    parts = [str(part) for part in location]
    return ".".join(parts[1:] or parts)


_REASONS = {
    400: "MALFORMED_JSON",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "BODY_TOO_LARGE",
}
_DETAILS = {
    400: _NO_JSON,
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The body is larger than this address takes.",
}


def _from_http(error: HTTPException) -> Problem:
    status = error.status_code
    return Problem(
        status,
        _REASONS.get(status, HTTPStatus(status).name),
        _DETAILS.get(status, str(error.detail)),
        headers=dict(error.headers or {}),
    )
