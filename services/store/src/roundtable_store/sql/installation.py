"""What is remembered of the installation, in SQL."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from roundtable_kit.clock import Clock
from roundtable_store.sql.database import Database
from roundtable_store.sql.tables import INSTALLATION
from roundtable_store.sql.writer import Transaction

_ACCOUNT = "account"


class SqlInstallation:
    """Keeps the facts of the installation in the database."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record_account(self) -> None:
        """Note that there is an account; the first time counts."""

        def write(transaction: Transaction) -> None:
            if _read_account_time(transaction.connection) is None:
                row = {"name": _ACCOUNT, "owner": "", "time": self._clock.now()}
                transaction.connection.execute(insert(INSTALLATION), row)

        await self._database.write(write)

    async def account_time(self) -> datetime | None:
        """Return when an account was first recorded; None when none ever was."""
        return await self._database.read(_read_account_time)


def _read_account_time(connection: Connection) -> datetime | None:
    time: datetime | None = connection.execute(
        select(INSTALLATION.c.time).where(INSTALLATION.c.name == _ACCOUNT)
    ).scalar_one_or_none()
    return time
