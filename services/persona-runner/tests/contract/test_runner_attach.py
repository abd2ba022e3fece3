"""Watching an attempt: from any index, by any number, without touching it."""

import asyncio
from pathlib import Path

import grpc
import pytest

from roundtable.runner.v1 import turn_service_pb2
from roundtable_kit.errors import InvalidArgument, NotFound
from roundtable_kit.rpc_errors import from_call_error
from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.processes import cli_children
from support.runner_harness import RunnerHarness, run_runner, start_request


async def test_leaving_stops_nothing_and_coming_back_misses_nothing(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A watcher that left goes on from the part after the last it had."""
    release = asyncio.Event()
    endpoint.script(Script(hold_after=10, release=release))
    await runner.start(start_request())
    parts = runner.parts()
    first = await anext(parts)
    await parts.aclose()
    release.set()

    rest = await runner.all_parts(from_index=1)

    assert [first.index, *(part.index for part in rest)] == list(range(len(rest) + 1))
    assert rest[-1].end.HasField("review")


async def test_who_attaches_learns_that_the_attempt_is_there(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """The first answer comes at once, however long the model says nothing."""
    release = asyncio.Event()
    endpoint.script(Script(release=release))
    await runner.start(start_request())
    call = runner.turns.AttachTurn(
        turn_service_pb2.AttachTurnRequest(turn_id="turn-1", attempt=1)
    )

    first = await call.read()

    assert isinstance(first, turn_service_pb2.AttachTurnResponse)
    assert list(first.parts) == []
    release.set()
    assert (await runner.all_parts())[-1].end.HasField("review")
    call.cancel()


async def test_two_watchers_see_the_same(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Parts are kept for all who ask, each at its own pace."""
    await runner.start(start_request())

    watched = await asyncio.gather(runner.all_parts(), runner.all_parts())

    assert watched[0] == watched[1]
    assert await runner.all_parts() == watched[0]


async def test_unknown_attempt_is_not_found(runner: RunnerHarness) -> None:
    """Attaching never starts a turn."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await runner.all_parts("no-such-turn")

    error = from_call_error(raised.value)
    assert isinstance(error, NotFound)
    assert error.reason == "TURN_NOT_FOUND"


async def test_negative_index_is_refused(runner: RunnerHarness) -> None:
    """The field is named."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await runner.all_parts(from_index=-1)

    error = from_call_error(raised.value)
    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == ["from_index"]


async def test_unwatched_attempt_is_ended(tmp_path: Path) -> None:
    """A turn that nobody watches costs no more than the limit allows."""
    async with (
        ScriptedEndpoint(default=Script(stall_after=3)) as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, unwatched_seconds=2
        ) as runner,
    ):
        await runner.start(start_request())
        registry = runner.app._registry
        assert registry is not None
        await registry.find("turn-1", 1).wait_until_over()

        end = (await runner.all_parts())[-1].end
        assert end.failure.reason == "timeout"
        assert end.failure.detail == "Nobody watched the turn for 2 s."
        assert cli_children() == []


async def test_watched_attempt_runs_on(tmp_path: Path) -> None:
    """While somebody watches, the limit does not count."""
    async with (
        ScriptedEndpoint(default=Script(tokens_per_second=20)) as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, unwatched_seconds=0.5
        ) as runner,
    ):
        end = await runner.end_of(start_request())

    assert end.HasField("review")


async def test_finished_attempt_is_dropped_in_time(tmp_path: Path) -> None:
    """Memory is bounded: an attempt is kept for its time and no longer."""
    async with (
        ScriptedEndpoint() as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, kept_seconds=0.1
        ) as runner,
    ):
        await runner.end_of(start_request())
        await asyncio.sleep(0.2)  # the time that is promised, not a synchronisation

        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await runner.all_parts()

    assert raised.value.code() is grpc.StatusCode.NOT_FOUND
