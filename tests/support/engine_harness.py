"""The runner's engine alone, with accesses that no setting would combine."""

import asyncio
from pathlib import Path

from roundtable_kit.clock import SystemClock
from roundtable_runner.claude.account import Access, AccountKind
from roundtable_runner.claude.engine import ClaudeEngine
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.claude.launching import CliLauncher
from roundtable_runner.claude.pool import PoolLimits, WarmPool
from roundtable_runner.claude.program import bundled_cli
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.turn.delimiters import Delimiters
from roundtable_runner.turn.parts import TurnFailure, TurnResult
from roundtable_runner.turn.task import Task
from roundtable_runner.turn.turn import Turn


def token_access(base_url: str, *, config_dir: Path) -> Access:
    """Return access as with an OAuth token, but to a scripted endpoint."""
    variables = {
        "ANTHROPIC_BASE_URL": base_url,
        "CLAUDE_CODE_OAUTH_TOKEN": "made-up",
        "CLAUDE_CONFIG_DIR": str(config_dir),
    }
    return Access(AccountKind.TOKEN, variables, is_bare=False, has_price=False)


async def review_with(task: Task, access: Access) -> TurnResult | TurnFailure:
    """Run one review and return its outcome."""
    _, outcome = await run_turn(task, access, model="claude-sonnet-4-5")
    return outcome


async def run_turn(
    task: Task, access: Access, *, model: str
) -> tuple[Turn, TurnResult | TurnFailure]:
    """Run one turn and return it with its outcome."""

    async def source() -> Access:
        return access

    workspace = Workspace.create()
    launcher = CliLauncher(bundled_cli(), workspace, Deadlines())
    pool = WarmPool(launcher, source, limits=PoolLimits(size=0))
    engine = ClaudeEngine(source, pool, deadlines=Deadlines(), clock=SystemClock())
    turn = Turn(
        task,
        draw_delimiter=Delimiters().of("run"),
        emit=lambda _: None,
        timers=asyncio.get_running_loop(),
    )
    try:
        return turn, await turn.run(engine, model=model)
    finally:
        workspace.remove()
