"""Pages by (create_time, identifier), newest first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, literal, tuple_

from roundtable_store.records.pages import Cursor, Page, PageRequest

Item = TypeVar("Item")


def read_page(
    connection: Connection,
    statement: Select[*tuple[Any, ...]],
    *,
    page: PageRequest,
    order: tuple[Column[datetime], Column[str]],
    to_item: Callable[[Row[*tuple[Any, ...]]], Item],
) -> Page[Item]:
    """Return the statement's next page.

    Args:
        connection: Where to read.
        statement: Selects the order's columns among others.
        page: How much, and behind what.
        order: The columns of creation time and identifier.
        to_item: Makes the item of a row.
    """
    if page.after is not None:
        create_time, object_id = order
        # Typed, as a bare moment would be compared as text and be above all numbers.
        behind = (
            literal(page.after.create_time, create_time.type),
            literal(page.after.object_id, object_id.type),
        )
        statement = statement.where(tuple_(*order) < tuple_(*behind))
    newest_first = [column.desc() for column in order]
    rows = connection.execute(
        statement.order_by(*newest_first).limit(page.size + 1)
    ).all()
    shown = rows[: page.size]
    cursor = _cursor(shown, order) if len(rows) > page.size else None
    return Page(tuple(to_item(row) for row in shown), cursor)


def _cursor(
    rows: Sequence[Row[*tuple[Any, ...]]], order: tuple[Column[datetime], Column[str]]
) -> Cursor:
    create_time, object_id = order
    last = rows[-1]._mapping  # noqa: SLF001 - SQLAlchemy's documented name
    return Cursor(last[create_time], last[object_id])
