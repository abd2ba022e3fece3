"""What an author has said of findings in earlier runs, in SQL."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, or_, select

from roundtable_store.records.findings import Disposition, Rejection
from roundtable_store.records.runs import RunRecord
from roundtable_store.sql.run_rows import SELECT_FINDING, to_finding
from roundtable_store.sql.tables import DOCUMENTS, FINDINGS, RUNS

_Row: TypeAlias = Row[*tuple[Any, ...]]

_MOST = 1000
# Half of what a message may hold.
_MOST_BYTES = 8 * 1024 * 1024

_REJECTED = Disposition.REJECTED.value
# What came rejected and was left so says nothing that its first rejection doesn't.
_IS_LAST_WORD = or_(
    FINDINGS.c.answer == _REJECTED,
    and_(FINDINGS.c.disposition == _REJECTED, FINDINGS.c.answer.is_not(None)),
)


def read_rejections(connection: Connection, run: RunRecord) -> tuple[Rejection, ...]:
    """Return what was rejected in the owner's other runs on the line of revisions.

    The author's last word comes first, be it that a rejection is taken back.
    """
    root_id = (
        select(DOCUMENTS.c.root_id)
        .where(DOCUMENTS.c.document_id == run.document_id)
        .scalar_subquery()
    )
    statement = (
        SELECT_FINDING.join(RUNS, RUNS.c.run_id == FINDINGS.c.run_id)
        .join(DOCUMENTS, DOCUMENTS.c.document_id == RUNS.c.document_id)
        .where(
            DOCUMENTS.c.root_id == root_id,
            RUNS.c.owner == run.owner,
            RUNS.c.run_id != run.run_id,
            _IS_LAST_WORD,
        )
        .order_by(
            FINDINGS.c.answer_time.desc(),
            RUNS.c.create_time.desc(),
            RUNS.c.run_id.desc(),
            FINDINGS.c.position,
        )
        .limit(_MOST)
    )
    with connection.execute(statement) as rows:
        return tuple(Rejection(row.run_id, to_finding(row)) for row in _bounded(rows))


def _bounded(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Yield rows as long as they fit a message."""
    total_bytes = 0
    for row in rows:
        total_bytes += len(row.body)
        if total_bytes > _MOST_BYTES:
            return
        yield row
