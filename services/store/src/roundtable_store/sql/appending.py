"""An append under a claim as one unit of work: token, dedupe, and the log."""

from datetime import datetime

from roundtable_store.records.leases import Append, count_known, require_token
from roundtable_store.records.runs import RunState, run_ended
from roundtable_store.sql.extending import extend_log, read_log_row
from roundtable_store.sql.writer import Transaction


def append(transaction: Transaction, request: Append, *, now: datetime) -> int:
    """Append what is not in the log yet and return the log's last sequence.

    Reasons: RUN_NOT_FOUND, FENCED, APPEND_GAP, ILLEGAL_EVENT, RUN_ENDED.
    """
    run = read_log_row(transaction.connection, request.run_id)
    require_token(
        request.fencing_token, current=run.fencing_token, is_held=bool(run.holder)
    )
    known = count_known(request.first_index, len(request.events), appended=run.appended)
    events = request.events[known:]
    last_sequence: int = run.last_sequence
    is_repetition = not events and bool(request.events)
    if is_repetition or (not events and request.progress is None):
        return last_sequence
    if request.progress is not None and RunState(run.state).is_ended:
        raise run_ended()
    return extend_log(
        transaction,
        run,
        events,
        now=now,
        appended=run.appended + len(events),
        progress=request.progress,
    )
