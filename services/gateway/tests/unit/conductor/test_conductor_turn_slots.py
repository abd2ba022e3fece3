"""The places of turns, and who waits for one."""

import asyncio

from roundtable_gateway.conductor.turn_slots import TurnSlots


async def test_turns_without_a_place_are_counted_until_they_have_one() -> None:
    """Those that go on and those that gave up wait no more."""
    slots = TurnSlots(1)
    await slots.acquire()
    first, second = (asyncio.create_task(slots.acquire()) for _ in range(2))
    await asyncio.sleep(0)
    counts = [slots.waiting]

    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    counts.append(slots.waiting)
    slots.release()
    await first
    counts.append(slots.waiting)

    assert counts == [2, 1, 0]
