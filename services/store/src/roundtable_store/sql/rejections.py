"""What an author rejected in earlier runs, in SQL."""

from sqlalchemy import Connection, select

from roundtable_store.records.findings import Disposition, Rejection
from roundtable_store.records.runs import RunRecord
from roundtable_store.sql.run_rows import to_finding
from roundtable_store.sql.tables import DOCUMENTS, FINDINGS, RUNS

_MOST = 1000


def read_rejections(connection: Connection, run: RunRecord) -> tuple[Rejection, ...]:
    """Return what was rejected in the owner's other runs on the line of revisions."""
    root_id = (
        select(DOCUMENTS.c.root_id)
        .where(DOCUMENTS.c.document_id == run.document_id)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            FINDINGS.c.run_id,
            FINDINGS.c.body,
            FINDINGS.c.disposition,
            FINDINGS.c.disposition_reason,
        )
        .join(RUNS, RUNS.c.run_id == FINDINGS.c.run_id)
        .join(DOCUMENTS, DOCUMENTS.c.document_id == RUNS.c.document_id)
        .where(
            DOCUMENTS.c.root_id == root_id,
            RUNS.c.owner == run.owner,
            RUNS.c.run_id != run.run_id,
            FINDINGS.c.disposition == Disposition.REJECTED.value,
        )
        .order_by(RUNS.c.create_time.desc(), RUNS.c.run_id.desc(), FINDINGS.c.position)
        .limit(_MOST)
    )
    return tuple(Rejection(row.run_id, to_finding(row)) for row in rows)
