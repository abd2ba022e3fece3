"""Problem documents (RFC 9457) as failures told in words."""

from typing import Any

import httpx

from roundtable_cli.errors import RequestRefusedError
from roundtable_cli.printable import one_line

_HOW_TO_SIGN_IN = (
    "Set ROUNDTABLE_TOKEN, or ROUNDTABLE_TOKEN_FILE, to a personal access token.",
    "Where the gateway's store runs, this makes one: roundtable token create EMAIL",
    "or: docker compose exec store python -m roundtable_store create-token EMAIL",
)


def refusal(answer: httpx.Response) -> RequestRefusedError:
    """Return the failure for an answer that is no success: title, detail, fields."""
    problem = _problem(answer)
    title = one_line(str(problem.get("title") or f"HTTP {answer.status_code}"))
    reason = one_line(str(problem.get("reason") or ""))
    details = [one_line(str(problem["detail"]))] if problem.get("detail") else []
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        details += _HOW_TO_SIGN_IN
    details += [f"{field}: {detail}" for field, detail in _fields(problem)]
    request_id = one_line(answer.headers.get("x-request-id", ""))
    if answer.is_server_error and request_id:
        details.append(f"Request id for the gateway's log: {request_id}")
    heading = f"{title} ({reason})" if reason else title
    return RequestRefusedError(
        heading, tuple(details), status=answer.status_code, reason=reason
    )


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _fields(problem: dict[str, Any]) -> list[tuple[str, str]]:
    errors = problem.get("errors")
    if not isinstance(errors, list):
        return []
    return [
        (one_line(str(error.get("field"))), one_line(str(error.get("detail"))))
        for error in errors
        if isinstance(error, dict)
    ]
