"""The log in SQL: reading it, and appending many events at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from roundtable_store.records.callers import Caller
from roundtable_store.records.events import (
    EventPage,
    NewEvent,
    StoredEvent,
    sequence_above_last,
)
from roundtable_store.records.runs import run_not_found
from roundtable_store.sql.run_rows import visible_to
from roundtable_store.sql.tables import EVENTS, RUNS

# A page ends early behind this much, so that it fits a message whatever it holds.
_PAGE_BYTES = 1024 * 1024

_INSERT_EVENTS = insert(EVENTS)
_SELECT_EVENTS = (
    select(EVENTS.c.sequence, EVENTS.c.time, EVENTS.c.payload)
    .where(
        EVENTS.c.run_id == bindparam("of_run"), EVENTS.c.sequence > bindparam("after")
    )
    .order_by(EVENTS.c.sequence)
    .limit(bindparam("at_most"))
)


def append_events(
    connection: Connection,
    events: Sequence[NewEvent],
    *,
    run_id: str,
    owner: str,
    last_sequence: int,
    now: datetime,
) -> None:
    """Write events behind the log's last one."""
    connection.execute(
        _INSERT_EVENTS,
        [
            {
                "run_id": run_id,
                "sequence": sequence,
                "owner": owner,
                "time": now,
                "event_type": event.event_type,
                "turn_id": event.turn_id,
                "attempt": event.attempt,
                "payload": event.payload,
            }
            for sequence, event in enumerate(events, last_sequence + 1)
        ],
    )


def read_first_payload(connection: Connection, run_id: str) -> bytes:
    """Return the payload of event 1, which every run has."""
    payload: bytes = connection.execute(
        select(EVENTS.c.payload).where(
            EVENTS.c.run_id == run_id, EVENTS.c.sequence == 1
        )
    ).scalar_one()
    return payload


def read_event_page(
    connection: Connection, caller: Caller, run_id: str, *, after: int, limit: int
) -> EventPage:
    """Return events behind a sequence (RUN_NOT_FOUND, SEQUENCE_ABOVE_LAST)."""
    run = connection.execute(
        visible_to(caller, select(RUNS.c.last_sequence, RUNS.c.rest_time)).where(
            RUNS.c.run_id == run_id
        )
    ).one_or_none()
    if run is None:
        raise run_not_found()
    if after > run.last_sequence:
        raise sequence_above_last()
    events, is_last = _read_events(connection, run_id, after=after, limit=limit)
    return EventPage(
        events=events,
        last_sequence=run.last_sequence,
        is_at_rest=run.rest_time is not None,
        is_last=is_last,
    )


def _read_events(
    connection: Connection, run_id: str, *, after: int, limit: int
) -> tuple[tuple[StoredEvent, ...], bool]:
    """Return the events, and whether the log has no more of them."""
    events: list[StoredEvent] = []
    total_bytes = 0
    with connection.execute(
        _SELECT_EVENTS, {"of_run": run_id, "after": after, "at_most": limit + 1}
    ) as rows:
        for row in rows:
            total_bytes += len(row.payload)
            if len(events) == limit or (events and total_bytes > _PAGE_BYTES):
                return tuple(events), False
            events.append(StoredEvent(row.sequence, row.time, row.payload))
    return tuple(events), True
