"""The barrier of one engine, and how long it stays closed."""

import asyncio
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.conductor.account_barrier import AccountBarrier
from roundtable_gateway.conductor.rests import LONGEST_REST, RestPolicy
from roundtable_gateway.domain.run import Engine, Pause
from services.gateway.tests.support.conducting import (
    FakeWatch,
    SetClock,
    turns_of_the_loop,
)
from services.gateway.tests.support.samples import NOW

_MINUTE = timedelta(minutes=1)


def _barrier(clock: SetClock | None = None) -> AccountBarrier:
    return AccountBarrier(
        Engine.CLAUDE,
        runner=FakeWatch(),
        rests=RestPolicy(Random(3)),  # noqa: S311 - spreads delays
        clock=clock or SetClock(),
    )


@given(st.integers(1, 10_000), st.integers())
def test_rest_is_never_short_nor_endless(number: int, seed: int) -> None:
    """Some seconds at least, five minutes at most."""
    policy = RestPolicy(Random(seed))  # noqa: S311 - spreads delays

    rest = policy.rest(number)

    assert timedelta(seconds=2.5) <= rest <= LONGEST_REST


@pytest.mark.parametrize(("number", "most"), [(1, 5), (2, 10), (4, 40), (9, 300)])
def test_rests_grow_and_are_spread(number: int, most: float) -> None:
    """Each is up to twice as long as the one before, no two alike."""
    policy = RestPolicy(Random(7))  # noqa: S311 - spreads delays

    seconds = {policy.rest(number).total_seconds() for _ in range(20)}

    assert len(seconds) == 20
    assert most / 2 <= min(seconds)
    assert max(seconds) <= most


async def test_open_gate_lets_pass() -> None:
    """Nothing is waited for, and the passage holds."""
    barrier = _barrier()

    passage = await barrier.wait(None)

    assert passage is not None
    assert barrier.admits(passage)


async def test_passage_is_void_once_the_gate_closes() -> None:
    """Who waited for a slot meanwhile has to wait on."""
    barrier = _barrier()
    passage = await barrier.wait(None)
    assert passage is not None

    barrier.close("rate_limited", asked=_MINUTE, by=None)

    assert not barrier.admits(passage)
    assert await barrier.wait(None) is None


def test_failures_of_one_moment_are_one_pause() -> None:
    """Turns that fail together tell slightly different times."""
    clock = SetClock()
    barrier = _barrier(clock)
    first = barrier.close("rate_limited", asked=_MINUTE, by=None)

    clock.advance(timedelta(seconds=3))
    second = barrier.close("rate_limited", asked=_MINUTE, by=None)

    assert second is first
    assert first == Pause("rate_limited", NOW + _MINUTE)


def test_failure_without_a_time_changes_no_time() -> None:
    """What is known outdoes what is not."""
    barrier = _barrier()
    first = barrier.close("rate_limited", asked=_MINUTE, by=None)

    assert barrier.close("rate_limited", asked=None, by=None) is first


def test_much_later_time_is_told_anew() -> None:
    """A weekly limit outdoes the one of the minute."""
    barrier = _barrier()
    barrier.close("rate_limited", asked=_MINUTE, by=None)

    barrier.close("rate_limited", asked=60 * _MINUTE, by=None)

    assert barrier.pause == Pause("rate_limited", NOW + 60 * _MINUTE)


async def test_who_waits_hears_of_another_pause_at_once() -> None:
    """A changed reason or time is told to viewers while it lasts."""
    barrier = _barrier()
    pause = barrier.close("rate_limited", asked=_MINUTE, by=None)
    waiting = [asyncio.create_task(barrier.wait(pause)) for _ in range(2)]
    await turns_of_the_loop()

    barrier.close("auth_required", asked=None, by=None)

    assert await asyncio.gather(*waiting) == [None, None]


def test_lost_account_outdoes_a_limit_but_not_the_other_way_round() -> None:
    """No reset time mends an account."""
    barrier = _barrier()
    barrier.close("rate_limited", asked=_MINUTE, by=None)

    barrier.close("auth_required", asked=None, by=None)
    barrier.close("rate_limited", asked=60 * _MINUTE, by=None)

    assert barrier.pause == Pause("auth_required", None)


async def test_late_failure_does_not_disturb_the_scout() -> None:
    """What was asked before says less than what was asked last."""
    clock = SetClock()
    barrier = _barrier(clock)
    pause = barrier.close("rate_limited", asked=_MINUTE, by=None)
    clock.advance(_MINUTE)
    scout = await barrier.wait(pause)
    assert scout is not None

    barrier.close("rate_limited", asked=60 * _MINUTE, by=None)
    is_scouting = barrier.admits(scout)
    barrier.open(scout)

    assert is_scouting
    assert barrier.pause is None


async def test_scout_that_leaves_makes_room_for_another() -> None:
    """A run that is cancelled does not keep the others waiting."""
    clock = SetClock()
    barrier = _barrier(clock)
    pause = barrier.close("rate_limited", asked=_MINUTE, by=None)
    clock.advance(_MINUTE)
    first = await barrier.wait(pause)
    assert first is not None

    barrier.leave(first)
    second = await barrier.wait(pause)

    assert second is not None
    assert not barrier.admits(first)
    assert barrier.admits(second)


async def test_answered_turn_makes_rests_short_again() -> None:
    """A limit that was over is a new one when it comes again."""
    clock = SetClock()
    barrier = _barrier(clock)
    for _ in range(6):
        pause = barrier.close("rate_limited", asked=None, by=None)
        clock.advance(LONGEST_REST)
        scout = await barrier.wait(pause)
        assert scout is not None
        barrier.open(scout)

    long = barrier.close("rate_limited", asked=None, by=None)
    long_rest = long.resume_time - clock.now() if long.resume_time else _MINUTE
    clock.advance(LONGEST_REST)
    scout = await barrier.wait(long)
    assert scout is not None
    barrier.open(scout)
    barrier.note_answer()
    short = barrier.close("rate_limited", asked=None, by=None)

    assert short.resume_time is not None
    assert long_rest > _MINUTE
    assert short.resume_time - clock.now() <= timedelta(seconds=5)


def test_restored_pause_yields_to_what_is_known_here() -> None:
    """Another run's word of before changes nothing at a closed barrier."""
    barrier = _barrier()
    barrier.close("auth_required", asked=None, by=None)

    barrier.restore(Pause("rate_limited", NOW))

    assert barrier.pause == Pause("auth_required", None)
