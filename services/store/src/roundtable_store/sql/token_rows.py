"""Rows of tokens and sessions: made, counted, dropped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from roundtable_kit.clock import Clock
from roundtable_store.records.ids import IdSource
from roundtable_store.records.tokens import (
    MAX_SESSIONS,
    MAX_TOKENS,
    SESSION_LIFETIME,
    Bearer,
    CreatedSession,
    CreatedToken,
    NewToken,
    SecretSource,
    TokenKind,
    TokenRecord,
    digest_of,
    too_many_tokens,
)
from roundtable_store.sql.tables import TOKENS


@dataclass(frozen=True, slots=True)
class Issuing:
    """What a new row takes from outside."""

    clock: Clock
    ids: IdSource
    secrets: SecretSource


def issue_token(
    connection: Connection, new: NewToken, *, issuing: Issuing
) -> CreatedToken:
    """Make a personal token; drops what has expired (TOO_MANY_TOKENS)."""
    now = issuing.clock.now()
    _drop_expired(connection, now)
    _drop_unanswered(connection, new.owner, new.request_id)
    if _count_tokens(connection, new.owner) >= MAX_TOKENS:
        raise too_many_tokens()
    token = TokenRecord(
        token_id=issuing.ids.new_id("tok"),
        owner=new.owner,
        name=new.name,
        create_time=now,
        expire_time=now + new.lifetime,
        last_use_time=None,
    )
    secret = issuing.secrets.new_secret(TokenKind.PERSONAL)
    connection.execute(
        insert(TOKENS),
        {
            "token_id": token.token_id,
            "owner": token.owner,
            "kind": TokenKind.PERSONAL.value,
            "name": token.name,
            "digest": digest_of(secret, TokenKind.PERSONAL),
            "parent_id": None,
            "request_id": new.request_id,
            "create_time": token.create_time,
            "expire_time": token.expire_time,
            "last_use_time": None,
        },
    )
    return CreatedToken(token, secret)


def issue_session(
    connection: Connection, parent: Bearer, *, request_id: str, issuing: Issuing
) -> CreatedSession:
    """Make a session of a token; drops what has expired, and the oldest of too many."""
    now = issuing.clock.now()
    _drop_expired(connection, now)
    _drop_unanswered(connection, parent.email, request_id)
    _drop_oldest_sessions(connection, parent.token_id)
    session = CreatedSession(
        email=parent.email,
        secret=issuing.secrets.new_secret(TokenKind.SESSION),
        expire_time=min(parent.expire_time, now + SESSION_LIFETIME),
    )
    connection.execute(
        insert(TOKENS),
        {
            "token_id": issuing.ids.new_id("ses"),
            "owner": parent.email,
            "kind": TokenKind.SESSION.value,
            "name": "",
            "digest": digest_of(session.secret, TokenKind.SESSION),
            "parent_id": parent.token_id,
            "request_id": request_id,
            "create_time": now,
            "expire_time": session.expire_time,
            "last_use_time": None,
        },
    )
    return session


def _drop_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(TOKENS).where(TOKENS.c.expire_time <= now))


def _drop_unanswered(connection: Connection, owner: str, request_id: str) -> None:
    """Drop what the same request made before: nobody has read its secret."""
    connection.execute(
        delete(TOKENS).where(TOKENS.c.owner == owner, TOKENS.c.request_id == request_id)
    )


def _drop_oldest_sessions(connection: Connection, parent_id: str) -> None:
    """Leave room for one more session of a token."""
    surplus = (
        select(TOKENS.c.token_id)
        .where(TOKENS.c.parent_id == parent_id)
        .order_by(TOKENS.c.create_time.desc(), TOKENS.c.token_id.desc())
        .offset(MAX_SESSIONS - 1)
    )
    connection.execute(delete(TOKENS).where(TOKENS.c.token_id.in_(surplus)))


def _count_tokens(connection: Connection, owner: str) -> int:
    return connection.execute(
        select(func.count())
        .select_from(TOKENS)
        .where(TOKENS.c.owner == owner, TOKENS.c.kind == TokenKind.PERSONAL.value)
    ).scalar_one()
