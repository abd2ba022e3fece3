"""What a runner tells of itself, and the service as a process."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from roundtable.runner.v1 import (
    runner_service_pb2,
    turn_service_pb2,
    turn_service_pb2_grpc,
)
from roundtable_kit.rpc_client import open_channel
from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.processes import cli_children, wait_for_exit
from support.runner_harness import run_runner, start_request

_REHEARSAL = turn_service_pb2.TURN_ENGINE_REHEARSAL


async def test_runner_tells_its_account_and_load(tmp_path: Path) -> None:
    """GetRunner tells account, version, slots and how many are taken."""
    async with (
        ScriptedEndpoint(default=Script(stall_after=3)) as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, slots=3
        ) as runner,
    ):
        await runner.start(start_request())
        answer = await runner.runner.GetRunner(runner_service_pb2.GetRunnerRequest())

    assert answer.account == runner_service_pb2.ACCOUNT_ENDPOINT
    assert (answer.slots, answer.busy) == (3, 1)
    assert answer.cli_version == "2.1.330"
    assert answer.since.seconds > 0


async def test_rehearsal_reviews_a_document(tmp_path: Path) -> None:
    """With no account the rehearsal engine answers through the real CLI."""
    async with run_runner(
        tmp_path / "data", rehearsal_words_per_second=10_000
    ) as runner:
        request = start_request(engine=_REHEARSAL)
        await runner.start(request)
        parts = await runner.all_parts()
        account = await runner.runner.GetRunner(runner_service_pb2.GetRunnerRequest())

    result = parts[-1].end.review
    quotes = [quote.text for finding in result.findings for quote in finding.quotes]
    document = "\n\n".join(
        paragraph.text for paragraph in request.review.subject.document.paragraphs
    )
    assert parts[0].WhichOneof("piece") == "text"
    assert quotes
    assert all(quote in document for quote in quotes)
    assert account.account == runner_service_pb2.ACCOUNT_NONE


async def test_rehearsal_that_died_is_started_again(tmp_path: Path) -> None:
    """The next turn finds a living engine."""
    async with run_runner(
        tmp_path / "data", rehearsal_words_per_second=10_000
    ) as runner:
        process = runner.app._rehearsal._process
        assert process is not None
        process.kill()
        await process.wait()

        end = await runner.end_of(start_request(engine=_REHEARSAL))

    assert end.HasField("review")


@pytest.mark.parametrize("ending", ["signal", "end of input", "kill"])
async def test_process_ends_with_everything_it_started(
    ending: str, tmp_path: Path
) -> None:
    """However the service ends, its CLI processes do, at work or waiting."""
    async with ScriptedEndpoint(default=Script(stall_after=3)) as endpoint:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "roundtable_runner"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={
                **os.environ,
                "ROUNDTABLE_RUNNER_ADDRESS": "127.0.0.1:0",
                "ROUNDTABLE_RUNNER_STOP_GRACE_SECONDS": "0",
                "ROUNDTABLE_RUNNER_WARM": "1",
                "ROUNDTABLE_STOP_ON_STDIN_EOF": "true",
                "ROUNDTABLE_DATA_DIR": str(tmp_path / "data"),
                "ANTHROPIC_BASE_URL": endpoint.url,
            },
        )
        assert process.stdin is not None
        assert process.stdout is not None
        ready = json.loads(await process.stdout.readline())
        channel = open_channel(f"127.0.0.1:{ready['port']}")
        turns = turn_service_pb2_grpc.TurnServiceStub(channel)
        await turns.StartTurn(start_request())
        await endpoint.wait_for_requests(1)
        pids = cli_children(process.pid)

        if ending == "signal":
            process.terminate()
        elif ending == "kill":
            process.kill()
        else:
            process.stdin.close()
        code = await process.wait()
        for pid in pids:
            await wait_for_exit(pid)
        await channel.close()

    assert pids
    assert code == (-signal.SIGKILL if ending == "kill" else 0)
