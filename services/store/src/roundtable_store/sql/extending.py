"""Events behind a log's last one: legality, log, state rows, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, select, update

from roundtable_store.records import facts
from roundtable_store.records.events import NewEvent
from roundtable_store.records.lifecycle import LogState, TurnProgress
from roundtable_store.records.runs import (
    RunState,
    TurnState,
    Usage,
    run_not_found,
)
from roundtable_store.sql.log import append_events
from roundtable_store.sql.projector import Projector, RunColumns
from roundtable_store.sql.tables import FINDINGS, RUNS, TURNS
from roundtable_store.sql.writer import Transaction

LogRow: TypeAlias = Row[*tuple[Any, ...]]

# What finds its finding among those that count.
_OF_FINDINGS = facts.FindingFact | facts.DispositionSet

_SELECT_RUN = select(
    RUNS.c.run_id,
    RUNS.c.owner,
    RUNS.c.state,
    RUNS.c.reason,
    RUNS.c.is_queued,
    RUNS.c.last_sequence,
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
    RUNS.c.holder,
    RUNS.c.fencing_token,
    RUNS.c.appended,
).where(RUNS.c.run_id == bindparam("of_run"))
_SELECT_TURNS = select(
    TURNS.c.turn_id,
    TURNS.c.attempt,
    TURNS.c.state,
    TURNS.c.question,
    TURNS.c.end_time,
).where(TURNS.c.run_id == bindparam("of_run"))
_SELECT_FINDING_IDS = select(FINDINGS.c.finding_id).where(
    FINDINGS.c.run_id == bindparam("of_run")
)
_MOVED_COLUMNS = (
    "state",
    "reason",
    "is_queued",
    "start_time",
    "end_time",
    "reopen_time",
    "rest_time",
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


def read_log_row(connection: Connection, run_id: str) -> LogRow:
    """Return what moves of a run when its log grows (RUN_NOT_FOUND)."""
    run = connection.execute(_SELECT_RUN, {"of_run": run_id}).one_or_none()
    if run is None:
        raise run_not_found()
    return run


def extend_log(
    transaction: Transaction,
    run: LogRow,
    events: Sequence[NewEvent],
    *,
    now: datetime,
    appended: int,
    progress: bytes | None = None,
) -> int:
    """Write events and move the rows they speak of; return the log's last sequence.

    Args:
        transaction: What to write with.
        run: The run as it is in this transaction.
        events: May be none where only the progress moves.
        now: The events' time.
        appended: How many events its claim has then appended; the store's own events
            are none of them.
        progress: Where the run is then; None leaves it.

    Reasons: ILLEGAL_EVENT.
    """
    connection = transaction.connection
    projector = _project(connection, run, events, now=now)
    if events:
        append_events(
            connection,
            events,
            run_id=run.run_id,
            owner=run.owner,
            last_sequence=run.last_sequence,
            now=now,
        )
        transaction.changed_runs.add(run.run_id)
    last_sequence: int = run.last_sequence + len(events)
    is_at_rest = projector.log.is_at_rest
    connection.execute(
        _UPDATE_RUN,
        _moved(projector.run)
        | {
            "of_run": run.run_id,
            "new_last_sequence": last_sequence,
            "new_appended": appended,
            "new_progress": run.progress if progress is None else progress,
            "new_rest_time": (run.rest_time or now) if is_at_rest else None,
        },
    )
    return last_sequence


def _project(
    connection: Connection, run: LogRow, events: Sequence[NewEvent], *, now: datetime
) -> Projector:
    columns = _to_columns(run)
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
    return projector


def _to_columns(run: LogRow) -> RunColumns:
    return RunColumns(
        state=RunState(run.state),
        reason=run.reason,
        is_queued=run.is_queued,
        start_time=run.start_time,
        end_time=run.end_time,
        reopen_time=run.reopen_time,
        usage=Usage(
            input_tokens=run.input_tokens,
            output_tokens=run.output_tokens,
            cache_read_tokens=run.cache_read_tokens,
            cost_usd=run.cost_usd,
            turns=run.turns,
        ),
        pause=run.pause,
    )


def _read_log_state(
    connection: Connection,
    run_id: str,
    columns: RunColumns,
    events: Sequence[NewEvent],
) -> LogState:
    turns = connection.execute(_SELECT_TURNS, {"of_run": run_id})
    finding_ids: frozenset[str] = frozenset()
    if any(isinstance(event.fact, _OF_FINDINGS) for event in events):
        finding_ids = frozenset(
            connection.execute(_SELECT_FINDING_IDS, {"of_run": run_id}).scalars()
        )
    return LogState(
        phase=columns.phase,
        turns={
            turn.turn_id: TurnProgress(
                turn.attempt,
                TurnState(turn.state),
                is_answer=turn.question > 0,
                is_past=_is_past(turn.end_time, columns.reopen_time),
            )
            for turn in turns
        },
        finding_ids=finding_ids,
        is_paused=columns.pause is not None,
    )


def _is_past(end_time: datetime | None, reopen_time: datetime | None) -> bool:
    if end_time is None or reopen_time is None:
        return False
    return end_time <= reopen_time


def _moved(columns: RunColumns) -> dict[str, Any]:
    usage = columns.usage
    return {
        "new_state": columns.state.value,
        "new_reason": columns.reason,
        "new_is_queued": columns.is_queued,
        "new_start_time": columns.start_time,
        "new_end_time": columns.end_time,
        "new_reopen_time": columns.reopen_time,
        "new_input_tokens": usage.input_tokens,
        "new_output_tokens": usage.output_tokens,
        "new_cache_read_tokens": usage.cache_read_tokens,
        "new_cost_usd": usage.cost_usd,
        "new_turns": usage.turns,
        "new_pause": columns.pause,
    }
