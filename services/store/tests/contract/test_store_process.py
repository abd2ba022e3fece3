"""The store as a process of its own: start, refusals, and death without notice."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import grpc

from roundtable.store.v1 import event_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable.store.v1.conductor_service_pb2_grpc import ConductorServiceStub
from roundtable.store.v1.document_service_pb2_grpc import DocumentServiceStub
from roundtable.store.v1.run_service_pb2_grpc import RunServiceStub
from services.store.tests.store_harness import (
    ALICE,
    Conductor,
    claim_request,
    document_header,
    document_messages,
    run_request,
    run_started,
    turn_delta,
    turn_started,
)

if TYPE_CHECKING:  # the stubs' asynchronous halves exist for the type checker alone
    from roundtable.store.v1.run_service_pb2_grpc import RunServiceAsyncStub

KILLS = 5
APPENDERS = 4


def _environment(data_dir: Path, **changes: str) -> dict[str, str]:
    own = {
        "ROUNDTABLE_STORE_ADDRESS": "127.0.0.1:0",
        "ROUNDTABLE_DATA_DIR": str(data_dir),
    }
    return {**os.environ, **own, **changes}


async def _spawn(data_dir: Path, **changes: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "roundtable_store",
        env=_environment(data_dir, **changes),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )


async def _announced_port(process: Process) -> int:
    assert process.stdout is not None
    port = json.loads(await process.stdout.readline())["port"]
    assert isinstance(port, int)
    return port


@asynccontextmanager
async def _running(data_dir: Path) -> AsyncIterator[tuple[Process, grpc.aio.Channel]]:
    process = await _spawn(data_dir)
    try:
        port = await _announced_port(process)
        # A bare channel: one that retries would hide which appends were acknowledged.
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield process, channel
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _append_until_killed(conductor: Conductor, acknowledged: list[str]) -> None:
    """Append words that are all different, and note those that were acknowledged."""
    while True:
        first_index = conductor.next_index
        words = [f"{conductor.claim.fencing_token}-{first_index + n}" for n in range(3)]
        events = [event_pb2.NewEvent(payload=turn_delta(word)) for word in words]
        try:
            await conductor.append_at(first_index, events)
        except grpc.aio.AioRpcError:
            return
        conductor.next_index += len(events)
        acknowledged += words


async def _read_log(
    runs: "RunServiceAsyncStub", run_id: str
) -> tuple[list[int], list[str]]:
    """Return a log's sequences and words."""
    sequences: list[int] = []
    words: list[str] = []
    while True:
        page = await runs.ListEvents(
            runs_pb2.ListEventsRequest(
                caller=ALICE,
                run_id=run_id,
                after_sequence=sequences[-1] if sequences else 0,
            )
        )
        if not page.events:
            assert sequences[-1] == page.last_sequence
            return sequences, words
        sequences += [event.sequence for event in page.events]
        words += [
            event.payload.turn_delta.text
            for event in page.events
            if event.payload.HasField("turn_delta")
        ]


async def test_acknowledged_events_outlive_every_kill(tmp_path: Path) -> None:
    """Killed in the midst of appends again and again, the store loses none of them."""
    chance = random.Random(7)  # noqa: S311 - no secret
    acknowledged: dict[str, list[str]] = {}

    for round_number in range(KILLS):
        async with _running(tmp_path) as (process, channel):
            conductors = await _claims(channel, round_number, acknowledged)
            tasks = [
                asyncio.create_task(
                    _append_until_killed(conductor, acknowledged[conductor.run_id])
                )
                for conductor in conductors
            ]
            await asyncio.sleep(chance.uniform(0.1, 0.5))  # any moment will do
            process.send_signal(signal.SIGKILL)
            await asyncio.gather(*tasks)

    async with _running(tmp_path) as (_, channel):
        runs = RunServiceStub(channel)
        for run_id, words in acknowledged.items():
            sequences, stored = await _read_log(runs, run_id)
            assert words
            assert sequences == list(range(1, len(sequences) + 1))
            assert len(set(stored)) == len(stored)
            assert set(words) <= set(stored)


async def _claims(
    channel: grpc.aio.Channel, round_number: int, acknowledged: dict[str, list[str]]
) -> list[Conductor]:
    """Return claims on all runs, which the first round creates and starts."""
    conductor = ConductorServiceStub(channel)
    if round_number == 0:
        created = await DocumentServiceStub(channel).CreateDocument(
            document_messages(document_header())
        )
        for number in range(APPENDERS):
            request = run_request(
                created.document.document_id, request_id=f"run-{number}"
            )
            run = (await RunServiceStub(channel).CreateRun(request)).run
            acknowledged[run.run_id] = []
    claims = []
    for number in range(APPENDERS):
        request_id = f"claim-{round_number}-{number}"
        response = await conductor.ClaimRun(
            claim_request(request_id=request_id, incarnation=f"life-{round_number}")
        )
        claims.append(Conductor(conductor, response.claim))
    if round_number == 0:
        for claim in claims:
            await claim.append(run_started(), turn_started())
    return claims


async def test_second_store_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """It says why and what to do, and leaves the first one alone."""
    async with _running(tmp_path) as (process, channel):
        second = await _spawn(tmp_path)
        output, errors = await second.communicate()

        assert second.returncode == 1
        assert output == b""
        assert b"another store is running" in errors
        assert b"Traceback" not in errors
        assert process.returncode is None
        assert (
            await RunServiceStub(channel).ListRuns(
                runs_pb2.ListRunsRequest(caller=ALICE)
            )
            == runs_pb2.ListRunsResponse()
        )


async def test_database_that_is_not_spoken_stops_the_start(tmp_path: Path) -> None:
    """The error names the variable."""
    process = await _spawn(tmp_path, DATABASE_URL="postgresql://db/store")

    _, errors = await process.communicate()

    assert process.returncode == 2
    assert b"DATABASE_URL" in errors
    assert b"Traceback" not in errors


async def test_taken_port_stops_the_start(tmp_path: Path) -> None:
    """A store that can't listen says so instead of sharing the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        process = await _spawn(tmp_path, ROUNDTABLE_STORE_ADDRESS=address)

        _, errors = await process.communicate()

    assert process.returncode == 1
    assert b"cannot listen" in errors
    assert b"Traceback" not in errors


async def test_signal_ends_the_store_in_order(tmp_path: Path) -> None:
    """On SIGTERM it drains, closes and ends well, though somebody watches."""
    async with _running(tmp_path) as (process, channel):
        created = await DocumentServiceStub(channel).CreateDocument(
            document_messages(document_header())
        )
        run = await RunServiceStub(channel).CreateRun(
            run_request(created.document.document_id)
        )
        watch = RunServiceStub(channel).WatchEvents(
            runs_pb2.WatchEventsRequest(caller=ALICE, run_id=run.run.run_id)
        )
        await watch.read()

        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            _, errors = await process.communicate()

        assert process.returncode == 0
        assert b"service.stopped" in errors
        watch.cancel()
