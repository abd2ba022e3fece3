"""Starting and ending attempts: slots, fencing, cancelling, stopping."""

import asyncio
import os
import signal
from pathlib import Path

import grpc
import pytest

from roundtable.runner.v1 import turn_service_pb2
from roundtable_kit.errors import Aborted, InvalidArgument, ResourceExhausted
from roundtable_kit.rpc_errors import from_call_error
from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.processes import cli_children, is_alive
from support.runner_harness import RunnerHarness, run_runner, start_request

_STALL = Script(stall_after=3)


def _cancel_request(
    turn_id: str = "turn-1", *, attempt: int = 1, fencing_token: int = 1
) -> turn_service_pb2.CancelTurnRequest:
    return turn_service_pb2.CancelTurnRequest(
        run_id="run-1", fencing_token=fencing_token, turn_id=turn_id, attempt=attempt
    )


async def test_cancelled_turn_reaps_its_process(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """When CancelTurn answers, the process is gone and the attempt has its end."""
    endpoint.script(_STALL)
    await runner.start(start_request())
    await endpoint.wait_for_requests(1)
    (pid,) = cli_children()

    await runner.turns.CancelTurn(_cancel_request())

    assert not is_alive(pid)
    assert (await runner.all_parts())[-1].end.failure.reason == "cancelled"


async def test_turn_is_cancelled_before_its_process_has_started(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A cancel right behind the start leaves neither process nor request."""
    await runner.start(start_request())

    await runner.turns.CancelTurn(_cancel_request())

    assert (await runner.all_parts())[-1].end.failure.reason == "cancelled"
    assert cli_children() == []
    assert endpoint.requests == []


async def test_cancelling_an_ended_attempt_changes_nothing(
    runner: RunnerHarness,
) -> None:
    """What has ended keeps its end."""
    await runner.end_of(start_request())

    await runner.turns.CancelTurn(_cancel_request())

    assert (await runner.all_parts())[-1].end.HasField("review")


async def test_killed_process_is_a_crash(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A CLI that dies in the middle of a turn is told as such."""
    endpoint.script(_STALL)
    await runner.start(start_request())
    await endpoint.wait_for_requests(1)
    (pid,) = cli_children()

    os.kill(pid, signal.SIGKILL)

    end = (await runner.all_parts())[-1].end
    assert end.failure.reason == "cli_crashed"
    assert not is_alive(pid)


async def test_same_attempt_again_changes_nothing(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Starting twice runs once."""
    await runner.start(start_request())
    await runner.start(start_request())

    await runner.all_parts()

    assert len(endpoint.requests) == 1


async def test_higher_attempt_ends_a_lower_one(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Two attempts of a turn never answer at once."""
    endpoint.script(_STALL)
    await runner.start(start_request())
    await endpoint.wait_for_requests(1)

    end = await runner.end_of(start_request(attempt=2))

    first = (await runner.all_parts(attempt=1))[-1].end
    assert first.failure.reason == "cancelled"
    assert end.HasField("review")


async def test_lower_attempt_than_a_known_one_is_refused(
    runner: RunnerHarness,
) -> None:
    """What has been superseded does not come back."""
    await runner.end_of(start_request(attempt=2))

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await runner.start(start_request(attempt=1))

    error = from_call_error(raised.value)
    assert (type(error), error.reason) == (Aborted, "SUPERSEDED")


async def test_lower_fencing_token_is_refused(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A conductor that lost its run starts nothing and ends nothing."""
    endpoint.script(_STALL)
    await runner.start(start_request(fencing_token=5))

    for call in (
        runner.turns.StartTurn(start_request("turn-2", fencing_token=4)),
        runner.turns.CancelTurn(_cancel_request(fencing_token=4)),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await call
        error = from_call_error(raised.value)
        assert (type(error), error.reason) == (Aborted, "FENCED")


async def test_more_turns_than_slots_are_refused(tmp_path: Path) -> None:
    """A full runner says so and when to ask again; a freed slot is taken again."""
    async with (
        ScriptedEndpoint() as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, slots=1
        ) as runner,
    ):
        endpoint.script(_STALL)
        await runner.start(start_request("turn-1"))
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await runner.start(start_request("turn-2"))
        await endpoint.wait_for_requests(1)
        await runner.turns.CancelTurn(_cancel_request())
        end = await runner.end_of(start_request("turn-2"))

    error = from_call_error(raised.value)
    assert (type(error), error.reason) == (ResourceExhausted, "NO_FREE_SLOT")
    assert error.retry_after is not None
    assert end.HasField("review")


async def test_wrong_fields_are_named(runner: RunnerHarness) -> None:
    """Each wrong field is told by its path."""
    request = start_request(paragraphs=("One.", "Two\n\nparagraphs."))
    request.run_id = ""
    request.model = "--dangerously-skip-permissions"
    request.engine = turn_service_pb2.TURN_ENGINE_UNSPECIFIED
    request.review.seat.owned_criteria.append("beauty")
    request.review.seat.persona.strictness = 0

    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await runner.start(request)

    error = from_call_error(raised.value)
    assert isinstance(error, InvalidArgument)
    assert {violation.field for violation in error.violations} == {
        "run_id",
        "engine",
        "model",
        "review.seat.persona.strictness",
        "review.seat.owned_criteria",
        "review.subject.document.paragraphs[1].text",
    }


async def test_stop_ends_running_turns_and_tells_their_watchers(
    tmp_path: Path,
) -> None:
    """A watcher of a turn that the stop cuts short still gets its end."""
    async with (
        ScriptedEndpoint(default=_STALL) as endpoint,
        run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner,
    ):
        await runner.start(start_request())
        watcher = asyncio.create_task(runner.all_parts())
        await endpoint.wait_for_requests(1)

        await runner.app.stop()
        end = (await watcher)[-1].end

    assert end.failure.reason == "runner_lost"
    assert cli_children() == []


async def test_stop_lets_turns_end_within_the_grace(tmp_path: Path) -> None:
    """A turn that is about to end is not cut."""
    release = asyncio.Event()
    script = Script(hold_after=10, release=release)
    async with (
        ScriptedEndpoint(default=script) as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, stop_grace_seconds=30
        ) as runner,
    ):
        await runner.start(start_request())
        watcher = asyncio.create_task(runner.all_parts())
        await endpoint.wait_for_requests(1)

        stopping = asyncio.create_task(runner.app.stop())
        release.set()
        end = (await watcher)[-1].end
        await stopping

    assert end.HasField("review")
