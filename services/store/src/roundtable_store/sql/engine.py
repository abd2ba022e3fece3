"""Engines, and all that is SQLite's own: pragmas, file, transactions.

Another database comes in here: the writer asks for `open_writer`, readers for
`open_reader`, migrations for `open_migrator`; none of them knows the dialect.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

READER_COUNT = 3

_COMMON = ("PRAGMA busy_timeout=5000", "PRAGMA foreign_keys=ON")
_WRITER = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *_COMMON)
_READER = (*_COMMON, "PRAGMA query_only=ON")
# A batch migration copies a table and drops the old one; with foreign keys enforced
# the drop would take the rows that refer to it along.
_MIGRATOR = (*_WRITER, "PRAGMA foreign_keys=OFF")


class UnsupportedDatabaseError(ValueError):
    """The URL names a database that the store does not speak."""


def parse_url(database_url: str) -> URL:
    """Return the URL of a database that the store can open.

    Raises:
        UnsupportedDatabaseError: It is no SQLite file.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise UnsupportedDatabaseError(
            "DATABASE_URL must name an SQLite file, such as sqlite:////data/store.db;"
            f" this version of the store does not speak {url.get_backend_name()!r}"
        )
    return url.set(drivername="sqlite+pysqlite")


def open_migrator(url: URL) -> Engine:
    """Return the engine that migrations run on; makes the file's folder."""
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    return _open(url, _MIGRATOR, begin="BEGIN IMMEDIATE", size=1)


def open_writer(url: URL) -> Engine:
    """Return the engine of the one writer, whose commits are on disk."""
    return _open(url, _WRITER, begin="BEGIN IMMEDIATE", size=1)


def open_reader(url: URL) -> Engine:
    """Return the engine of the readers, who can change nothing."""
    return _open(url, _READER, begin="BEGIN", size=READER_COUNT)


def _open(url: URL, pragmas: tuple[str, ...], *, begin: str, size: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        # An error's text goes to the log; documents and digests of secrets must not.
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    def prepare(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: it would make them deferred.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma).close()

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin_transaction)
    return engine
