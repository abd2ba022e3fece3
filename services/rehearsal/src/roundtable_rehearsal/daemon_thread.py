"""Work beside the event loop that never holds up the process's end."""

import asyncio
import contextlib
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

_Result = TypeVar("_Result")


async def in_daemon_thread(work: Callable[[], _Result]) -> _Result:
    """Await `work` done in a daemon thread.

    `asyncio.to_thread` would make the process wait at its end for rules that still
    read a long document; these threads are left behind.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def settle(result: _Result | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # set when no error is

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as caught:  # noqa: BLE001  # handed to the awaiting task
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=run, daemon=True, name="rules").start()
    return await done
