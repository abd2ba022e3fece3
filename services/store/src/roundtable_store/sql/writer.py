"""The one writer: a thread that commits whatever waits as one group.

Each unit of work runs in a savepoint, so that its error undoes it alone. The group has
one commit; only when that is on disk do the units' callers hear of it.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from roundtable_kit.errors import Unavailable

_log = structlog.get_logger()

Result = TypeVar("Result")

_QUEUE_UNITS = 4096
_GROUP_UNITS = 256


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a unit of work writes with.

    Attributes:
        changed_runs: Runs whose watchers shall wake once the unit is committed.
    """

    connection: Connection
    changed_runs: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Unit:
    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    unit: _Unit
    result: Any = None
    error: Exception | None = None


class Writer:
    """Runs units of work one after another, in groups.

    Args:
        engine: Has one connection, whose transactions begin as writing ones.
        on_commit: Called on the loop with the runs that a group has changed.
    """

    def __init__(
        self, engine: Engine, *, on_commit: Callable[[frozenset[str]], None]
    ) -> None:
        self._engine = engine
        self._on_commit = on_commit
        self._queue: queue.Queue[_Unit | None] = queue.Queue(_QUEUE_UNITS)
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="store-writer")
        self._is_stopping = False

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    async def run(self, work: Callable[[Transaction], Result]) -> Result:
        """Return what a unit of work returns, once it is on disk.

        Raises:
            Unavailable: Too much waits (STORE_BUSY), the store stops
                (STORE_STOPPING), or the group could not be committed (WRITE_FAILED).
        """
        if self._is_stopping:
            raise Unavailable("STORE_STOPPING", "The store is stopping.")
        future: asyncio.Future[Result] = self._loop.create_future()
        try:
            self._queue.put_nowait(_Unit(work, future))
        except queue.Full as error:
            raise Unavailable(
                "STORE_BUSY",
                "Too many writes wait.",
                retry_after=timedelta(seconds=1),
            ) from error
        return await future

    async def stop(self) -> None:
        """Write what waits, then end."""
        self._is_stopping = True
        await asyncio.to_thread(self._queue.put, None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        is_open = True
        while is_open:
            group, is_open = self._next_group()
            if group:
                outcomes, changed_runs = self._commit(group)
                self._loop.call_soon_threadsafe(self._deliver, outcomes, changed_runs)

    def _next_group(self) -> tuple[list[_Unit], bool]:
        group: list[_Unit] = []
        unit = self._queue.get()
        while unit is not None:
            group.append(unit)
            if len(group) == _GROUP_UNITS:
                return group, True
            try:
                unit = self._queue.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _commit(self, group: list[_Unit]) -> tuple[list[_Outcome], frozenset[str]]:
        changed_runs: set[str] = set()
        try:
            with self._engine.begin() as connection:
                outcomes = [_run_unit(unit, connection, changed_runs) for unit in group]
        except Exception as error:  # noqa: BLE001 - whatever broke, no unit of the group is on disk
            _log.exception("group.failed", units=len(group))
            return [_Outcome(unit, error=_not_written(error)) for unit in group], (
                frozenset()
            )
        return outcomes, frozenset(changed_runs)

    def _deliver(self, outcomes: list[_Outcome], changed_runs: frozenset[str]) -> None:
        for outcome in outcomes:
            future = outcome.unit.future
            if future.done():  # its caller has left
                continue
            if outcome.error is None:
                future.set_result(outcome.result)
            else:
                future.set_exception(outcome.error)
        if changed_runs:
            self._on_commit(changed_runs)


def _run_unit(unit: _Unit, connection: Connection, changed_runs: set[str]) -> _Outcome:
    transaction = Transaction(connection)
    connection.exec_driver_sql("SAVEPOINT unit")
    try:
        result = unit.work(transaction)
    except Exception as error:  # noqa: BLE001 - handed to the unit's caller, who raises it
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT unit")
        connection.exec_driver_sql("RELEASE SAVEPOINT unit")
        return _Outcome(unit, error=_as_own(error))
    connection.exec_driver_sql("RELEASE SAVEPOINT unit")
    changed_runs |= transaction.changed_runs
    return _Outcome(unit, result=result)


def _not_written(cause: Exception) -> Exception:
    error = Unavailable("WRITE_FAILED", "The database could not be written.")
    error.__cause__ = cause
    return error


def _as_own(error: Exception) -> Exception:
    return _not_written(error) if isinstance(error, SQLAlchemyError) else error
