"""Idempotency keys of creates."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from roundtable_store.records.requests import KEY_LIFETIME, CreateKey
from roundtable_store.sql.tables import CREATE_KEYS


def find_object(connection: Connection, key: CreateKey, *, now: datetime) -> str | None:
    """Return what the key made; None for a new key (IDEMPOTENCY_KEY_REUSED)."""
    connection.execute(
        delete(CREATE_KEYS).where(CREATE_KEYS.c.create_time < now - KEY_LIFETIME)
    )
    row = connection.execute(
        select(CREATE_KEYS.c.fingerprint, CREATE_KEYS.c.object_id).where(
            CREATE_KEYS.c.owner == key.owner,
            CREATE_KEYS.c.method == key.method,
            CREATE_KEYS.c.request_id == key.request_id,
        )
    ).one_or_none()
    if row is None:
        return None
    key.require_same(row.fingerprint)
    return str(row.object_id)


def remember_object(
    connection: Connection, key: CreateKey, *, object_id: str, now: datetime
) -> None:
    """Keep what the key made for a day."""
    connection.execute(
        insert(CREATE_KEYS),
        {
            "owner": key.owner,
            "method": key.method,
            "request_id": key.request_id,
            "fingerprint": key.fingerprint,
            "object_id": object_id,
            "create_time": now,
        },
    )


def forget_objects(connection: Connection, object_ids: list[str]) -> None:
    """Drop the keys of objects that are deleted."""
    connection.execute(
        delete(CREATE_KEYS).where(CREATE_KEYS.c.object_id.in_(object_ids))
    )
