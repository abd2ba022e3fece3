"""Documents in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from roundtable_kit.clock import Clock
from roundtable_store.records.callers import Caller
from roundtable_store.records.documents import (
    DocumentRecord,
    NewDocument,
    PartKind,
    document_not_found,
)
from roundtable_store.records.ids import IdSource
from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.requests import CreateKey
from roundtable_store.records.runs import run_not_at_rest
from roundtable_store.sql.create_keys import (
    find_object,
    forget_objects,
    remember_object,
)
from roundtable_store.sql.database import Database
from roundtable_store.sql.paging import read_page
from roundtable_store.sql.questions import find_question_ids
from roundtable_store.sql.tables import DOCUMENT_PARTS, DOCUMENTS, RUNS
from roundtable_store.sql.writer import Transaction

_COLUMNS = (
    DOCUMENTS.c.document_id,
    DOCUMENTS.c.owner,
    DOCUMENTS.c.revision,
    DOCUMENTS.c.revision_of,
    DOCUMENTS.c.create_time,
    DOCUMENTS.c.body,
)


class SqlDocuments:
    """Keeps documents in the database."""

    def __init__(self, database: Database, *, clock: Clock, ids: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def create(self, new: NewDocument, *, key: CreateKey) -> DocumentRecord:
        """Store a document, or return the one that the key stands for."""
        return await self._database.write(
            lambda transaction: self._create(transaction.connection, new, key)
        )

    async def get(self, caller: Caller, document_id: str) -> DocumentRecord:
        """Return a document."""
        return await self._database.read(
            lambda connection: _get(connection, caller, document_id)
        )

    async def list_page(
        self, caller: Caller, page: PageRequest
    ) -> Page[DocumentRecord]:
        """Return a page of the caller's documents."""
        statement = _visible_to(caller, select(*_COLUMNS))
        order = (DOCUMENTS.c.create_time, DOCUMENTS.c.document_id)
        return await self._database.read(
            lambda connection: read_page(
                connection, statement, page=page, order=order, to_item=_to_record
            )
        )

    async def read_part(
        self, caller: Caller, document_id: str, *, kind: PartKind, position: int
    ) -> bytes | None:
        """Return one part of a document; None behind the last."""

        def read(connection: Connection) -> bytes | None:
            _get(connection, caller, document_id)
            body: bytes | None = connection.execute(
                select(DOCUMENT_PARTS.c.body).where(
                    DOCUMENT_PARTS.c.document_id == document_id,
                    DOCUMENT_PARTS.c.kind == kind.value,
                    DOCUMENT_PARTS.c.position == position,
                )
            ).scalar_one_or_none()
            return body

        return await self._database.read(read)

    async def delete(self, caller: Caller, document_id: str) -> None:
        """Delete a document, its revisions and their runs."""
        await self._database.write(
            lambda transaction: _delete(transaction, caller, document_id)
        )

    def _create(
        self, connection: Connection, new: NewDocument, key: CreateKey
    ) -> DocumentRecord:
        now = self._clock.now()
        known_id = find_object(connection, key, now=now)
        if known_id is not None:
            return _get_any(connection, known_id)
        document_id = self._ids.new_id("doc")
        _insert(connection, new, document_id=document_id, now=now)
        remember_object(connection, key, object_id=document_id, now=now)
        return _get_any(connection, document_id)


def _insert(
    connection: Connection, new: NewDocument, *, document_id: str, now: datetime
) -> None:
    root_id, revision = _place(connection, new, document_id)
    connection.execute(
        insert(DOCUMENTS),
        {
            "document_id": document_id,
            "owner": new.owner,
            "root_id": root_id,
            "revision": revision,
            "revision_of": new.revision_of,
            "create_time": now,
            "body": new.body,
        },
    )
    connection.execute(
        insert(DOCUMENT_PARTS),
        [
            {
                "document_id": document_id,
                "kind": part.kind.value,
                "position": part.position,
                "owner": new.owner,
                "body": part.body,
            }
            for part in new.parts
        ],
    )


def _place(
    connection: Connection, new: NewDocument, document_id: str
) -> tuple[str, int]:
    """Return the first of the line of revisions, and the new one's number in it."""
    if new.revision_of is None:
        return document_id, 1
    root_id = connection.execute(
        select(DOCUMENTS.c.root_id).where(
            DOCUMENTS.c.document_id == new.revision_of,
            DOCUMENTS.c.owner == new.owner,
        )
    ).scalar_one_or_none()
    if root_id is None:
        raise document_not_found()
    last = connection.execute(
        select(func.max(DOCUMENTS.c.revision)).where(DOCUMENTS.c.root_id == root_id)
    ).scalar_one()
    return root_id, last + 1


def _delete(transaction: Transaction, caller: Caller, document_id: str) -> None:
    connection = transaction.connection
    _get(connection, caller, document_id)
    document_ids = _with_revisions(connection, document_id)
    runs = connection.execute(
        select(RUNS.c.run_id, RUNS.c.rest_time).where(
            RUNS.c.document_id.in_(document_ids)
        )
    ).all()
    if any(run.rest_time is None for run in runs):
        raise run_not_at_rest()
    run_ids = [run.run_id for run in runs]
    question_ids = find_question_ids(connection, run_ids)
    forget_objects(connection, [*document_ids, *run_ids, *question_ids])
    connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.document_id == document_id))
    transaction.changed_runs.update(run_ids)


def _with_revisions(connection: Connection, document_id: str) -> list[str]:
    line = (
        select(DOCUMENTS.c.document_id)
        .where(DOCUMENTS.c.document_id == document_id)
        .cte("line", recursive=True)
    )
    line = line.union_all(
        select(DOCUMENTS.c.document_id).where(
            DOCUMENTS.c.revision_of == line.c.document_id
        )
    )
    return list(connection.execute(select(line.c.document_id)).scalars())


def _get(connection: Connection, caller: Caller, document_id: str) -> DocumentRecord:
    row = connection.execute(
        _visible_to(caller, select(*_COLUMNS)).where(
            DOCUMENTS.c.document_id == document_id
        )
    ).one_or_none()
    if row is None:
        raise document_not_found()
    return _to_record(row)


def _get_any(connection: Connection, document_id: str) -> DocumentRecord:
    return _to_record(
        connection.execute(
            select(*_COLUMNS).where(DOCUMENTS.c.document_id == document_id)
        ).one()
    )


def _visible_to(
    caller: Caller, statement: Select[*tuple[Any, ...]]
) -> Select[*tuple[Any, ...]]:
    if caller.visible_owner is None:
        return statement
    return statement.where(DOCUMENTS.c.owner == caller.visible_owner)


def _to_record(row: Row[*tuple[Any, ...]]) -> DocumentRecord:
    return DocumentRecord(
        document_id=row.document_id,
        owner=row.owner,
        revision=row.revision,
        revision_of=row.revision_of,
        create_time=row.create_time,
        body=row.body,
    )
