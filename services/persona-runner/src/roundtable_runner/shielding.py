"""Clean-up that a cancellation can't cut short."""

import asyncio
from collections.abc import Awaitable


async def finish(clean_up: Awaitable[None]) -> None:
    """Run a bounded clean-up to its end, whoever cancels meanwhile.

    The cancellation is not lost: it goes on once the clean-up is done.
    """
    task = asyncio.ensure_future(clean_up)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
