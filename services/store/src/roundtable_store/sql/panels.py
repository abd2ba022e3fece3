"""Panels that people put together in SQL."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from roundtable_kit.clock import Clock
from roundtable_store.records.etags import require_etag
from roundtable_store.records.ids import IdSource
from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.panels import (
    PanelChange,
    PanelContent,
    PanelRecord,
    PanelSeat,
    panel_not_found,
    persona_not_seatable,
)
from roundtable_store.records.requests import CreateKey
from roundtable_store.sql.create_keys import (
    find_object,
    forget_objects,
    remember_object,
)
from roundtable_store.sql.database import Database
from roundtable_store.sql.library_tables import PANEL_SEATS, PANELS, PERSONAS
from roundtable_store.sql.paging import read_page
from roundtable_store.sql.writer import Transaction

_SELECT = select(
    PANELS.c.panel_id,
    PANELS.c.name,
    PANELS.c.discussion_rounds,
    PANELS.c.control,
    PANELS.c.version,
    PANELS.c.request_id,
    PANELS.c.create_time,
)
_Rows = Sequence[Row[*tuple[Any, ...]]]


class SqlPanels:
    """Keeps panels in the database."""

    def __init__(self, database: Database, *, clock: Clock, ids: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def create(self, content: PanelContent, *, key: CreateKey) -> PanelRecord:
        """Store a panel, or return the one that the key stands for."""
        return await self._database.write(
            lambda transaction: self._create(transaction.connection, content, key)
        )

    async def get(self, owner: str, panel_id: str) -> PanelRecord:
        """Return a panel."""
        return await self._database.read(
            lambda connection: _to_record(
                connection, _get_row(connection, owner, panel_id)
            )
        )

    async def list_page(self, owner: str, page: PageRequest) -> Page[PanelRecord]:
        """Return a page of the owner's panels."""
        statement = _SELECT.where(PANELS.c.owner == owner)
        order = (PANELS.c.create_time, PANELS.c.panel_id)

        def read(connection: Connection) -> Page[PanelRecord]:
            rows = read_page(
                connection, statement, page=page, order=order, to_item=lambda row: row
            )
            return Page(_to_records(connection, rows.items), rows.next_cursor)

        return await self._database.read(read)

    async def update(self, owner: str, change: PanelChange) -> PanelRecord:
        """Change a panel."""
        return await self._database.write(
            lambda transaction: _update(transaction.connection, owner, change)
        )

    async def delete(self, owner: str, panel_id: str) -> None:
        """Delete a panel."""
        await self._database.write(
            lambda transaction: _delete(transaction, owner, panel_id)
        )

    def _create(
        self, connection: Connection, content: PanelContent, key: CreateKey
    ) -> PanelRecord:
        now = self._clock.now()
        known_id = find_object(connection, key, now=now)
        if known_id is not None:
            return _to_record(connection, _get_row(connection, key.owner, known_id))
        panel_id = self._ids.new_id("pan")
        connection.execute(
            insert(PANELS),
            {
                "panel_id": panel_id,
                "owner": key.owner,
                "version": 1,
                "request_id": "",
                "create_time": now,
                **_columns(content),
            },
        )
        _insert_seats(connection, content.seats, owner=key.owner, panel_id=panel_id)
        remember_object(connection, key, object_id=panel_id, now=now)
        return PanelRecord(panel_id, 1, content)


def _update(connection: Connection, owner: str, change: PanelChange) -> PanelRecord:
    row = _get_row(connection, owner, change.panel_id)
    if row.request_id == change.request_id:
        return _to_record(connection, row)
    require_etag(change.etag, version=row.version)
    version = row.version + 1
    connection.execute(
        update(PANELS)
        .where(PANELS.c.panel_id == change.panel_id)
        .values(
            version=version, request_id=change.request_id, **_columns(change.content)
        )
    )
    connection.execute(
        delete(PANEL_SEATS).where(PANEL_SEATS.c.panel_id == change.panel_id)
    )
    _insert_seats(
        connection, change.content.seats, owner=owner, panel_id=change.panel_id
    )
    return PanelRecord(change.panel_id, version, change.content)


def _delete(transaction: Transaction, owner: str, panel_id: str) -> None:
    connection = transaction.connection
    _get_row(connection, owner, panel_id)
    forget_objects(connection, [panel_id])
    connection.execute(delete(PANELS).where(PANELS.c.panel_id == panel_id))


def _columns(content: PanelContent) -> dict[str, Any]:
    return {
        "name": content.name,
        "discussion_rounds": content.discussion_rounds,
        "control": content.control,
    }


def _insert_seats(
    connection: Connection, seats: Sequence[PanelSeat], *, owner: str, panel_id: str
) -> None:
    _require_seatable(connection, seats, owner=owner)
    connection.execute(
        insert(PANEL_SEATS),
        [
            {
                "panel_id": panel_id,
                "position": position,
                "owner": owner,
                "persona_id": seat.persona_id,
                "model": seat.model,
            }
            for position, seat in enumerate(seats)
        ],
    )


def _require_seatable(
    connection: Connection, seats: Sequence[PanelSeat], *, owner: str
) -> None:
    """Refuse what is kept here but not for this owner to seat."""
    persona_ids = [seat.persona_id for seat in seats]
    refused = connection.execute(
        select(PERSONAS.c.persona_id).where(
            PERSONAS.c.persona_id.in_(persona_ids),
            or_(PERSONAS.c.owner != owner, PERSONAS.c.is_archived.is_(True)),
        )
    ).scalars()
    for persona_id in refused:
        raise persona_not_seatable(persona_ids.index(persona_id))


def _get_row(
    connection: Connection, owner: str, panel_id: str
) -> Row[*tuple[Any, ...]]:
    row = connection.execute(
        _SELECT.where(PANELS.c.panel_id == panel_id, PANELS.c.owner == owner)
    ).one_or_none()
    if row is None:
        raise panel_not_found()
    return row


def _to_record(connection: Connection, row: Row[*tuple[Any, ...]]) -> PanelRecord:
    return _to_records(connection, [row])[0]


def _to_records(connection: Connection, rows: _Rows) -> tuple[PanelRecord, ...]:
    seats = _seats_of(connection, [row.panel_id for row in rows])
    return tuple(
        PanelRecord(
            panel_id=row.panel_id,
            version=row.version,
            content=PanelContent(
                name=row.name,
                seats=seats[row.panel_id],
                discussion_rounds=row.discussion_rounds,
                control=row.control,
            ),
        )
        for row in rows
    )


def _seats_of(
    connection: Connection, panel_ids: Iterable[str]
) -> dict[str, tuple[PanelSeat, ...]]:
    rows = connection.execute(
        select(PANEL_SEATS.c.panel_id, PANEL_SEATS.c.persona_id, PANEL_SEATS.c.model)
        .where(PANEL_SEATS.c.panel_id.in_(panel_ids))
        .order_by(PANEL_SEATS.c.panel_id, PANEL_SEATS.c.position)
    )
    return {
        panel_id: tuple(PanelSeat(row.persona_id, row.model) for row in group)
        for panel_id, group in groupby(rows, key=lambda row: row.panel_id)
    }
