"""One viewer's waiting frames, and the end of a feed."""

import asyncio

import pytest

from roundtable_gateway.http import feeds
from roundtable_gateway.http.feeds import Feeds, Subscription
from roundtable_gateway.http.frames import Frame
from services.gateway.tests.support.fake_store import FakeRuns
from services.gateway.tests.support.samples import run_summary

_FRAMES = tuple(Frame(number, b"frame") for number in range(1, 4))


async def test_frames_wait_in_order_until_they_are_taken() -> None:
    """What is taken is gone; more wakes the viewer again."""
    subscription = Subscription()

    subscription.put(_FRAMES[:1])
    subscription.put(_FRAMES[1:])

    assert await subscription.take() == list(_FRAMES)
    subscription.put(_FRAMES[:1])
    assert await subscription.take() == [_FRAMES[0]]


async def test_slow_viewer_holds_no_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once given up it keeps nothing, and stays given up."""
    monkeypatch.setattr(feeds, "_MOST_WAITING", 2)
    subscription = Subscription()

    subscription.put(_FRAMES)
    subscription.put(_FRAMES[:1])

    assert subscription.is_overrun
    assert await subscription.take() == []


async def test_end_wakes_the_viewer() -> None:
    """Nobody waits for frames that will not come."""
    subscription = Subscription()
    taking = asyncio.create_task(subscription.take())

    subscription.complete()

    assert await taking == []
    assert subscription.is_complete


async def test_viewer_behind_the_end_of_a_feed_begins_a_new_one() -> None:
    """A feed that has ended with its run is no longer there for the next viewer."""
    runs = FakeRuns()
    runs.add(run_summary())
    runs.rest("run_1")
    all_feeds = Feeds(runs)
    owner = "owner@localhost"

    async with all_feeds.subscribe("run_1", owner=owner, after=1) as first:
        await first.take()
        async with all_feeds.subscribe("run_1", owner=owner, after=1) as second:
            await second.take()

    assert first.is_complete
    assert second.is_complete
    assert runs.logs["run_1"].opened == 2
    assert all_feeds._feeds == {}
