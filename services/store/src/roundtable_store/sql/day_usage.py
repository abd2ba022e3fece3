"""What is used in a day, in SQL: by owner and model, apart from the runs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, func, insert, select, update

from roundtable_store.records.runs import Usage
from roundtable_store.sql.tables import EVENTS, USAGE_BY_DAY

DayAndModel: TypeAlias = tuple[date, str]

_SUMS = ("input_tokens", "output_tokens", "cache_read_tokens", "cost_usd", "turns")
_IS_THIS = (
    USAGE_BY_DAY.c.day == bindparam("of_day"),
    USAGE_BY_DAY.c.owner == bindparam("of_owner"),
    USAGE_BY_DAY.c.model == bindparam("of_model"),
)
_SELECT = select(*(USAGE_BY_DAY.c[name] for name in _SUMS)).where(*_IS_THIS)
_INSERT = insert(USAGE_BY_DAY)
_UPDATE = update(USAGE_BY_DAY).where(*_IS_THIS)


def find_start_day(
    connection: Connection, run_id: str, *, turn_id: str, attempt: int
) -> date | None:
    """Return the day on which an attempt was begun; None where the log has no start."""
    time: datetime | None = connection.execute(
        select(EVENTS.c.time).where(
            EVENTS.c.run_id == run_id,
            EVENTS.c.event_type == "turn.started",
            EVENTS.c.turn_id == turn_id,
            EVENTS.c.attempt == attempt,
        )
    ).scalar_one_or_none()
    return None if time is None else time.date()


def add_day_usage(
    connection: Connection, *, owner: str, spent: Mapping[DayAndModel, Usage]
) -> None:
    """Add to what an owner has used, by day and model."""
    for (day, model), usage in spent.items():
        key = {"of_day": day.isoformat(), "of_owner": owner, "of_model": model}
        known = connection.execute(_SELECT, key).one_or_none()
        if known is None:
            row = {"day": day.isoformat(), "owner": owner, "model": model}
            connection.execute(_INSERT, row | _columns(usage))
        else:
            total = Usage(**known._mapping) + usage  # noqa: SLF001 - SQLAlchemy's own public name
            connection.execute(_UPDATE.values(**_columns(total)), key)


def read_day_usage(connection: Connection, day: date) -> Usage:
    """Return what all owners have used in a day."""
    sums = connection.execute(
        select(*(func.sum(USAGE_BY_DAY.c[name]).label(name) for name in _SUMS)).where(
            USAGE_BY_DAY.c.day == day.isoformat()
        )
    ).one()
    if sums.turns is None:
        return Usage()
    return Usage(**sums._mapping)  # noqa: SLF001 - SQLAlchemy's own public name


def _columns(usage: Usage) -> dict[str, Any]:
    return {name: getattr(usage, name) for name in _SUMS}
