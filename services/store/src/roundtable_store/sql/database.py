"""The open database: lock, migrations, writer, readers, in the order they need."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from roundtable_store.sql.engine import (
    open_reader,
    open_writer,
    parse_url,
)
from roundtable_store.sql.instance_lock import InstanceLock
from roundtable_store.sql.migrate import bring_up_to_date
from roundtable_store.sql.readers import Readers
from roundtable_store.sql.writer import Transaction, Writer

Result = TypeVar("Result")


class Database:
    """One database, opened once.

    Args:
        database_url: Names an SQLite file.
        data_dir: Where the lock against a second store lies.
        on_commit: Called on the loop with the runs that a commit has changed.
    """

    def __init__(
        self,
        database_url: str,
        *,
        data_dir: Path,
        on_commit: Callable[[frozenset[str]], None],
    ) -> None:
        self._url = parse_url(database_url)
        self._lock = InstanceLock(data_dir)
        self._on_commit = on_commit
        self._engines: tuple[Engine, ...] = ()
        self._writer: Writer | None = None
        self._readers: Readers | None = None

    async def start(self) -> None:
        """Lock, migrate and open.

        Raises:
            DataInUseError: Another store has the data directory.
        """
        self._lock.acquire()
        await asyncio.to_thread(bring_up_to_date, self._url)
        writer_engine, reader_engine = open_writer(self._url), open_reader(self._url)
        self._engines = (writer_engine, reader_engine)
        self._writer = Writer(writer_engine, on_commit=self._on_commit)
        self._readers = Readers(reader_engine)
        self._writer.start()

    async def stop(self) -> None:
        """Write what waits, then close."""
        if self._writer is not None:
            await self._writer.stop()
        if self._readers is not None:
            await asyncio.to_thread(self._readers.stop)
        for engine in self._engines:
            engine.dispose()
        self._lock.release()

    async def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Return what a unit of work returns, once it is on disk."""
        if self._writer is None:
            raise RuntimeError("the database is not open")
        return await self._writer.run(work)

    async def read(self, read: Callable[[Connection], Result]) -> Result:
        """Return what a read returns; all of it is of one moment."""
        if self._readers is None:
            raise RuntimeError("the database is not open")
        return await self._readers.run(read)

    async def probe(self) -> None:
        """Raise when the database can't be read."""
        await self.read(lambda connection: connection.execute(select(1)).scalar_one())
