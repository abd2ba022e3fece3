"""Pages of lists."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from roundtable_gateway.domain.page import Page
from roundtable_gateway.http.problems import Problem

T = TypeVar("T")

DEFAULT_PAGE_SIZE = 20
_LARGEST_PAGE_SIZE = 100
# Which part of a list a token goes on with.
_OWN, _SHIPPED = "own", "shipped"
_MOST_DIGITS = 9

PageSize = Annotated[int, Query(ge=1, description="Lowered to 100.")]
PageToken = Annotated[str, Query(max_length=500)]


def lowered(page_size: int) -> int:
    """Return a page size within the contract's bound."""
    return min(page_size, _LARGEST_PAGE_SIZE)


async def own_then_shipped(
    list_own: Callable[[int, str], Awaitable[Page[T]]],
    shipped: Sequence[T],
    *,
    page_size: int,
    page_token: str,
) -> Page[T]:
    """Return a page of a list that holds people's own items, then the shipped ones.

    Args:
        list_own: Returns a page of people's own, by size and token.
        shipped: All that are shipped.
        page_size: Lowered to the contract's bound.
        page_token: Where the last page ended. Raises Problem 400 for another's.
    """
    size = lowered(page_size)
    part, _, token = page_token.partition(".")
    if part == _SHIPPED:
        return _shipped_page(shipped, size=size, start=_decode(token))
    if page_token and (part != _OWN or not token):
        raise _bad_token()
    own = await list_own(size, token)
    if own.next_page_token is not None:
        return Page(own.items, f"{_OWN}.{own.next_page_token}")
    rest = _shipped_page(shipped, size=size - len(own.items), start=0)
    return Page((*own.items, *rest.items), rest.next_page_token)


def _shipped_page(shipped: Sequence[T], *, size: int, start: int) -> Page[T]:
    end = start + size
    next_page_token = f"{_SHIPPED}.{end}" if end < len(shipped) else None
    return Page(tuple(shipped[start:end]), next_page_token)


def _decode(token: str) -> int:
    if not (token.isascii() and token.isdigit() and len(token) <= _MOST_DIGITS):
        raise _bad_token()
    return int(token)


def _bad_token() -> Problem:
    return Problem(
        400, "BAD_PAGE_TOKEN", "The page_token is not one that this list gave."
    )
