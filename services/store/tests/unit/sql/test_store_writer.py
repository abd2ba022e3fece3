"""Group commit on a real file."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from roundtable_kit.errors import NotFound, Unavailable
from roundtable_store.sql import writer as writer_module
from roundtable_store.sql.database import Database
from roundtable_store.sql.tables import DOCUMENT_PARTS, INSTALLATION
from roundtable_store.sql.writer import Transaction
from services.store.tests.store_harness import SetClock


@dataclass(slots=True)
class Groups:
    """A database whose writer a test can hold back, and what its commits changed."""

    database: Database
    commits: list[frozenset[str]] = field(default_factory=list)

    async def write_together(
        self, *units: Callable[[Transaction], object]
    ) -> list[object]:
        """Return what units come to that wait behind one that is held back."""
        reached, go_on = threading.Event(), threading.Event()

        def hold(_: Transaction) -> None:
            reached.set()
            go_on.wait(10)

        held = asyncio.create_task(self.database.write(hold))
        await asyncio.to_thread(reached.wait, 10)
        waiting = [asyncio.create_task(self.database.write(unit)) for unit in units]
        await asyncio.sleep(0)  # each has put its unit into the queue
        go_on.set()
        await held
        return await asyncio.gather(*waiting, return_exceptions=True)

    async def names(self) -> set[str]:
        """Return what is on disk."""
        return await self.database.read(
            lambda connection: set(
                connection.execute(select(INSTALLATION.c.name)).scalars()
            )
        )


@pytest.fixture
async def groups(tmp_path: Path) -> AsyncIterator[Groups]:
    """An open database."""
    commits: list[frozenset[str]] = []
    database = Database(
        f"sqlite:///{tmp_path}/store.db", data_dir=tmp_path, on_commit=commits.append
    )
    await database.start()
    yield Groups(database, commits)
    await database.stop()


def _put(name: str) -> Callable[[Transaction], str]:
    def work(transaction: Transaction) -> str:
        row = {"name": name, "owner": "", "time": SetClock().now()}
        transaction.connection.execute(insert(INSTALLATION), row)
        transaction.changed_runs.add(name)
        return name

    return work


def _put_then_fail(name: str) -> Callable[[Transaction], None]:
    def work(transaction: Transaction) -> None:
        _put(name)(transaction)
        raise NotFound("RUN_NOT_FOUND", "There is no such run.")

    return work


def _break_commit(transaction: Transaction) -> None:
    """Write what the database refuses only when it commits."""
    transaction.connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    orphan = {"document_id": "none", "kind": "text", "position": 0, "owner": ""}
    transaction.connection.execute(insert(DOCUMENT_PARTS), orphan | {"body": b""})


async def test_units_that_wait_are_committed_as_one_group(groups: Groups) -> None:
    """What waits goes to disk in one commit, whose watchers wake once."""
    results = await groups.write_together(*(_put(name) for name in "abc"))

    assert results == ["a", "b", "c"]
    assert groups.commits == [frozenset("abc")]


async def test_failing_unit_undoes_itself_alone(groups: Groups) -> None:
    """Its neighbours in the group are kept, its watchers are not woken."""
    results = await groups.write_together(_put("a"), _put_then_fail("b"), _put("c"))

    assert (results[0], results[2]) == ("a", "c")
    assert isinstance(results[1], NotFound)
    assert await groups.names() == {"a", "c"}
    assert groups.commits == [frozenset("ac")]


async def test_failed_commit_fails_every_unit(groups: Groups) -> None:
    """Nobody of the group is told that it is on disk, and the writer goes on."""
    results = await groups.write_together(_put("a"), _break_commit, _put("c"))

    assert [type(result) for result in results] == [Unavailable] * 3
    assert await groups.names() == set()
    assert groups.commits == []
    assert await groups.database.write(_put("later")) == "later"


async def test_error_of_the_database_does_not_leave_the_room(groups: Groups) -> None:
    """A unit's database error reaches its caller as one of ours."""
    await groups.database.write(_put("a"))

    with pytest.raises(Unavailable) as caught:
        await groups.database.write(_put("a"))

    assert caught.value.reason == "WRITE_FAILED"


async def test_full_queue_refuses_at_once(
    groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be taken is refused with a time to ask again."""
    too_many = [_put(str(n)) for n in range(writer_module._QUEUE_UNITS + 1)]

    results = await groups.write_together(*too_many)

    refused = [result for result in results if isinstance(result, Unavailable)]
    assert [error.reason for error in refused] == ["STORE_BUSY"]
    assert refused[0].retry_after is not None
    assert len(await groups.names()) == writer_module._QUEUE_UNITS


async def test_stop_writes_what_waits(tmp_path: Path) -> None:
    """A write that was taken before the stop is on disk behind it."""
    url = f"sqlite:///{tmp_path}/store.db"
    first = Database(url, data_dir=tmp_path, on_commit=lambda _: None)
    await first.start()
    writes = [asyncio.create_task(first.write(_put(name))) for name in "abc"]
    await asyncio.sleep(0)  # each has put its unit into the queue

    await first.stop()

    assert await asyncio.gather(*writes) == ["a", "b", "c"]
    second = Database(url, data_dir=tmp_path, on_commit=lambda _: None)
    await second.start()
    assert await Groups(second).names() == set("abc")
    with pytest.raises(Unavailable):
        await first.write(_put("late"))
    await second.stop()


async def test_readers_can_change_nothing(groups: Groups) -> None:
    """A read that tries to write is refused by the database itself."""
    row = {"name": "a", "owner": "", "time": SetClock().now()}

    with pytest.raises(Unavailable):
        await groups.database.read(
            lambda connection: connection.execute(insert(INSTALLATION), row)
        )

    assert await groups.names() == set()
