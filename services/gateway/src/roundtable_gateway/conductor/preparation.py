"""What is read and planned before a claimed run goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from roundtable_gateway.conductor.gate import Gate
from roundtable_gateway.conductor.manifest import Manifest
from roundtable_gateway.conductor.ports import Ledger
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.record import RunRecord
from roundtable_gateway.conductor.turn_tools import TurnTools
from roundtable_gateway.panel.overhead import estimate_overhead
from roundtable_gateway.panel.sections import ReadingPlan, plan_reading
from roundtable_kit.errors import Unavailable

_ASK_AGAIN = timedelta(seconds=0.5)

_T = TypeVar("_T")


async def prepare(
    record: RunRecord, tools: TurnTools, *, ledger: Ledger, window_tokens: int
) -> Proceedings:
    """Return the proceedings of a run, waiting for a store that is away.

    Raises SectionTooLongError where the model's window does not hold a section.
    """
    run = tools.run
    document = await _when_there(lambda: ledger.read_text(run.document.id))
    rejections = await _when_there(lambda: ledger.list_rejections(run.id))

    overhead_tokens = estimate_overhead(run)

    def study() -> tuple[ReadingPlan, Gate]:
        reading = plan_reading(
            document,
            [panelist.id for panelist in run.panelists],
            window_tokens=window_tokens,
            overhead_tokens=overhead_tokens,
        )
        return reading, Gate(document, run, rejections)

    reading, gate = await asyncio.to_thread(study)
    return Proceedings(
        run=run,
        document=document,
        reading=reading,
        gate=gate,
        record=record,
        manifest=Manifest(run, tools.log),
        tools=tools,
        room_tokens=window_tokens - overhead_tokens,
    )


async def _when_there(ask: Callable[[], Awaitable[_T]]) -> _T:
    while True:
        try:
            return await ask()
        except Unavailable:
            await asyncio.sleep(_ASK_AGAIN.total_seconds())
