"""The author's word on findings, and retries, in SQL: the store's own events."""

from datetime import datetime

from sqlalchemy import Connection, update

from roundtable_store.records import facts
from roundtable_store.records.callers import Caller
from roundtable_store.records.events import NewEvent
from roundtable_store.records.findings import FindingRecord, finding_not_found
from roundtable_store.records.requests import CreateKey
from roundtable_store.records.runs import RunRecord, run_not_retriable
from roundtable_store.sql.create_keys import find_object, remember_object
from roundtable_store.sql.extending import extend_log, read_log_row
from roundtable_store.sql.run_rows import SELECT_FINDING, get_run, to_finding
from roundtable_store.sql.tables import FINDINGS, RUNS
from roundtable_store.sql.writer import Transaction


def set_disposition(
    transaction: Transaction,
    caller: Caller,
    run_id: str,
    *,
    event: NewEvent,
    now: datetime,
) -> FindingRecord:
    """Keep the author's answer to a finding; what stands already adds no event.

    Reasons: RUN_NOT_FOUND, FINDING_NOT_FOUND.
    """
    answer = event.fact
    if not isinstance(answer, facts.DispositionSet):
        raise TypeError("the event is no answer to a finding")
    connection = transaction.connection
    get_run(connection, caller, run_id)
    finding = _get_finding(connection, run_id, answer.finding_id)
    stands = (finding.disposition, finding.disposition_reason)
    if stands == (answer.disposition, answer.reason):
        return finding
    _append_own(transaction, run_id, event, now=now)
    return _get_finding(connection, run_id, answer.finding_id)


def reopen(
    transaction: Transaction,
    caller: Caller,
    run_id: str,
    *,
    event: NewEvent,
    key: CreateKey,
    now: datetime,
) -> RunRecord:
    """Open an ended run again, once a key.

    Reasons: RUN_NOT_FOUND, RUN_NOT_RETRIABLE, IDEMPOTENCY_KEY_REUSED.
    """
    connection = transaction.connection
    run = get_run(connection, caller, run_id)
    if find_object(connection, key, now=now) is not None:
        return run
    if not (run.is_at_rest and run.state.is_retriable):
        raise run_not_retriable()
    remember_object(connection, key, object_id=run_id, now=now)
    _append_own(transaction, run_id, event, now=now)
    wake(connection, run_id)
    return get_run(connection, caller, run_id)


def wake(connection: Connection, run_id: str) -> None:
    """Let a run at rest be claimed at once; what was asked of it before is over.

    Whoever drove it to its end may hold it still, but has nothing left to append.
    """
    connection.execute(
        update(RUNS)
        .where(RUNS.c.run_id == run_id)
        .values(
            rest_time=None,
            is_folded=False,
            is_cancel_requested=False,
            holder="",
            claim_request_id="",
            expire_time=None,
        )
    )


def _append_own(
    transaction: Transaction, run_id: str, event: NewEvent, *, now: datetime
) -> None:
    """Append beside whoever has claimed the run: its own count stays as it is."""
    run = read_log_row(transaction.connection, run_id)
    extend_log(transaction, run, [event], now=now, appended=run.appended)


def _get_finding(connection: Connection, run_id: str, finding_id: str) -> FindingRecord:
    row = connection.execute(
        SELECT_FINDING.where(
            FINDINGS.c.run_id == run_id, FINDINGS.c.finding_id == finding_id
        )
    ).one_or_none()
    if row is None:
        raise finding_not_found()
    return to_finding(row)
