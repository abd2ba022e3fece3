"""Tokens and sessions in SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Row, delete, func, select, update

from roundtable_kit.errors import Unauthenticated, Unavailable
from roundtable_store.records.callers import Caller
from roundtable_store.records.pages import Page, PageRequest
from roundtable_store.records.tokens import (
    Bearer,
    CreatedSession,
    CreatedToken,
    NewToken,
    TokenKind,
    TokenRecord,
    digest_of,
    token_invalid,
    token_not_found,
)
from roundtable_store.sql.database import Database
from roundtable_store.sql.paging import read_page
from roundtable_store.sql.tables import TOKENS
from roundtable_store.sql.token_rows import Issuing, issue_session, issue_token
from roundtable_store.sql.writer import Transaction

_log = structlog.get_logger()

# The personal token that a row is or comes from.
_PERSONAL = TOKENS.alias("personal")

_COLUMNS = (
    TOKENS.c.token_id,
    TOKENS.c.owner,
    TOKENS.c.name,
    TOKENS.c.create_time,
    TOKENS.c.expire_time,
    TOKENS.c.last_use_time,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Whose a secret is, with the personal token that it is or comes from."""

    bearer: Bearer
    personal_id: str
    last_use_time: datetime | None


class SqlTokens:
    """Keeps tokens and sessions in the database."""

    def __init__(self, database: Database, *, issuing: Issuing) -> None:
        self._database = database
        self._issuing = issuing

    async def create(self, new: NewToken) -> CreatedToken:
        """Make a personal token."""
        return await self._database.write(
            lambda transaction: issue_token(
                transaction.connection, new, issuing=self._issuing
            )
        )

    async def list_page(self, caller: Caller, page: PageRequest) -> Page[TokenRecord]:
        """Return a page of the caller's personal tokens that have not expired."""
        statement = select(*_COLUMNS).where(
            TOKENS.c.owner == caller.require_user(),
            TOKENS.c.kind == TokenKind.PERSONAL.value,
            TOKENS.c.expire_time > self._issuing.clock.now(),
        )
        order = (TOKENS.c.create_time, TOKENS.c.token_id)
        return await self._database.read(
            lambda connection: read_page(
                connection, statement, page=page, order=order, to_item=_to_record
            )
        )

    async def delete(self, caller: Caller, token_id: str) -> None:
        """Delete a personal token and, by its foreign key, its sessions."""
        owner = caller.require_user()

        def write(transaction: Transaction) -> None:
            deleted = transaction.connection.execute(
                delete(TOKENS).where(
                    TOKENS.c.token_id == token_id,
                    TOKENS.c.owner == owner,
                    TOKENS.c.kind == TokenKind.PERSONAL.value,
                )
            )
            if not deleted.rowcount:
                raise token_not_found()

        await self._database.write(write)

    async def authenticate(self, secret: str, kind: TokenKind) -> Bearer:
        """Return whose a secret is, and note the day of its use."""
        digest, now = digest_of(secret, kind), self._issuing.clock.now()
        found = await self._database.read(
            lambda connection: _find(connection, digest, now=now)
        )
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if found.last_use_time is None or found.last_use_time < today:
            await self._note_use(found.personal_id, today)
        return found.bearer

    async def create_session(self, secret: str, *, request_id: str) -> CreatedSession:
        """Make a session from a personal token's secret."""
        digest = digest_of(secret, TokenKind.PERSONAL)
        # Strangers may try; what they send must not stand in the one writer's line.
        await self._database.read(
            lambda connection: _find(connection, digest, now=self._issuing.clock.now())
        )

        def write(transaction: Transaction) -> CreatedSession:
            connection, now = transaction.connection, self._issuing.clock.now()
            # Again, for it may have been deleted meanwhile.
            parent = _find(connection, digest, now=now).bearer
            return issue_session(
                connection, parent, request_id=request_id, issuing=self._issuing
            )

        return await self._database.write(write)

    async def end_session(self, secret: str) -> None:
        """End a session; what is no session (any more) changes nothing."""
        try:
            digest = digest_of(secret, TokenKind.SESSION)
        except Unauthenticated:
            return
        await self._database.write(
            lambda transaction: transaction.connection.execute(
                delete(TOKENS).where(TOKENS.c.digest == digest)
            )
        )

    async def _note_use(self, token_id: str, day: datetime) -> None:
        """Note a token's first use of a day; a full disk keeps nobody out for it."""
        statement = (
            update(TOKENS)
            .where(TOKENS.c.token_id == token_id)
            .values(last_use_time=day)
        )
        try:
            await self._database.write(
                lambda transaction: transaction.connection.execute(statement)
            )
        except Unavailable:
            _log.warning("token.use_not_noted", token_id=token_id)


def _find(connection: Connection, digest: bytes, *, now: datetime) -> _Found:
    row = connection.execute(
        select(
            TOKENS.c.token_id,
            TOKENS.c.owner,
            TOKENS.c.kind,
            TOKENS.c.expire_time,
            _PERSONAL.c.token_id.label("personal_id"),
            _PERSONAL.c.last_use_time,
        )
        .join(
            _PERSONAL,
            _PERSONAL.c.token_id
            == func.coalesce(TOKENS.c.parent_id, TOKENS.c.token_id),
        )
        .where(TOKENS.c.digest == digest, TOKENS.c.expire_time > now)
    ).one_or_none()
    if row is None:
        raise token_invalid()
    bearer = Bearer(row.owner, row.token_id, TokenKind(row.kind), row.expire_time)
    return _Found(bearer, row.personal_id, row.last_use_time)


def _to_record(row: Row[*tuple[Any, ...]]) -> TokenRecord:
    return TokenRecord(
        token_id=row.token_id,
        owner=row.owner,
        name=row.name,
        create_time=row.create_time,
        expire_time=row.expire_time,
        last_use_time=row.last_use_time,
    )
