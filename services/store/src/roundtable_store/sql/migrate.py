"""Brings the database to this version's schema."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine

from roundtable_store.sql.engine import open_migrator
from roundtable_store.sql.instance_lock import InstanceLock


class OtherSchemaInUseError(RuntimeError):
    """A running store has the database open in another version's schema."""


def bring_up_to_date(url: URL, *, beside: InstanceLock | None = None) -> None:
    """Make the database if there is none, and apply the migrations that are missing.

    Waits for another process that is at it: SQLite does not wait when two switch a new
    file to its write-ahead log at once, it fails.

    Args:
        url: The database.
        beside: The lock of the store that may be running on it, which can't do with
            another schema than it has found. The store itself holds the lock.

    Raises:
        OtherSchemaInUseError: There would be something to apply, but the store runs.
    """
    engine = open_migrator(url)
    try:
        with _alone(Path(f"{url.database}.migrating")):
            if beside is not None and _is_of_another_version(engine):
                _require_free(beside)
            migrate(engine)
    finally:
        engine.dispose()


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing; an unknown newer schema is an error."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _is_of_another_version(engine: Engine) -> bool:
    """Tell whether there is a schema, and it is not this version's."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return current not in (None, head)


def _require_free(lock: InstanceLock) -> None:
    if lock.is_taken():
        raise OtherSchemaInUseError(
            "the running store is of another version than this command;"
            " restart the store first"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "roundtable_store.sql:migrations")
    return config


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock on a file, which stays: removing it would race with who waits."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
