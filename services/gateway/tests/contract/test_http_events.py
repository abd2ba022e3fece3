"""A run's events over SSE: replay, tail, resume, absence, leaving, stopping."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random

import pytest
from structlog.testing import capture_logs

from roundtable_gateway.domain.event import RunStarted, RunSucceeded, TurnDelta
from roundtable_gateway.http import event_stream, feeds
from roundtable_kit.errors import Internal
from services.gateway.tests.support.http_harness import Gateway, store_away
from services.gateway.tests.support.log_samples import TURN_REF
from services.gateway.tests.support.problems import check_problem
from services.gateway.tests.support.samples import run_summary
from services.gateway.tests.support.viewer import Viewer, view

_EVENTS = "/api/v1/runs/run_1/events"


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again at once; heartbeats come only where a test lets them."""
    monkeypatch.setattr(event_stream, "_ASK_AGAIN", timedelta(milliseconds=1))
    monkeypatch.setattr(feeds, "_ASK_AGAIN", timedelta(milliseconds=1))


@pytest.fixture
def run(gateway: Gateway) -> Gateway:
    """A gateway with a run that goes on: run.created and run.started."""
    gateway.runs.add(run_summary("run_1"))
    gateway.runs.append("run_1", RunStarted())
    return gateway


def _speak(gateway: Gateway, words: int, text: str = "word ") -> None:
    for _ in range(words):
        gateway.runs.append("run_1", TurnDelta(text, 1), turn=TURN_REF)


def _end(gateway: Gateway) -> None:
    gateway.runs.append("run_1", RunSucceeded())
    gateway.runs.rest("run_1")


def _last(gateway: Gateway) -> int:
    return len(gateway.runs.logs["run_1"].events)


async def _until_live(gateway: Gateway) -> None:
    await gateway.runs.until(lambda: gateway.runs.logs["run_1"].watches > 0)


async def test_stream_begins_as_the_format_wants_it(run: Gateway) -> None:
    """The headers keep proxies from buffering; the retry time comes first."""
    _end(run)

    async with view(run.port) as viewer:
        await viewer.to_the_end()

    assert viewer.status == 200
    assert viewer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert viewer.headers["cache-control"] == "no-cache, no-transform"
    assert viewer.headers["x-accel-buffering"] == "no"
    assert viewer.headers["x-request-id"]
    assert viewer.frames[0] == "retry: 2000"
    assert viewer.frames[2] == (
        "id: 2\nevent: run.started\n"
        'data: {"sequence":2,"time":"2026-01-01T12:00:02Z","run_id":"run_1",'
        '"type":"run.started"}'
    )


async def test_log_at_rest_is_replayed_whole_over_many_pages(run: Gateway) -> None:
    """From 1 to the last, and the stream ends cleanly."""
    _speak(run, 20)
    _end(run)

    async with view(run.port) as viewer:
        await viewer.to_the_end()

    assert viewer.sequences == list(range(1, 24))
    assert [each["sequence"] for each in viewer.data] == viewer.sequences
    assert viewer.is_clean
    assert run.runs.logs["run_1"].opened == 0


async def test_live_events_follow_the_replay(run: Gateway) -> None:
    """What is appended comes as it is appended, until the run is at rest."""
    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        await _until_live(run)
        _speak(run, 2)
        await viewer.until("id: 4")
        _end(run)
        await viewer.to_the_end()

    assert viewer.sequences == [1, 2, 3, 4, 5]
    assert viewer.is_clean


async def test_snapshot_and_after_lose_nothing(run: Gateway) -> None:
    """`?after=` begins behind what the snapshot holds."""
    _end(run)

    async with view(run.port, "?after=1") as viewer:
        await viewer.to_the_end()

    assert viewer.sequences == [2, 3]


async def test_last_event_id_beats_after(run: Gateway) -> None:
    """A browser that reconnects repeats the address it was given at first."""
    _end(run)

    async with view(run.port, "?after=0", last_event_id="2") as viewer:
        await viewer.to_the_end()

    assert viewer.sequences == [3]


async def test_nothing_more_at_rest_is_a_204(run: Gateway) -> None:
    """204 tells an EventSource to stop asking; 0 still means from the start."""
    _end(run)

    by_query = await run.http.get(f"{_EVENTS}?after=3")
    by_header = await run.http.get(_EVENTS, headers={"Last-Event-ID": "3"})

    assert (by_query.status_code, by_query.content) == (204, b"")
    assert by_header.status_code == 204


async def test_last_sequence_of_a_run_that_goes_on_is_no_204(run: Gateway) -> None:
    """There is more to come."""
    async with view(run.port, "?after=2") as viewer:
        await _until_live(run)
        _end(run)
        await viewer.to_the_end()

    assert viewer.status == 200
    assert viewer.sequences == [3]


@pytest.mark.parametrize("place", ["3", "9007199254740992"])
async def test_sequence_above_the_last_is_refused(run: Gateway, place: str) -> None:
    """Such a viewer has seen another log."""
    check_problem(
        await run.http.get(f"{_EVENTS}?after={place}"), 400, "SEQUENCE_ABOVE_LAST"
    )
    check_problem(
        await run.http.get(_EVENTS, headers={"Last-Event-ID": place}),
        400,
        "SEQUENCE_ABOVE_LAST",
    )


@pytest.mark.parametrize(
    "place", ["-1", "1.5", "x", "+1", "9007199254740993", "9" * 30, "\u0661"]
)
async def test_sequence_that_is_none_is_refused(run: Gateway, place: str) -> None:
    """Only the number of an event will do."""
    response = await run.http.get(_EVENTS, params={"after": place})

    check_problem(response, 400, "BAD_LAST_EVENT_ID")


async def test_empty_last_event_id_counts_as_none(run: Gateway) -> None:
    """Some clients send the header before they have an id."""
    _end(run)

    async with view(run.port, "?after=2", last_event_id="") as viewer:
        await viewer.to_the_end()

    assert viewer.sequences == [3]


async def test_unknown_run_is_not_found(gateway: Gateway) -> None:
    """A problem, not a stream."""
    check_problem(await gateway.http.get(_EVENTS), 404, "RUN_NOT_FOUND")


async def test_store_away_at_the_opening_is_a_503(run: Gateway) -> None:
    """The page opens a new stream after any answer but 200 and 204."""
    run.runs.fail(store_away())

    response = await run.http.get(_EVENTS)

    check_problem(response, 503, "UNREACHABLE")


async def test_many_viewers_at_random_points_miss_and_repeat_nothing(
    run: Gateway,
) -> None:
    """Whoever joins while events come, wherever: a gapless tail each."""
    random = Random(5)  # noqa: S311 - spreads the viewers

    async def watch() -> tuple[int, Viewer]:
        after = random.randint(0, _last(run))
        async with view(run.port, f"?after={after}") as viewer:
            await viewer.to_the_end()
        return after, viewer

    watching: list[asyncio.Task[tuple[int, Viewer]]] = []
    for _ in range(25):
        watching.append(asyncio.create_task(watch()))
        _speak(run, random.randint(1, 4))
        # Lets the viewers get some way; how far is left to chance.
        for _ in range(random.randint(0, 20)):
            await asyncio.sleep(0)
    _end(run)
    viewed = await asyncio.gather(*watching)

    last = _last(run)
    for after, viewer in viewed:
        assert viewer.sequences == list(range(after + 1, last + 1))
        assert viewer.is_clean
    assert run.runs.logs["run_1"].opened <= 2


async def test_many_viewers_share_one_watch(run: Gateway) -> None:
    """The store is watched once a run, and no more when the last viewer leaves."""
    log = run.runs.logs["run_1"]
    async with AsyncExitStack() as stack:
        viewers = [await stack.enter_async_context(view(run.port)) for _ in range(10)]
        for viewer in viewers:
            await viewer.until("id: 2")
        await _until_live(run)
        _speak(run, 1)
        for viewer in viewers:
            await viewer.until("id: 3")

        assert (log.watches, log.opened) == (1, 1)

    await run.runs.until(lambda: log.watches == 0)


async def test_last_viewer_to_leave_leaves_no_task(run: Gateway) -> None:
    """Feed, stream and watch are gone with the connection."""
    await run.http.aclose()
    before = {task.get_name() for task in asyncio.all_tasks()}

    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        await _until_live(run)
    await run.runs.until(lambda: run.runs.logs["run_1"].watches == 0)

    while {task.get_name() for task in asyncio.all_tasks()} - before:  # noqa: ASYNC110 - what ends has no event to wait for; the timeout bounds it
        await asyncio.sleep(0)
    assert run.feeds._feeds == {}


async def test_viewer_that_comes_back_gets_a_new_watch(run: Gateway) -> None:
    """A feed that has ended is no obstacle to the next viewer."""
    log = run.runs.logs["run_1"]
    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        await _until_live(run)
    await run.runs.until(lambda: log.watches == 0)
    _speak(run, 3)

    async with view(run.port, "?after=2") as viewer:
        await viewer.until("id: 5")
        await _until_live(run)
        _end(run)
        await viewer.to_the_end()

    assert viewer.sequences == [3, 4, 5, 6]


async def test_quiet_stream_has_a_heartbeat(
    run: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comments keep the connection alive while nothing happens."""
    monkeypatch.setattr(event_stream, "_HEARTBEAT", timedelta(milliseconds=5))

    async with view(run.port) as viewer:
        await viewer.until("heartbeat")
        _speak(run, 1)
        await viewer.until("id: 3")

    assert ": heartbeat" in viewer.frames
    assert viewer.sequences == [1, 2, 3]


async def test_store_away_during_the_replay_is_sat_out(run: Gateway) -> None:
    """Heartbeats come meanwhile, then the rest, without gap or repetition."""
    _speak(run, 10)
    _end(run)
    real = run.runs.list_events

    async def fail_behind_the_first(*args: object, **kwargs: object) -> object:
        if run.runs.listed == 2:
            run.runs.error = store_away()
        return await real(*args, **kwargs)  # type: ignore[arg-type]  # passed on

    run.runs.list_events = fail_behind_the_first  # type: ignore[method-assign,assignment]  # fails at a place
    async with view(run.port) as viewer:
        await viewer.until("heartbeat")
        run.runs.list_events = real  # type: ignore[method-assign]  # as it was
        run.runs.fail(None)
        await viewer.to_the_end()

    assert viewer.sequences == list(range(1, 14))
    assert viewer.is_clean


async def test_store_away_during_the_tail_is_sat_out(
    run: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed asks again behind the last event; heartbeats come meanwhile."""
    monkeypatch.setattr(event_stream, "_HEARTBEAT", timedelta(milliseconds=5))
    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        await _until_live(run)
        _speak(run, 1)
        await viewer.until("id: 3")
        run.runs.fail(store_away())
        await run.runs.until(lambda: run.runs.logs["run_1"].watches == 0)
        viewer.frames.clear()
        await viewer.until("heartbeat")
        _speak(run, 3)
        run.runs.fail(None)
        await viewer.until("id: 6")
        _end(run)
        await viewer.to_the_end()

    assert viewer.sequences == [4, 5, 6, 7]
    assert run.runs.logs["run_1"].watched_from == [2, 3]


async def test_deleted_run_ends_the_stream(run: Gateway) -> None:
    """Its viewers are let go rather than left waiting."""
    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        await _until_live(run)

        run.runs.remove("run_1")
        await viewer.to_the_end()

    assert viewer.sequences == [1, 2]
    assert viewer.is_clean


@pytest.mark.parametrize(
    "error", [Internal("UNKNOWN_VALUE", "Upgrade."), ValueError("unforeseen")], ids=repr
)
async def test_feed_that_fails_does_not_hang_its_viewers(
    run: Gateway, error: Exception
) -> None:
    """A service's failure is asked again; a fault of ours lets the viewers go."""
    run.runs.watch_error = error
    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        run.runs.watch_error = None
        _speak(run, 1)
        _end(run)
        await viewer.to_the_end()

    assert viewer.sequences[:2] == [1, 2]


async def test_crash_of_a_feed_is_logged_and_ends_its_streams(run: Gateway) -> None:
    """Nobody waits for ever for what will not come."""
    run.runs.watch_error = ValueError("unforeseen")

    with capture_logs() as logs:
        async with view(run.port) as viewer:
            await viewer.to_the_end()

    assert viewer.is_clean
    assert viewer.sequences == [1, 2]
    assert "feed.crashed" in [each["event"] for each in logs]


async def test_replay_that_fails_cuts_the_stream(run: Gateway) -> None:
    """An end that is not clean: the viewer knows that there is more."""
    _speak(run, 10)
    _end(run)
    real = run.runs.list_events

    async def fail_behind_the_first(*args: object, **kwargs: object) -> object:
        if run.runs.listed == 2:
            run.runs.error = Internal("INTERNAL", "The store failed.")
        return await real(*args, **kwargs)  # type: ignore[arg-type]  # passed on

    run.runs.list_events = fail_behind_the_first  # type: ignore[method-assign,assignment]  # fails at a place
    async with view(run.port) as viewer:
        await viewer.to_the_end()

    assert viewer.sequences == [1, 2, 3]
    assert not viewer.is_clean


async def test_stop_says_closing_and_ends_cleanly(run: Gateway) -> None:
    """Every stream gets the event without an id, then HTTP's own end."""
    async with AsyncExitStack() as stack:
        viewers = [await stack.enter_async_context(view(run.port)) for _ in range(3)]
        for viewer in viewers:
            await viewer.until("id: 2")

        run.closing.set()
        stopping = asyncio.create_task(run.server.stop())
        for viewer in viewers:
            await viewer.to_the_end()
        await stopping

    for viewer in viewers:
        assert viewer.frames[-1] == "event: closing\ndata: {}"
        assert viewer.is_clean


async def test_slow_viewer_is_dropped_and_can_resume(
    run: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes nothing is cut off, bounded in memory; the rest comes by resuming."""
    log = run.runs.logs["run_1"]
    with capture_logs() as logs, monkeypatch.context() as patched:
        patched.setattr(event_stream, "_SEND_DEADLINE", timedelta(milliseconds=50))
        async with view(run.port) as slow:
            await slow.until("id: 2")
            await _until_live(run)
            # More than all buffers between server and viewer hold together.
            slow.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
            for _ in range(60):
                _speak(run, 1, text="x" * 500_000)
                await asyncio.sleep(0)
            await run.runs.until(lambda: log.watches == 0)
            slow.writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above
            await slow.to_the_end()

    _end(run)
    async with view(run.port, last_event_id=str(slow.sequences[-1])) as resumed:
        await resumed.to_the_end()
    assert not slow.is_clean
    assert slow.sequences + resumed.sequences == list(range(1, _last(run) + 1))
    assert "viewer.dropped" in [each["event"] for each in logs]
    assert "request.crashed" not in [each["event"] for each in logs]


async def test_viewer_that_is_overrun_ends_and_can_resume(
    run: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than may wait for one viewer ends its stream, not the others'."""
    monkeypatch.setattr(feeds, "_MOST_WAITING", 4)
    async with view(run.port) as viewer:
        await viewer.until("id: 2")
        await _until_live(run)

        _speak(run, 50)
        await viewer.to_the_end()

    assert viewer.sequences == list(range(1, viewer.sequences[-1] + 1))
    assert viewer.is_clean
