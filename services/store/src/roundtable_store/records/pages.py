"""Pages of lists that are ordered newest first, ties by identifier."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last item of a page."""

    create_time: datetime
    object_id: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How much to return, and behind which item."""

    size: int
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items; `next_cursor` is None on the last page."""

    items: tuple[Item, ...]
    next_cursor: Cursor | None
