"""The schema on disk: migrations, pragmas, plans."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from roundtable_store.sql.engine import (
    UnsupportedDatabaseError,
    open_migrator,
    open_reader,
    open_writer,
    parse_url,
)
from roundtable_store.sql.migrate import migrate
from roundtable_store.sql.schema import METADATA


@pytest.fixture
def migrated(tmp_path: Path) -> str:
    """The URL of a database that was migrated from nothing."""
    url = f"sqlite:///{tmp_path}/store.db"
    engine = open_migrator(parse_url(url))
    migrate(engine)
    migrate(engine)
    engine.dispose()
    return url


def _pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_migrations_make_what_the_tables_say(migrated: str) -> None:
    """No table, column or index differs between the models and the migrations."""
    engine = open_writer(parse_url(migrated))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)

    engine.dispose()
    assert differences == []


def test_every_table_has_an_owner() -> None:
    """Rows without an owner could be anybody's."""
    without = [name for name, t in METADATA.tables.items() if "owner" not in t.c]

    assert without == []


def test_commits_are_on_disk(migrated: str) -> None:
    """The writer syncs fully into a write-ahead log and enforces foreign keys."""
    engine = open_writer(parse_url(migrated))

    names = ("journal_mode", "synchronous", "foreign_keys")
    pragmas = [_pragma(engine, name) for name in names]

    engine.dispose()
    assert pragmas == ["wal", 2, 1]


def test_log_is_kept_by_run_and_sequence(migrated: str) -> None:
    """The log's table is its own index: reading on needs no second look-up."""
    engine = open_reader(parse_url(migrated))

    with engine.connect() as connection:
        created = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'events'")
        ).scalar_one()

    engine.dispose()
    assert "WITHOUT ROWID" in created


@pytest.mark.parametrize(
    ("table", "condition", "order"),
    [
        ("runs", "owner = 'a'", "create_time DESC, run_id DESC"),
        ("runs", "state = 'pending'", "create_time, run_id"),
        ("runs", "is_folded = 0 AND rest_time < 1", "rest_time"),
        ("runs", "rest_time IS NULL", "create_time, run_id"),
        ("documents", "owner = 'a'", "create_time DESC, document_id DESC"),
        (
            "personas",
            "owner = 'a' AND is_archived = 0",
            "create_time DESC, persona_id DESC",
        ),
        ("panels", "owner = 'a'", "create_time DESC, panel_id DESC"),
    ],
)
def test_lists_need_no_sorting(
    migrated: str, table: str, condition: str, order: str
) -> None:
    """An index holds the order: a page costs the same however many rows there are."""
    engine = open_reader(parse_url(migrated))
    query = f"SELECT owner FROM {table} WHERE {condition} ORDER BY {order}"  # noqa: S608 - written above

    with engine.connect() as connection:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
        plan = [row.detail for row in rows]

    engine.dispose()
    assert [step for step in plan if "TEMP B-TREE" in step] == []
    assert any("USING" in step and "INDEX" in step for step in plan)


@pytest.mark.parametrize("url", ["postgresql://db/store", "sqlite://", "mysql://x/y"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    """The error names the variable and shows what is spoken."""
    with pytest.raises(UnsupportedDatabaseError, match="DATABASE_URL"):
        parse_url(url)
