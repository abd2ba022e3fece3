"""Turns SIGINT and SIGTERM into an orderly end."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from roundtable_cli.errors import Interrupted

T = TypeVar("T")


async def run_interruptible(
    work: Coroutine[Any, Any, T], *, on_second: Callable[[], None]
) -> T:
    """Do `work`; the first signal cancels it, every further one calls `on_second`.

    Only one cancellation is ever sent, so the clean-up that `work` does in its
    ``finally`` clauses is not cut short by an impatient Ctrl-C.

    Raises:
        Interrupted: A signal came and the work has ended for it.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    received: list[int] = []

    def on_signal(number: int) -> None:
        received.append(number)
        if len(received) == 1:
            task.cancel()
        else:
            on_second()

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, on_signal, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        raise Interrupted(received[0], is_forced=len(received) > 1) from None
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def exit_at_once() -> None:
    """Leave the event loop now; what was being tidied up stays untidy."""
    raise KeyboardInterrupt
