"""What signing in asks of the one writer."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from roundtable_kit.errors import Unauthenticated
from roundtable_store.records.ids import RandomIds
from roundtable_store.records.tokens import NewToken, RandomSecrets, TokenKind
from roundtable_store.sql.database import Database
from roundtable_store.sql.token_rows import Issuing
from roundtable_store.sql.tokens import SqlTokens
from roundtable_store.sql.writer import Transaction
from services.store.tests.store_harness import SetClock

Result = TypeVar("Result")


class CountingDatabase(Database):
    """A database that counts the units of work its writer is given."""

    units = 0

    async def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Count, and write."""
        self.units += 1
        return await super().write(work)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[CountingDatabase]:
    """An open database."""
    url = f"sqlite:///{tmp_path}/store.db"
    database = CountingDatabase(url, data_dir=tmp_path, on_commit=lambda _: None)
    await database.start()
    yield database
    await database.stop()


async def test_bad_secrets_do_not_reach_the_writer(database: CountingDatabase) -> None:
    """Whoever has no token can't hold up those who write; a good one is one unit."""
    tokens = SqlTokens(
        database, issuing=Issuing(SetClock(), RandomIds(), RandomSecrets())
    )
    lifetime = timedelta(days=1)
    created = await tokens.create(
        NewToken(owner="a@b.org", request_id="t", name="x", lifetime=lifetime)
    )
    before = database.units

    for _ in range(100):
        stranger = RandomSecrets().new_secret(TokenKind.PERSONAL)
        with pytest.raises(Unauthenticated):
            await tokens.create_session(stranger, request_id="s")
    after_strangers = database.units
    await tokens.create_session(created.secret, request_id="s")

    assert after_strangers == before
    assert database.units == before + 1
