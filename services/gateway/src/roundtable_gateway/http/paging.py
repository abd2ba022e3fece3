"""Pages of lists."""

import base64
from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from roundtable_gateway.domain.page import Page
from roundtable_gateway.http.problems import Problem

T = TypeVar("T")

DEFAULT_PAGE_SIZE = 20
_LARGEST_PAGE_SIZE = 100

PageSize = Annotated[int, Query(ge=1, description="Lowered to 100.")]
PageToken = Annotated[str, Query(max_length=500)]


def lowered(page_size: int) -> int:
    """Return a page size within the contract's bound."""
    return min(page_size, _LARGEST_PAGE_SIZE)


def page_of(items: Sequence[T], *, page_size: int, page_token: str) -> Page[T]:
    """Return a page of a list that is all in memory. Raises Problem 400 for a token."""
    start = _decode(page_token) if page_token else 0
    end = start + lowered(page_size)
    return Page(tuple(items[start:end]), _encode(end) if end < len(items) else None)


def _encode(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()


def _decode(page_token: str) -> int:
    try:
        text = base64.b64decode(page_token, altchars=b"-_", validate=True).decode()
        start = int(text) if text.isascii() and text.isdigit() else -1
    except ValueError:  # also of what is no base64 or no ASCII
        start = -1
    if start < 0:
        raise Problem(
            400, "BAD_PAGE_TOKEN", "The page_token is not one that this list gave."
        )
    return start
