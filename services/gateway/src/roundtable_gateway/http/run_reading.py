"""Reads runs for those who may see them."""

import asyncio

from roundtable_gateway.http.context import Context
from roundtable_gateway.http.schemas.whole_run import Run


async def read_run(run_id: str, context: Context, *, owner: str) -> Run:
    """Return a run, whole, with what follows from what is stored of it."""
    detail = await context.runs.get(run_id, owner=owner)
    # Off the loop: the coverage of 50,000 paragraphs takes its time.
    return await asyncio.to_thread(Run.of, detail)
