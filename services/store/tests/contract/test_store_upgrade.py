"""Databases of earlier versions."""

import asyncio
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from roundtable.store.v1 import caller_pb2, run_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable_store.sql.engine import open_migrator, parse_url
from services.store.tests.author_harness import (
    OPEN,
    REJECTED,
    Author,
    answer_completed,
    answer_started,
)
from services.store.tests.store_harness import (
    GATEWAY,
    Conductor,
    claim_request,
    run_paused,
    run_resumed,
    run_store,
    turn_completed,
)

_KEPT = Path(__file__).parents[4] / "tests/containers/volumes/store-data-0.1.0.tar.gz"

OWNER = caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER, email="owner@localhost")

# A run in the middle of its only turn, as the second schema had it.
_MIDDLE_OF_A_RUN = """
INSERT INTO documents (document_id, owner, root_id, revision, create_time, body)
    VALUES ('d', 'alice@example.com', 'd', 1, 1, x'');
INSERT INTO runs (run_id, owner, document_id, title_folded, state, reason, is_queued,
        is_cancel_requested, is_folded, last_sequence, create_time, start_time,
        input_tokens, output_tokens, cache_read_tokens, turns, holder, incarnation,
        claim_request_id, fencing_token, appended)
    VALUES ('r', 'alice@example.com', 'd', 'plan', 'running', '', 0, 0, 0, 3, 1, 1,
        0, 0, 0, 1, '', '', '', 1, 2);
INSERT INTO run_bodies (run_id, owner, body) VALUES ('r', 'alice@example.com', x'');
INSERT INTO turns (run_id, turn_id, owner, position, attempt, state, reason,
        next_part_index, body)
    VALUES ('r', 't1', 'alice@example.com', 3, 1, 'running', '', 0, x'');
"""


def _write_second_schema(path: Path) -> None:
    engine = open_migrator(parse_url(f"sqlite:///{path}"))
    config = Config()
    config.set_main_option("script_location", "roundtable_store.sql:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_MIDDLE_OF_A_RUN)


async def test_run_of_the_second_schema_goes_on(tmp_path: Path) -> None:
    """It has no pause, may get one, and can be claimed whatever is left out."""
    await asyncio.to_thread(_write_second_schema, tmp_path / "store.db")

    async with run_store(tmp_path) as store:
        before = await store.detail("r")
        every = run_pb2.Engine.values()
        request = claim_request(except_engines=[each for each in every if each])
        claim = (await store.conductor.ClaimRun(request)).claim
        conductor = Conductor(store.conductor, claim)
        await conductor.append(run_paused(), run_resumed(), turn_completed())
        after = await store.detail("r")

    assert not before.run.HasField("pause")
    assert not before.turns[0].HasField("retry_time")
    assert after.run.usage == run_pb2.Usage(input_tokens=100, output_tokens=10, turns=1)


def _unpack(folder: Path) -> None:
    with tarfile.open(_KEPT) as archive:
        archive.extractall(folder, filter="data")


async def test_runs_of_the_first_release_are_there(tmp_path: Path) -> None:
    """Its volume, as it was kept, opens with every run whole, and none to drive."""
    await asyncio.to_thread(_unpack, tmp_path)
    async with run_store(tmp_path) as store:
        listed = await store.runs.ListRuns(
            runs_pb2.ListRunsRequest(caller=GATEWAY, page_size=10)
        )
        details = [await store.detail(run.run_id, GATEWAY) for run in listed.runs]
        claimed = await store.conductor.ClaimRun(claim_request())

    assert details
    assert not claimed.HasField("claim")
    for detail in details:
        assert detail.run.state == run_pb2.RUN_STATE_SUCCEEDED
        assert detail.HasField("decision")


async def test_author_answers_and_asks_a_run_of_the_first_release(
    tmp_path: Path,
) -> None:
    """Its findings are open, and it is at rest."""
    await asyncio.to_thread(_unpack, tmp_path)
    async with run_store(tmp_path) as store:
        author = Author(store, OWNER)
        listed = await store.runs.ListRuns(runs_pb2.ListRunsRequest(caller=OWNER))
        run = listed.runs[0]
        before = await store.detail(run.run_id, OWNER)
        finding_id = before.findings[0].finding_id
        answered = await author.answer(run.run_id, REJECTED, finding_id=finding_id)
        turns = await author.ask(run.run_id, run.panelists[0].panelist_id)
        conductor = await store.claim(run.run_id)
        await conductor.append(answer_started(turns[0]), answer_completed(turns[0]))
        after = await store.detail(run.run_id, OWNER)
        page = await author.page(run.run_id)

    assert {finding.disposition for finding in before.findings} == {OPEN}
    assert after.findings[0] == answered
    assert after.turns[-1].text == "Because."
    assert page.is_at_rest
