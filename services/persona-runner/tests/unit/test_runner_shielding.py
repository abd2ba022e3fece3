"""Clean-up that a cancellation can't cut short."""

import asyncio

import pytest

from roundtable_runner.shielding import finish


async def test_clean_up_ends_though_it_is_cancelled_twice() -> None:
    """The clean-up runs to its end first, then the cancellation goes on."""
    begun, may_end = asyncio.Event(), asyncio.Event()
    is_clean = False

    async def clean_up() -> None:
        nonlocal is_clean
        begun.set()
        await may_end.wait()
        is_clean = True

    task = asyncio.create_task(finish(clean_up()))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)  # one turn of the loop, for the cancellation to arrive
    task.cancel()
    await asyncio.sleep(0)  # the same
    was_waiting = not task.done()
    may_end.set()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert was_waiting
    assert is_clean


async def test_error_of_the_clean_up_is_told() -> None:
    """What fails in it is not swallowed."""

    async def clean_up() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await finish(clean_up())
