"""The author's questions in SQL: turns that wait for their first attempt."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from roundtable_store.records.callers import Caller
from roundtable_store.records.questions import NewQuestion
from roundtable_store.records.runs import (
    RunRecord,
    TurnRecord,
    TurnState,
    run_not_at_rest,
)
from roundtable_store.sql.create_keys import find_object, remember_object
from roundtable_store.sql.own_events import wake
from roundtable_store.sql.run_rows import get_detail, get_run
from roundtable_store.sql.tables import TURNS
from roundtable_store.sql.writer import Transaction


def ask(
    transaction: Transaction, caller: Caller, question: NewQuestion, *, now: datetime
) -> tuple[TurnRecord, ...]:
    """Queue an answer turn a seat, once a key, and return the turns as they are.

    Reasons: RUN_NOT_FOUND, RUN_NOT_AT_REST, IDEMPOTENCY_KEY_REUSED.
    """
    connection = transaction.connection
    run = get_run(connection, caller, question.run_id)
    question_id = find_object(connection, question.key, now=now)
    if question_id is None:
        if not run.is_at_rest:
            raise run_not_at_rest()
        question_id = _queue(connection, run, question)
        remember_object(connection, question.key, object_id=question_id, now=now)
        wake(connection, run.run_id)
    turns = get_detail(connection, run).turns
    return tuple(turn for turn in turns if turn.turn_id.startswith(f"{question_id}-"))


def find_question_ids(connection: Connection, run_ids: list[str]) -> list[str]:
    """Return what keys of questions to these runs stand for."""
    rows = connection.execute(
        select(TURNS.c.run_id, TURNS.c.question)
        .where(TURNS.c.run_id.in_(run_ids), TURNS.c.question > 0)
        .distinct()
    )
    return [_name(row.run_id, row.question) for row in rows]


def _queue(connection: Connection, run: RunRecord, question: NewQuestion) -> str:
    number = _next_number(connection, run.run_id)
    question_id = _name(run.run_id, number)
    # Each answer adds two events or more before the run is at rest again, so that the
    # positions of whatever is begun later lie behind these.
    for position, seat in enumerate(question.panelist_ids, run.last_sequence + 1):
        turn_id = f"{question_id}-{seat}"
        connection.execute(
            insert(TURNS),
            {
                "run_id": run.run_id,
                "turn_id": turn_id,
                "owner": run.owner,
                "position": position,
                "attempt": 0,
                "state": TurnState.QUEUED.value,
                "reason": "",
                "next_part_index": 0,
                "question": number,
                "body": question.render(turn_id, seat),
            },
        )
    return question_id


def _next_number(connection: Connection, run_id: str) -> int:
    last: int | None = connection.execute(
        select(func.max(TURNS.c.question)).where(TURNS.c.run_id == run_id)
    ).scalar_one()
    return (last or 0) + 1


def _name(run_id: str, number: int) -> str:
    """Return what the ids of a question's turns begin with; the seat follows."""
    return f"{run_id}-8-{number}"
