"""Runs and their logs in SQL, as people use them."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from roundtable_kit.clock import Clock
from roundtable_store.records.callers import Caller
from roundtable_store.records.documents import document_not_found
from roundtable_store.records.events import EventPage, NewEvent
from roundtable_store.records.findings import FindingRecord
from roundtable_store.records.ids import IdSource
from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.questions import NewQuestion
from roundtable_store.records.requests import CreateKey
from roundtable_store.records.runs import (
    NewRun,
    RunDetail,
    RunFilter,
    RunRecord,
    RunState,
    TurnRecord,
    run_ended,
    run_not_at_rest,
)
from roundtable_store.sql.create_keys import (
    find_object,
    forget_objects,
    remember_object,
)
from roundtable_store.sql.database import Database
from roundtable_store.sql.log import read_event_page, read_first_payload
from roundtable_store.sql.own_events import reopen, set_disposition
from roundtable_store.sql.paging import read_page
from roundtable_store.sql.questions import ask, find_question_ids
from roundtable_store.sql.run_rows import (
    SELECT_RUN,
    get_detail,
    get_run,
    to_run,
    visible_to,
)
from roundtable_store.sql.tables import DOCUMENTS, EVENTS, RUN_BODIES, RUNS
from roundtable_store.sql.writer import Transaction


class SqlRuns:
    """Keeps runs in the database."""

    def __init__(self, database: Database, *, clock: Clock, ids: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def create(
        self, new: NewRun, *, key: CreateKey, render: Callable[[RunRecord], bytes]
    ) -> bytes:
        """Create a run with event 1, or return what the key stands for."""
        return await self._database.write(
            lambda transaction: self._create(
                transaction.connection, new, key=key, render=render
            )
        )

    async def get(self, caller: Caller, run_id: str) -> RunDetail:
        """Return a run, whole."""

        def read(connection: Connection) -> RunDetail:
            return get_detail(connection, get_run(connection, caller, run_id))

        return await self._database.read(read)

    async def list_page(
        self, caller: Caller, page: PageRequest, *, filters: RunFilter
    ) -> Page[RunRecord]:
        """Return a page of the caller's runs."""
        statement = visible_to(caller, SELECT_RUN)
        if filters.query is not None:
            folded = filters.query.casefold()
            statement = statement.where(
                RUNS.c.title_folded.contains(folded, autoescape=True)
            )
        if filters.state is not None:
            statement = statement.where(RUNS.c.state == filters.state.value)
        if filters.document_id is not None:
            statement = statement.where(RUNS.c.document_id == filters.document_id)
        order = (RUNS.c.create_time, RUNS.c.run_id)
        return await self._database.read(
            lambda connection: read_page(
                connection, statement, page=page, order=order, to_item=to_run
            )
        )

    async def delete(self, caller: Caller, run_id: str) -> None:
        """Delete a run and its log."""
        await self._database.write(
            lambda transaction: _delete(transaction, caller, run_id)
        )

    async def request_cancel(self, caller: Caller, run_id: str) -> RunRecord:
        """Note that the run shall be cancelled."""
        return await self._database.write(
            lambda transaction: _request_cancel(transaction.connection, caller, run_id)
        )

    async def reopen(
        self, caller: Caller, run_id: str, *, event: NewEvent, key: CreateKey
    ) -> RunRecord:
        """Open an ended run again with its event, once a key."""
        return await self._database.write(
            lambda transaction: reopen(
                transaction,
                caller,
                run_id,
                event=event,
                key=key,
                now=self._clock.now(),
            )
        )

    async def set_disposition(
        self, caller: Caller, run_id: str, *, event: NewEvent
    ) -> FindingRecord:
        """Set what the event says of a finding; what stands already adds no event."""
        return await self._database.write(
            lambda transaction: set_disposition(
                transaction, caller, run_id, event=event, now=self._clock.now()
            )
        )

    async def ask(
        self, caller: Caller, question: NewQuestion
    ) -> tuple[TurnRecord, ...]:
        """Queue an answer turn a seat, once a key, and return the turns as they are."""
        return await self._database.write(
            lambda transaction: ask(
                transaction, caller, question, now=self._clock.now()
            )
        )

    async def read_events(
        self, caller: Caller, run_id: str, *, after: int, limit: int
    ) -> EventPage:
        """Return a page of the run's log."""
        return await self._database.read(
            lambda connection: read_event_page(
                connection, caller, run_id, after=after, limit=limit
            )
        )

    def _create(
        self,
        connection: Connection,
        new: NewRun,
        *,
        key: CreateKey,
        render: Callable[[RunRecord], bytes],
    ) -> bytes:
        now = self._clock.now()
        known_id = find_object(connection, key, now=now)
        if known_id is not None:
            return read_first_payload(connection, known_id)
        _require_document(connection, new)
        run_id = self._ids.new_id("run")
        _insert(connection, new, run_id=run_id, now=now)
        remember_object(connection, key, object_id=run_id, now=now)
        created = connection.execute(SELECT_RUN.where(RUNS.c.run_id == run_id)).one()
        payload = render(to_run(created))
        connection.execute(
            insert(EVENTS),
            {
                "run_id": run_id,
                "sequence": 1,
                "owner": new.owner,
                "time": now,
                "event_type": "run.created",
                "turn_id": "",
                "attempt": 0,
                "payload": payload,
            },
        )
        return payload


def _require_document(connection: Connection, new: NewRun) -> None:
    found = connection.execute(
        select(DOCUMENTS.c.document_id).where(
            DOCUMENTS.c.document_id == new.document_id,
            DOCUMENTS.c.owner == new.owner,
        )
    ).one_or_none()
    if found is None:
        raise document_not_found()


def _insert(connection: Connection, new: NewRun, *, run_id: str, now: datetime) -> None:
    connection.execute(
        insert(RUNS),
        {
            "run_id": run_id,
            "owner": new.owner,
            "document_id": new.document_id,
            "title_folded": new.title.casefold(),
            "engine": new.engine,
            "state": RunState.PENDING.value,
            "reason": "",
            "is_queued": False,
            "is_cancel_requested": False,
            "is_folded": False,
            "last_sequence": 1,
            "create_time": now,
            "input_tokens": 0,
            "output_tokens": 0,
            "cache_read_tokens": 0,
            "turns": 0,
            "holder": "",
            "incarnation": "",
            "claim_request_id": "",
            "fencing_token": 0,
            "appended": 0,
        },
    )
    connection.execute(
        insert(RUN_BODIES), {"run_id": run_id, "owner": new.owner, "body": new.body}
    )


def _delete(transaction: Transaction, caller: Caller, run_id: str) -> None:
    connection = transaction.connection
    if not get_run(connection, caller, run_id).is_at_rest:
        raise run_not_at_rest()
    forget_objects(connection, [run_id, *find_question_ids(connection, [run_id])])
    connection.execute(delete(RUNS).where(RUNS.c.run_id == run_id))
    transaction.changed_runs.add(run_id)


def _request_cancel(connection: Connection, caller: Caller, run_id: str) -> RunRecord:
    if get_run(connection, caller, run_id).is_at_rest:
        raise run_ended()
    connection.execute(
        update(RUNS).where(RUNS.c.run_id == run_id).values(is_cancel_requested=True)
    )
    return get_run(connection, caller, run_id)
