"""Holds an answer against the contract's form of an error."""

from http import HTTPStatus
from typing import Any

import httpx


def check_problem(response: httpx.Response, status: int, reason: str) -> dict[str, Any]:
    """Check that a response is this problem, whole, and return it."""
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["reason"]) == (status, reason), problem
    assert response.headers["content-type"] == "application/problem+json"
    assert problem.keys() == {
        "type",
        "title",
        "status",
        "detail",
        "reason",
        "request_id",
        "errors",
    }
    assert problem["type"] == "about:blank"
    assert problem["title"] == HTTPStatus(status).phrase
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["detail"]
    return problem


def wrong_fields(problem: dict[str, Any]) -> list[str]:
    """Return the names of the fields that a problem names."""
    return [each["field"] for each in problem["errors"]]
