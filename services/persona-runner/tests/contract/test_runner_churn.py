"""Hundreds of turns over every kind of fault leave nothing behind.

ROUNDTABLE_TEST_TURNS asks for another number, such as the thousands of a full run.
"""

import asyncio
import contextlib
import gc
import itertools
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from roundtable_runner.claude.account import endpoint_access
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.turn.parts import ReviewResult, TurnFailure, TurnResult
from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.pool_harness import PoolHarness, run_pool
from support.processes import cli_children, processes_with
from support.stand_in_cli import FAULTS, write_stand_in

_TURNS = int(os.environ.get("ROUNDTABLE_TEST_TURNS", "200"))
_REAL_TURNS = _TURNS // 10
_AT_ONCE = 6
_SHORT = Deadlines(
    first_token=timedelta(seconds=1.5),
    idle=timedelta(seconds=1.5),
    total=timedelta(seconds=30),
)
_SCRIPTS = (
    Script(),
    Script(status=401, error_type="authentication_error"),
    Script(status=429, error_type="rate_limit_error", headers={"retry-after": "9"}),
    Script(status=500),
    Script(status=529, error_type="overloaded_error"),
    Script(drop_after=0),
    Script(drop_after=6),
    Script(garbage_after=6),
    Script(stall_after=0),
    Script(stall_after=8),
    Script(output={"findings": []}),
    Script(calls_tool=False),
    Script(stop_reason="max_tokens"),
)


def _descriptors() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are what is counted


def _files(harness: PoolHarness) -> list[Path]:
    return sorted(
        path
        for path in harness.workspace.root.rglob("*")
        if path.name.startswith("process-") or path.parent.name == "sessions"
    )


async def _cancelled_soon(turn: asyncio.Task[TurnResult | TurnFailure]) -> None:
    await asyncio.wait([turn], timeout=0.05)
    turn.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await turn


@pytest.mark.timeout(60 + _TURNS)
async def test_faults_of_processes_leave_nothing(tmp_path: Path) -> None:
    """Crashes, silence, litter, children, cancellation: all of it is cleared away."""
    access = endpoint_access("http://127.0.0.1:1", calls_tools=True)
    program = write_stand_in(tmp_path)
    slots = asyncio.Semaphore(_AT_ONCE)
    async with run_pool(access, size=2, program=program, deadlines=_SHORT) as harness:

        async def turn(fault: str, *, is_cancelled: bool) -> bool | None:
            async with slots:
                task = asyncio.create_task(harness.review(model=fault))
                if is_cancelled:
                    await _cancelled_soon(task)
                    return None
                return isinstance(await task, ReviewResult)

        await turn("answer", is_cancelled=False)
        before = _descriptors()
        faults = list(itertools.islice(itertools.cycle(FAULTS), _TURNS))
        outcomes = await asyncio.gather(
            *(
                turn(fault, is_cancelled=number % 7 == 0)
                for number, fault in enumerate(faults)
            )
        )
        await harness.pool.stop()

        assert processes_with(str(program)) == []
        assert _files(harness) == []
        assert _descriptors() <= before
    good = {"answer", "litters", "child"}
    told = zip(faults, outcomes, strict=True)
    assert all(
        outcome == (fault in good) for fault, outcome in told if outcome is not None
    )


@pytest.mark.timeout(60 + _TURNS)
async def test_faults_of_endpoints_leave_nothing() -> None:
    """The same with the real CLI, over every way in which an endpoint fails."""
    await _take_turns(_SCRIPTS[:1])
    before = _descriptors()

    await _take_turns(list(itertools.islice(itertools.cycle(_SCRIPTS), _REAL_TURNS)))

    # The endpoint is gone by now, and with it the connections that it let stall.
    assert _descriptors() <= before


async def _take_turns(scripts: Sequence[Script]) -> None:
    """Take a turn for each script, four at once; check what they leave behind."""
    slots = asyncio.Semaphore(4)
    async with ScriptedEndpoint() as endpoint:
        access = endpoint_access(endpoint.url, calls_tools=True)
        async with run_pool(access, size=1, deadlines=_SHORT) as harness:

            async def turn() -> None:
                async with slots:
                    await harness.review()

            for script in scripts:
                endpoint.script(script)
            await asyncio.gather(*(turn() for _ in scripts))
            await harness.pool.stop()

            assert cli_children() == []
            assert _files(harness) == []
