"""`create-token` as a process: on nothing, beside a store, while one starts."""

import asyncio
import os
import re
import shutil
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import closing
from pathlib import Path

import roundtable_store
from roundtable.store.v1 import token_service_pb2 as pb2
from services.store.tests.store_harness import GATEWAY, StoreHarness, run_store

_SECRET = re.compile(r"rt_[0-9a-f]{64}\n")
_EMAIL = "ada@example.org"


async def _spawn(data_dir: Path, *arguments: str, source: str = "") -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "roundtable_store", *arguments),
        env={
            "PATH": os.defpath,
            "ROUNDTABLE_DATA_DIR": str(data_dir),
            "ROUNDTABLE_STORE_ADDRESS": "127.0.0.1:0",
            "PYTHONPATH": source,
        },
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )


async def _create(data_dir: Path, *arguments: str) -> tuple[int | None, str, str]:
    """Run the command and return exit code, output and error output."""
    process = await _spawn(data_dir, "create-token", *arguments)
    output, errors = await process.communicate()
    return process.returncode, output.decode(), errors.decode()


def _copy_without_last_migration(folder: Path) -> str:
    """Return where a store lies whose schema is one version older than ours."""
    package = Path(roundtable_store.__file__).parent
    copy = shutil.copytree(package, folder / package.name)
    *_, last = sorted((copy / "sql/migrations/versions").glob("[0-9]*.py"))
    last.unlink()
    return str(folder)


def _schema(data_dir: Path) -> tuple[object, ...]:
    with closing(sqlite3.connect(data_dir / "store.db")) as connection:
        tables = connection.execute("SELECT sql FROM sqlite_schema").fetchall()
        version = connection.execute("SELECT * FROM alembic_version").fetchall()
    return tables, version


async def _owner(store: StoreHarness, output: str) -> str:
    response = await store.tokens.AuthenticateToken(
        pb2.AuthenticateTokenRequest(
            caller=GATEWAY, secret=output.strip(), kind=pb2.TOKEN_KIND_PERSONAL
        )
    )
    return response.email


async def test_token_is_made_before_there_is_a_store(tmp_path: Path) -> None:
    """On an empty folder; the store that starts on it later knows the token."""
    data_dir = tmp_path / "new" / "data"

    code, output, words = await _create(data_dir, "Ada@Example.org", "--days", "366")

    assert code == 0
    assert _SECRET.fullmatch(output)
    assert _EMAIL in words
    assert output.strip() not in words
    async with run_store(data_dir) as store:
        assert await _owner(store, output) == _EMAIL


async def test_token_is_made_beside_a_running_store(
    store: StoreHarness, tmp_path: Path
) -> None:
    """It asks for no lock that the store holds, and the store goes on writing."""
    created = asyncio.create_task(_create(tmp_path, _EMAIL))

    while not created.done():
        await store.create_document()
    code, output, _ = await created

    assert code == 0
    assert await _owner(store, output) == _EMAIL


async def test_schema_of_a_running_store_is_left_alone(tmp_path: Path) -> None:
    """An older one must be restarted first; without one the command migrates."""
    source = await asyncio.to_thread(_copy_without_last_migration, tmp_path / "older")
    data_dir = tmp_path / "data"
    older = await _spawn(data_dir, source=source)
    assert older.stdout is not None
    await older.stdout.readline()  # it serves
    before = _schema(data_dir)

    refused = await _create(data_dir, _EMAIL)
    beside = _schema(data_dir)
    older.terminate()
    await older.communicate()
    code, output, _ = await _create(data_dir, _EMAIL)

    assert refused[:2] == (1, "")
    assert "restart the store first" in refused[2]
    assert beside == before
    assert code == 0
    assert _schema(data_dir) != before
    async with run_store(data_dir) as store:
        assert await _owner(store, output) == _EMAIL


async def test_many_at_once_make_one_schema(tmp_path: Path) -> None:
    """Whoever comes first makes the database; a store that starts waits like them."""
    starting = await _spawn(tmp_path)

    done = await asyncio.gather(*(_create(tmp_path, _EMAIL) for _ in range(3)))
    assert starting.stdout is not None
    announced = await starting.stdout.readline()
    starting.terminate()
    await starting.communicate()

    assert b"port" in announced
    async with run_store(tmp_path) as store:
        owners = [await _owner(store, output) for _, output, _ in done]

    assert [code for code, _, _ in done] == [0, 0, 0]
    assert owners == [_EMAIL] * 3
    assert len({output for _, output, _ in done}) == 3


async def test_wrong_address_makes_nothing(tmp_path: Path) -> None:
    """No token, no database: words that say what is wrong."""
    code, output, errors = await _create(tmp_path / "data", "ada")

    assert (code, output) == (2, "")
    assert "'ada' is no e-mail address" in errors
    assert not await asyncio.to_thread((tmp_path / "data").exists)


async def test_database_that_is_too_new_is_left_alone(tmp_path: Path) -> None:
    """Another version's schema is no cause for a trace."""
    await _create(tmp_path, _EMAIL)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    code, output, errors = await _create(tmp_path, _EMAIL)

    assert (code, output) == (1, "")
    assert "roundtable-store: " in errors
    assert "Traceback" not in errors
