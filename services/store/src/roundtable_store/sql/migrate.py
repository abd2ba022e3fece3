"""Brings the database to this version's schema."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine

from roundtable_store.sql.engine import open_migrator


def bring_up_to_date(url: URL) -> None:
    """Make the database if there is none, and apply the migrations that are missing.

    Waits for another process that is at it: SQLite does not wait when two switch a new
    file to its write-ahead log at once, it fails.
    """
    engine = open_migrator(url)
    try:
        with _alone(Path(f"{url.database}.migrating")):
            migrate(engine)
    finally:
        engine.dispose()


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing; an unknown newer schema is an error."""
    config = Config()
    config.set_main_option("script_location", "roundtable_store.sql:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock on a file, which stays: removing it would race with who waits."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
