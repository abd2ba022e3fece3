"""An append as one unit of work: token, dedupe, legality, log, state rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from roundtable_store.records import facts
from roundtable_store.records.events import NewEvent
from roundtable_store.records.leases import Append, count_known, require_token
from roundtable_store.records.lifecycle import LogState, TurnProgress
from roundtable_store.records.runs import (
    RunState,
    TurnState,
    Usage,
    run_ended,
    run_not_found,
)
from roundtable_store.sql.log import append_events
from roundtable_store.sql.projector import Projector, RunColumns
from roundtable_store.sql.tables import FINDINGS, RUNS, TURNS
from roundtable_store.sql.writer import Transaction

_SELECT_RUN = select(
    RUNS.c.run_id,
    RUNS.c.owner,
    RUNS.c.state,
    RUNS.c.reason,
    RUNS.c.is_queued,
    RUNS.c.last_sequence,
    RUNS.c.start_time,
    RUNS.c.end_time,
    RUNS.c.input_tokens,
    RUNS.c.output_tokens,
    RUNS.c.cache_read_tokens,
    RUNS.c.cost_usd,
    RUNS.c.turns,
    RUNS.c.progress,
    RUNS.c.pause,
    RUNS.c.holder,
    RUNS.c.fencing_token,
    RUNS.c.appended,
).where(RUNS.c.run_id == bindparam("of_run"))
_SELECT_TURNS = select(TURNS.c.turn_id, TURNS.c.attempt, TURNS.c.state).where(
    TURNS.c.run_id == bindparam("of_run")
)
_SELECT_FINDING_IDS = select(FINDINGS.c.finding_id).where(
    FINDINGS.c.run_id == bindparam("of_run")
)
_MOVED_COLUMNS = (
    "state",
    "reason",
    "is_queued",
    "start_time",
    "end_time",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cost_usd",
    "turns",
    "last_sequence",
    "appended",
    "progress",
    "pause",
)
_UPDATE_RUN = (
    update(RUNS)
    .where(RUNS.c.run_id == bindparam("of_run"))
    .values({name: bindparam(f"new_{name}") for name in _MOVED_COLUMNS})
)


def append(transaction: Transaction, request: Append, *, now: datetime) -> int:
    """Append what is not in the log yet and return the log's last sequence.

    Reasons: RUN_NOT_FOUND, FENCED, APPEND_GAP, ILLEGAL_EVENT, RUN_ENDED.
    """
    connection = transaction.connection
    run = connection.execute(_SELECT_RUN, {"of_run": request.run_id}).one_or_none()
    if run is None:
        raise run_not_found()
    require_token(
        request.fencing_token, current=run.fencing_token, is_held=bool(run.holder)
    )
    known = count_known(request.first_index, len(request.events), appended=run.appended)
    events = request.events[known:]
    last_sequence: int = run.last_sequence
    is_repetition = not events and bool(request.events)
    if is_repetition or (not events and request.progress is None):
        return last_sequence
    if not events and RunState(run.state).is_ended:
        raise run_ended()
    columns = _project(connection, run, events, now=now)
    if events:
        append_events(
            connection,
            events,
            run_id=run.run_id,
            owner=run.owner,
            last_sequence=last_sequence,
            now=now,
        )
        transaction.changed_runs.add(run.run_id)
    _write_run(connection, run, columns, count=len(events), progress=request.progress)
    return last_sequence + len(events)


def _project(
    connection: Connection,
    run: Row[*tuple[Any, ...]],
    events: tuple[NewEvent, ...],
    *,
    now: datetime,
) -> RunColumns:
    columns = RunColumns(
        state=RunState(run.state),
        reason=run.reason,
        is_queued=run.is_queued,
        start_time=run.start_time,
        end_time=run.end_time,
        usage=Usage(
            input_tokens=run.input_tokens,
            output_tokens=run.output_tokens,
            cache_read_tokens=run.cache_read_tokens,
            cost_usd=run.cost_usd,
            turns=run.turns,
        ),
        pause=run.pause,
    )
    projector = Projector(
        connection=connection,
        run_id=run.run_id,
        owner=run.owner,
        now=now,
        run=columns,
        log=_read_log_state(connection, run.run_id, columns, events),
    )
    for sequence, event in enumerate(events, run.last_sequence + 1):
        projector.apply(event, sequence=sequence)
    projector.flush()
    return columns


def _read_log_state(
    connection: Connection,
    run_id: str,
    columns: RunColumns,
    events: tuple[NewEvent, ...],
) -> LogState:
    turns = connection.execute(_SELECT_TURNS, {"of_run": run_id})
    finding_ids: frozenset[str] = frozenset()
    if any(isinstance(event.fact, facts.FindingFact) for event in events):
        finding_ids = frozenset(
            connection.execute(_SELECT_FINDING_IDS, {"of_run": run_id}).scalars()
        )
    return LogState(
        phase=columns.phase,
        turns={
            turn.turn_id: TurnProgress(turn.attempt, TurnState(turn.state))
            for turn in turns
        },
        finding_ids=finding_ids,
        is_paused=columns.pause is not None,
    )


def _write_run(
    connection: Connection,
    run: Row[*tuple[Any, ...]],
    columns: RunColumns,
    *,
    count: int,
    progress: bytes | None,
) -> None:
    usage = columns.usage
    connection.execute(
        _UPDATE_RUN,
        {
            "of_run": run.run_id,
            "new_state": columns.state.value,
            "new_reason": columns.reason,
            "new_is_queued": columns.is_queued,
            "new_start_time": columns.start_time,
            "new_end_time": columns.end_time,
            "new_input_tokens": usage.input_tokens,
            "new_output_tokens": usage.output_tokens,
            "new_cache_read_tokens": usage.cache_read_tokens,
            "new_cost_usd": usage.cost_usd,
            "new_turns": usage.turns,
            "new_last_sequence": run.last_sequence + count,
            "new_appended": run.appended + count,
            "new_progress": run.progress if progress is None else progress,
            "new_pause": columns.pause,
        },
    )
