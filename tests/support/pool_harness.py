"""The runner's engine with its pool, and no service around them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roundtable_kit.clock import SystemClock
from roundtable_runner.claude.account import Access
from roundtable_runner.claude.engine import ClaudeEngine
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.claude.launching import CliLauncher
from roundtable_runner.claude.pool import PoolLimits, WarmPool
from roundtable_runner.claude.program import bundled_cli
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.turn.delimiters import Delimiters
from roundtable_runner.turn.parts import (
    FindingPart,
    TextPart,
    TurnFailure,
    TurnResult,
)
from roundtable_runner.turn.task import Effort, Task
from roundtable_runner.turn.turn import Turn
from support.processes import cli_children
from support.review_tasks import review_task

_LOOK_SECONDS = 0.01


@dataclass
class PoolHarness:
    """A pool, an engine on it, and the account of both.

    Attributes:
        access: What both find when they look for the account; may be changed.
    """

    access: Access
    workspace: Workspace
    delimiters: Delimiters = field(default_factory=Delimiters)
    pool: WarmPool = field(init=False)
    engine: ClaudeEngine = field(init=False)

    async def source(self) -> Access:
        """Return the account."""
        return self.access

    async def review(
        self,
        *,
        model: str = "claude-sonnet-4-5",
        effort: Effort = Effort.LEAST,
        task: Task | None = None,
        emit: Callable[[TextPart | FindingPart], None] = lambda _part: None,
    ) -> TurnResult | TurnFailure:
        """Run a review turn, all of one run, and return its outcome."""
        turn = Turn(
            task or review_task(),
            draw_delimiter=self.delimiters.of("run"),
            emit=emit,
            timers=asyncio.get_running_loop(),
        )
        return await turn.run(self.engine, model=model, effort=effort)

    async def parked(self, count: int) -> list[int]:
        """Return every process there is once that many wait."""
        while self.pool.warm < count:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(_LOOK_SECONDS)
        return sorted(cli_children())


@contextlib.asynccontextmanager
async def run_pool(
    access: Access,
    *,
    size: int,
    program: Path | None = None,
    deadlines: Deadlines | None = None,
    network: dict[str, str] | None = None,
    **limits: Any,
) -> AsyncIterator[PoolHarness]:
    """Run a pool; further limits by their names."""
    deadlines = deadlines or Deadlines()
    harness = PoolHarness(access, Workspace.create())
    launcher = CliLauncher(
        program or bundled_cli(), harness.workspace, deadlines, network or {}
    )
    harness.pool = WarmPool(launcher, harness.source, limits=PoolLimits(size, **limits))
    harness.engine = ClaudeEngine(
        harness.source, harness.pool, deadlines=deadlines, clock=SystemClock()
    )
    harness.pool.start()
    try:
        yield harness
    finally:
        await harness.pool.stop()
        harness.workspace.remove()
