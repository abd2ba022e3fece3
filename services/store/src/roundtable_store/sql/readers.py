"""A few threads that read, each read being of one moment."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from roundtable_kit.errors import Unavailable
from roundtable_store.sql.engine import READER_COUNT

Result = TypeVar("Result")


class Readers:
    """Runs reads beside the loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(READER_COUNT, thread_name_prefix="store-reader")

    async def run(self, read: Callable[[Connection], Result]) -> Result:
        """Return what a read returns.

        Raises:
            Unavailable: The database could not be read (READ_FAILED).
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._read, read)

    def stop(self) -> None:
        """End the threads once their reads are done."""
        self._pool.shutdown()

    def _read(self, read: Callable[[Connection], Result]) -> Result:
        try:
            with self._engine.begin() as connection:
                return read(connection)
        except SQLAlchemyError as error:
            raise Unavailable(
                "READ_FAILED", "The database could not be read."
            ) from error
