"""Personas that people wrote in SQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from roundtable_kit.clock import Clock
from roundtable_store.records.etags import require_etag
from roundtable_store.records.ids import IdSource
from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.personas import (
    MAX_PERSONAS,
    PersonaChange,
    PersonaContent,
    PersonaFilter,
    PersonaRecord,
    persona_archived,
    persona_not_found,
    persona_on_panel,
    too_many_personas,
)
from roundtable_store.records.requests import CreateKey
from roundtable_store.sql.create_keys import find_object, remember_object
from roundtable_store.sql.database import Database
from roundtable_store.sql.library_tables import (
    PANEL_SEATS,
    PANELS,
    PERSONA_VERSIONS,
    PERSONAS,
)
from roundtable_store.sql.paging import read_page
from roundtable_store.sql.writer import Transaction

_FIRST_VERSION = 1
_VERSIONED = PERSONAS.join(
    PERSONA_VERSIONS, PERSONAS.c.persona_id == PERSONA_VERSIONS.c.persona_id
)
_SELECT = select(
    PERSONAS.c.persona_id,
    PERSONAS.c.create_time,
    PERSONA_VERSIONS.c.version,
    PERSONA_VERSIONS.c.body,
).select_from(_VERSIONED)
_IS_LATEST = PERSONA_VERSIONS.c.version == PERSONAS.c.version


class SqlPersonas:
    """Keeps personas in the database."""

    def __init__(self, database: Database, *, clock: Clock, ids: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def create(
        self, contents: Sequence[PersonaContent], *, key: CreateKey
    ) -> tuple[PersonaRecord, ...]:
        """Store personas, all or none, or return those that the key stands for."""
        return await self._database.write(
            lambda transaction: self._create(transaction.connection, contents, key)
        )

    async def get(
        self, owner: str, persona_id: str, *, version: int | None
    ) -> PersonaRecord:
        """Return a persona, at its latest version or another."""
        wanted = (
            _IS_LATEST if version is None else PERSONA_VERSIONS.c.version == version
        )
        statement = _SELECT.where(
            PERSONAS.c.persona_id == persona_id, PERSONAS.c.owner == owner, wanted
        )

        def read(connection: Connection) -> PersonaRecord:
            row = connection.execute(statement).one_or_none()
            if row is None:
                raise persona_not_found()
            return _to_record(row)

        return await self._database.read(read)

    async def find(
        self, owner: str, persona_ids: Sequence[str]
    ) -> tuple[PersonaRecord, ...]:
        """Return those that are the owner's and not archived."""
        statement = _SELECT.where(
            PERSONAS.c.persona_id.in_(persona_ids),
            PERSONAS.c.owner == owner,
            PERSONAS.c.is_archived.is_(False),
            _IS_LATEST,
        )
        return await self._database.read(
            lambda connection: tuple(map(_to_record, connection.execute(statement)))
        )

    async def list_page(
        self, owner: str, page: PageRequest, *, filters: PersonaFilter
    ) -> Page[PersonaRecord]:
        """Return a page of the owner's personas that are not archived."""
        statement = _SELECT.where(
            PERSONAS.c.owner == owner, PERSONAS.c.is_archived.is_(False), _IS_LATEST
        )
        if filters.pack:
            statement = statement.where(PERSONAS.c.pack == filters.pack)
        if filters.query:
            folded = filters.query.casefold()
            statement = statement.where(
                PERSONAS.c.words_folded.contains(folded, autoescape=True)
            )
        order = (PERSONAS.c.create_time, PERSONAS.c.persona_id)
        return await self._database.read(
            lambda connection: read_page(
                connection, statement, page=page, order=order, to_item=_to_record
            )
        )

    async def update(self, owner: str, change: PersonaChange) -> PersonaRecord:
        """Store the next version."""
        return await self._database.write(
            lambda transaction: _update(transaction.connection, owner, change)
        )

    async def archive(self, owner: str, persona_id: str) -> None:
        """Take a persona out of the lists; one that is out stays so."""
        await self._database.write(
            lambda transaction: _archive(transaction, owner, persona_id)
        )

    def _create(
        self,
        connection: Connection,
        contents: Sequence[PersonaContent],
        key: CreateKey,
    ) -> tuple[PersonaRecord, ...]:
        now = self._clock.now()
        known_id = find_object(connection, key, now=now)
        if known_id is not None:
            return _created_together(connection, known_id)
        if _count(connection, key.owner) + len(contents) > MAX_PERSONAS:
            raise too_many_personas()
        create_id = self._ids.new_id("imp")
        for index, content in enumerate(contents):
            # Apart by a microsecond, so that lists keep the order they came in.
            _insert(
                connection,
                content,
                owner=key.owner,
                persona_id=self._ids.new_id("per"),
                create_id=create_id,
                now=now - timedelta(microseconds=index),
            )
        remember_object(connection, key, object_id=create_id, now=now)
        return _created_together(connection, create_id)


def _insert(
    connection: Connection,
    content: PersonaContent,
    *,
    owner: str,
    persona_id: str,
    create_id: str,
    now: datetime,
) -> None:
    connection.execute(
        insert(PERSONAS),
        {
            "persona_id": persona_id,
            "owner": owner,
            "create_id": create_id,
            "is_archived": False,
            "create_time": now,
            **_columns(content, version=_FIRST_VERSION),
        },
    )
    _insert_version(
        connection,
        content,
        owner=owner,
        persona_id=persona_id,
        version=_FIRST_VERSION,
        request_id="",
    )


def _insert_version(
    connection: Connection,
    content: PersonaContent,
    *,
    owner: str,
    persona_id: str,
    version: int,
    request_id: str,
) -> None:
    connection.execute(
        insert(PERSONA_VERSIONS),
        {
            "persona_id": persona_id,
            "version": version,
            "owner": owner,
            "request_id": request_id,
            "body": content.body,
        },
    )


def _columns(content: PersonaContent, *, version: int) -> dict[str, Any]:
    return {
        "pack": content.pack,
        "words_folded": content.words.casefold(),
        "version": version,
    }


def _created_together(
    connection: Connection, create_id: str
) -> tuple[PersonaRecord, ...]:
    """Return the personas of one create, as they were created."""
    rows = connection.execute(
        _SELECT.where(
            PERSONAS.c.create_id == create_id,
            PERSONA_VERSIONS.c.version == _FIRST_VERSION,
        ).order_by(PERSONAS.c.create_time.desc())
    )
    return tuple(map(_to_record, rows))


def _count(connection: Connection, owner: str) -> int:
    return connection.execute(
        select(func.count())
        .select_from(PERSONAS)
        .where(PERSONAS.c.owner == owner, PERSONAS.c.is_archived.is_(False))
    ).scalar_one()


def _update(connection: Connection, owner: str, change: PersonaChange) -> PersonaRecord:
    latest = connection.execute(
        select(
            PERSONAS.c.version,
            PERSONAS.c.is_archived,
            PERSONA_VERSIONS.c.request_id,
        )
        .select_from(_VERSIONED)
        .where(
            PERSONAS.c.persona_id == change.persona_id,
            PERSONAS.c.owner == owner,
            _IS_LATEST,
        )
    ).one_or_none()
    if latest is None:
        raise persona_not_found()
    if latest.request_id == change.request_id:
        return PersonaRecord(change.persona_id, latest.version, change.content.body)
    if latest.is_archived:
        raise persona_archived()
    require_etag(change.etag, version=latest.version)
    version = latest.version + 1
    _insert_version(
        connection,
        change.content,
        owner=owner,
        persona_id=change.persona_id,
        version=version,
        request_id=change.request_id,
    )
    connection.execute(
        update(PERSONAS)
        .where(PERSONAS.c.persona_id == change.persona_id)
        .values(**_columns(change.content, version=version))
    )
    return PersonaRecord(change.persona_id, version, change.content.body)


def _archive(transaction: Transaction, owner: str, persona_id: str) -> None:
    connection = transaction.connection
    is_own = (PERSONAS.c.persona_id == persona_id, PERSONAS.c.owner == owner)
    if connection.execute(select(PERSONAS.c.owner).where(*is_own)).first() is None:
        raise persona_not_found()
    panel_name = connection.execute(
        select(PANELS.c.name)
        .join(PANEL_SEATS, PANEL_SEATS.c.panel_id == PANELS.c.panel_id)
        .where(PANEL_SEATS.c.persona_id == persona_id)
        .order_by(PANELS.c.create_time)
        .limit(1)
    ).scalar_one_or_none()
    if panel_name is not None:
        raise persona_on_panel(panel_name)
    connection.execute(update(PERSONAS).where(*is_own).values(is_archived=True))


def _to_record(row: Row[*tuple[Any, ...]]) -> PersonaRecord:
    return PersonaRecord(persona_id=row.persona_id, version=row.version, body=row.body)
