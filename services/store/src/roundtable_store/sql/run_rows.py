"""Reads of runs that the people's and the conductor's side share."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Select, func, select, tuple_

from roundtable_store.records.callers import Caller
from roundtable_store.records.findings import Disposition, FindingRecord
from roundtable_store.records.runs import (
    RunDetail,
    RunRecord,
    RunState,
    TurnRecord,
    TurnState,
    Usage,
    run_not_found,
)
from roundtable_store.sql.tables import (
    EVENTS,
    FINDINGS,
    RUN_BODIES,
    RUNS,
    STANCES,
    TURNS,
)

_Row: TypeAlias = Row[*tuple[Any, ...]]
_Deltas: TypeAlias = dict[tuple[str, int], list[bytes]]

_AHEAD = RUNS.alias("ahead")
_QUEUE_POSITION = (
    select(func.count())
    .select_from(_AHEAD)
    .where(
        _AHEAD.c.state == RunState.PENDING.value,
        tuple_(_AHEAD.c.create_time, _AHEAD.c.run_id)
        < tuple_(RUNS.c.create_time, RUNS.c.run_id),
        RUNS.c.state == RunState.PENDING.value,
    )
    .correlate(RUNS)
    .scalar_subquery()
    .label("queue_position")
)

SELECT_RUN = select(
    RUNS.c.run_id,
    RUNS.c.owner,
    RUNS.c.document_id,
    RUNS.c.state,
    RUNS.c.reason,
    RUNS.c.is_cancel_requested,
    RUNS.c.last_sequence,
    RUNS.c.create_time,
    RUNS.c.start_time,
    RUNS.c.end_time,
    RUNS.c.reopen_time,
    RUNS.c.rest_time,
    RUNS.c.input_tokens,
    RUNS.c.output_tokens,
    RUNS.c.cache_read_tokens,
    RUNS.c.cost_usd,
    RUNS.c.turns,
    RUNS.c.progress,
    RUNS.c.pause,
    RUN_BODIES.c.body,
    _QUEUE_POSITION,
).join(RUN_BODIES, RUN_BODIES.c.run_id == RUNS.c.run_id)


SELECT_FINDING = select(
    FINDINGS.c.run_id,
    FINDINGS.c.body,
    FINDINGS.c.disposition,
    FINDINGS.c.disposition_reason,
    FINDINGS.c.answer,
    FINDINGS.c.answer_reason,
)


def visible_to(
    caller: Caller, statement: Select[*tuple[Any, ...]]
) -> Select[*tuple[Any, ...]]:
    """Return the statement on runs, narrowed to those that the caller sees."""
    if caller.visible_owner is None:
        return statement
    return statement.where(RUNS.c.owner == caller.visible_owner)


def get_run(connection: Connection, caller: Caller, run_id: str) -> RunRecord:
    """Return a run that the caller sees (RUN_NOT_FOUND)."""
    row = connection.execute(
        visible_to(caller, SELECT_RUN).where(RUNS.c.run_id == run_id)
    ).one_or_none()
    if row is None:
        raise run_not_found()
    return to_run(row)


def get_detail(connection: Connection, run: RunRecord) -> RunDetail:
    """Return a run with all that belongs to it."""
    turns = _get_turns(connection, run)
    deltas = _get_deltas(connection, run) if _has_unanswered(turns) else {}
    bodies = connection.execute(
        select(
            RUN_BODIES.c.decision,
            RUN_BODIES.c.clusters,
            RUN_BODIES.c.agenda,
            RUN_BODIES.c.synthesis,
        ).where(RUN_BODIES.c.run_id == run.run_id)
    ).one()
    return RunDetail(
        run=run,
        turns=tuple(_to_turn(row, deltas) for row in turns),
        findings=_get_findings(connection, run),
        stances=_get_stances(connection, run),
        decision=bodies.decision,
        clusters=bodies.clusters,
        agenda=bodies.agenda,
        synthesis=bodies.synthesis,
    )


def _get_findings(connection: Connection, run: RunRecord) -> tuple[FindingRecord, ...]:
    rows = connection.execute(
        SELECT_FINDING.where(FINDINGS.c.run_id == run.run_id).order_by(
            FINDINGS.c.position
        )
    )
    return tuple(map(to_finding, rows))


def _get_stances(connection: Connection, run: RunRecord) -> tuple[bytes, ...]:
    rows = connection.execute(
        select(STANCES.c.body)
        .where(STANCES.c.run_id == run.run_id)
        .order_by(STANCES.c.position)
    )
    return tuple(rows.scalars())


def _get_turns(connection: Connection, run: RunRecord) -> Sequence[_Row]:
    rows = connection.execute(
        select(
            TURNS.c.turn_id,
            TURNS.c.attempt,
            TURNS.c.state,
            TURNS.c.reason,
            TURNS.c.next_part_index,
            TURNS.c.end_time,
            TURNS.c.retry_time,
            TURNS.c.usage,
            TURNS.c.body,
        )
        .where(TURNS.c.run_id == run.run_id)
        .order_by(TURNS.c.position)
    )
    return rows.all()


def _has_unanswered(turns: Sequence[_Row]) -> bool:
    return any(TurnState(turn.state) is not TurnState.SUCCEEDED for turn in turns)


def _get_deltas(connection: Connection, run: RunRecord) -> _Deltas:
    """Return what was spoken, by turn and attempt."""
    rows = connection.execute(
        select(EVENTS.c.turn_id, EVENTS.c.attempt, EVENTS.c.payload)
        .where(EVENTS.c.run_id == run.run_id, EVENTS.c.event_type == "turn.delta")
        .order_by(EVENTS.c.sequence)
    )
    deltas: _Deltas = {}
    for row in rows:
        deltas.setdefault((row.turn_id, row.attempt), []).append(row.payload)
    return deltas


def to_run(row: _Row) -> RunRecord:
    """Return the record of a row of `SELECT_RUN`."""
    state = RunState(row.state)
    return RunRecord(
        run_id=row.run_id,
        owner=row.owner,
        document_id=row.document_id,
        state=state,
        reason=row.reason,
        usage=Usage(
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            cache_read_tokens=row.cache_read_tokens,
            cost_usd=row.cost_usd,
            turns=row.turns,
        ),
        last_sequence=row.last_sequence,
        create_time=row.create_time,
        start_time=row.start_time,
        end_time=row.end_time,
        reopen_time=row.reopen_time,
        is_at_rest=row.rest_time is not None,
        is_cancel_requested=row.is_cancel_requested,
        queue_position=row.queue_position if state is RunState.PENDING else None,
        progress=row.progress,
        pause=row.pause,
        body=row.body,
    )


def to_finding(row: _Row) -> FindingRecord:
    """Return the record of a row of `SELECT_FINDING`: the author has the last word."""
    if row.answer is not None:
        return FindingRecord(row.body, Disposition(row.answer), row.answer_reason)
    return FindingRecord(row.body, Disposition(row.disposition), row.disposition_reason)


def _to_turn(row: _Row, deltas: _Deltas) -> TurnRecord:
    state = TurnState(row.state)
    spoken = deltas.get((row.turn_id, row.attempt), [])
    return TurnRecord(
        turn_id=row.turn_id,
        attempt=row.attempt,
        state=state,
        reason=row.reason,
        next_part_index=row.next_part_index,
        end_time=row.end_time,
        retry_time=row.retry_time if state is TurnState.QUEUED else None,
        usage=None if row.usage is None else Usage(**json.loads(row.usage)),
        body=row.body,
        deltas=() if state is TurnState.SUCCEEDED else tuple(spoken),
    )
