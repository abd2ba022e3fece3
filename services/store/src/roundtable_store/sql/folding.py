"""Removes the text deltas of runs that have been at rest for a while.

A turn's final event holds its text, so a finished run is small and replays fast.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from roundtable_kit.clock import Clock
from roundtable_store.records.events import DELTA_TYPE
from roundtable_store.sql.database import Database
from roundtable_store.sql.tables import EVENTS, RUNS

REST = timedelta(minutes=10)

# So that appends of other runs never wait long behind a large log.
_BATCH_EVENTS = 2000


class Folding:
    """Folds logs, a bounded batch at a time."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def fold_all(self) -> int:
        """Remove every delta that is due and return how many there were."""
        removed = 0
        while (count := await self._fold_batch()) is not None:
            removed += count
        return removed

    async def _fold_batch(self) -> int | None:
        due_time = self._clock.now() - REST
        return await self._database.write(
            lambda transaction: _fold_next(transaction.connection, due_time)
        )


def _fold_next(connection: Connection, due_time: datetime) -> int | None:
    """Remove a batch of a run that is due and return its size; None for no such run.

    Both in one transaction, lest a run be woken between them.
    """
    run_id = _find_due_run(connection, due_time)
    return None if run_id is None else _fold(connection, run_id)


def _find_due_run(connection: Connection, due_time: datetime) -> str | None:
    run_id: str | None = connection.execute(
        select(RUNS.c.run_id)
        .where(RUNS.c.is_folded.is_(False), RUNS.c.rest_time <= due_time)
        .order_by(RUNS.c.rest_time)
        .limit(1)
    ).scalar_one_or_none()
    return run_id


def _fold(connection: Connection, run_id: str) -> int:
    oldest = (
        select(EVENTS.c.sequence)
        .where(EVENTS.c.run_id == run_id, EVENTS.c.event_type == DELTA_TYPE)
        .order_by(EVENTS.c.sequence)
        .limit(_BATCH_EVENTS)
    )
    count = connection.execute(
        delete(EVENTS).where(EVENTS.c.run_id == run_id, EVENTS.c.sequence.in_(oldest))
    ).rowcount
    if count < _BATCH_EVENTS:
        connection.execute(
            update(RUNS).where(RUNS.c.run_id == run_id).values(is_folded=True)
        )
    return count
