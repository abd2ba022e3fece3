"""Waits for a run's end, with a sign of life for the client."""

from contextlib import aclosing
from datetime import timedelta

import anyio

from roundtable_cli.errors import CliError
from roundtable_cli.events import follow
from roundtable_cli.mcp.milestones import Milestones
from roundtable_cli.mcp.run_report import has_ended
from roundtable_cli.mcp.tool import Call
from roundtable_cli.run import Run

# Clients give a call up that is silent for too long, many after a minute.
_SIGN_OF_LIFE = timedelta(seconds=10)


async def wait_for_end(call: Call, run: Run, *, seconds: float) -> Run:
    """Return the run as it is at its end, or when the time is up.

    Args:
        call: Whose client hears of the progress.
        run: The run as it is now.
        seconds: How long to wait at most; 0 returns `run` itself.

    Raises:
        CliError: The gateway refuses, or stays away.
    """
    if has_ended(run) or seconds == 0:
        return run
    failure = None
    with anyio.move_on_after(seconds):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_show_life, call)
            try:
                await _tell_of(call, run)
            except CliError as error:
                failure = error  # out of a task group it would come wrapped
            tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return await call.client.get_run(run.id)


async def _tell_of(call: Call, run: Run) -> None:
    milestones = Milestones(run)
    events = follow(
        call.client,
        run.id,
        after=int(run.json.get("last_sequence") or 0),
        on_cut=lambda: None,
    )
    async with aclosing(events):
        async for event in events:
            if line := milestones.line(event):
                await call.tell(line)


async def _show_life(call: Call) -> None:
    begun = anyio.current_time()
    while True:
        await anyio.sleep(_SIGN_OF_LIFE.total_seconds())
        await call.tell(f"Waiting for {round(anyio.current_time() - begun)} s.")
