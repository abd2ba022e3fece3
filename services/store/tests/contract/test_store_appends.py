"""Appends over a real server: order, repetition, legality, projections."""

import asyncio
from datetime import timedelta

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from roundtable.store.v1 import conductor_service_pb2 as pb2
from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable_kit.errors import FailedPrecondition, InvalidArgument
from services.store.tests.store_harness import (
    ALICE,
    StoreHarness,
    decision_set,
    finding_added,
    finding_changed,
    finding_withdrawn,
    refused,
    run_cancelled,
    run_incomplete,
    run_queued,
    turn_completed,
    turn_delta,
    turn_failed,
    turn_started,
    turn_superseded,
)


def _events(*payloads: event_pb2.EventPayload) -> list[event_pb2.NewEvent]:
    return [event_pb2.NewEvent(payload=payload) for payload in payloads]


async def _texts(store: StoreHarness, run_id: str) -> list[str]:
    log = await store.runs.ListEvents(
        runs_pb2.ListEventsRequest(caller=ALICE, run_id=run_id)
    )
    return [
        event.payload.turn_delta.text
        for event in log.events
        if event.payload.HasField("turn_delta")
    ]


async def test_overlapping_appends_write_each_event_once(store: StoreHarness) -> None:
    """Whole repetitions, overlaps and news all lead to one log."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started())
    deltas = _events(*(turn_delta(text) for text in "abcdef"))

    lasts = [
        await conductor.append_at(2, deltas[:3]),
        await conductor.append_at(2, deltas[:3]),
        await conductor.append_at(3, deltas[1:5]),
        await conductor.append_at(2, deltas[:2]),
        await conductor.append_at(7, deltas[5:]),
    ]

    assert lasts == [6, 6, 8, 8, 9]
    assert await _texts(store, run.run_id) == list("abcdef")


async def test_gap_in_a_claims_events_is_refused(store: StoreHarness) -> None:
    """What comes before has to be there."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append_at(2, _events(turn_started()))

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "APPEND_GAP"


async def test_illegal_event_takes_its_whole_append_back(store: StoreHarness) -> None:
    """Legal events in front of an illegal one are not written either."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(turn_started(), run_queued())

    assert refused(caught.value).reason == "ILLEGAL_EVENT"
    detail = await store.detail(run.run_id)
    assert (detail.run.last_sequence, len(detail.turns)) == (2, 0)
    assert await conductor.append(turn_started()) == 3


async def test_second_end_is_refused(store: StoreHarness) -> None:
    """A run ends once."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(run_incomplete())

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(run_cancelled())

    assert refused(caught.value).reason == "ILLEGAL_EVENT"
    assert (await store.detail(run.run_id)).run.state == run_pb2.RUN_STATE_INCOMPLETE


async def test_completed_turn_is_shown_whole(store: StoreHarness) -> None:
    """Turn, findings, decision, usage and progress are projections of the log."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    manifest = [
        run_pb2.ManifestEntry(
            stage=run_pb2.STAGE_INTAKE, result=run_pb2.STAGE_RESULT_RAN
        )
    ]

    await conductor.append(
        turn_started(),
        finding_added("A1"),
        finding_added("A2", "Kept"),
        finding_changed("A2", "Sharper"),
        finding_withdrawn("A1"),
        turn_completed(),
        decision_set(),
    )
    await conductor.append_at(
        8,
        _events(run_incomplete()),
        progress=pb2.Progress(stage=run_pb2.STAGE_DECISION, manifest=manifest),
    )

    detail = await store.detail(run.run_id)
    (turn,) = detail.turns
    assert (turn.state, turn.text) == (turn_pb2.TURN_STATE_SUCCEEDED, "All of it.")
    assert [finding.title for finding in detail.findings] == ["Sharper"]
    assert detail.decision.outcome == turn_pb2.OUTCOME_SHIP
    assert detail.run.usage == run_pb2.Usage(
        input_tokens=100, output_tokens=10, turns=1
    )
    assert detail.run.stage == run_pb2.STAGE_DECISION
    assert list(detail.run.manifest) == manifest
    assert (detail.run.state, detail.run.reason) == (
        run_pb2.RUN_STATE_INCOMPLETE,
        "SEATS_FAILED",
    )


async def test_retried_turn_keeps_its_place_and_adds_up(store: StoreHarness) -> None:
    """A new attempt drops the old one's findings; usage counts them both."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    retry_time = store.clock.now() + timedelta(seconds=5)
    await conductor.append(
        turn_started(),
        turn_started("t2"),
        finding_added("A1"),
        turn_failed(retry_time=retry_time),
    )
    queued = (await store.detail(run.run_id)).turns[0]

    await conductor.append(
        turn_superseded(),
        turn_started(attempt=2),
        finding_added("A1.2", attempt=2),
        turn_completed(attempt=2),
    )

    detail = await store.detail(run.run_id)
    assert (queued.state, queued.reason) == (
        turn_pb2.TURN_STATE_QUEUED,
        "overloaded",
    )
    assert queued.usage.input_tokens == 7
    assert [(turn.turn_id, turn.attempt) for turn in detail.turns] == [
        ("t1", 2),
        ("t2", 1),
    ]
    assert detail.turns[0].reason == ""
    assert [finding.finding_id for finding in detail.findings] == ["A1.2"]
    assert detail.run.usage == run_pb2.Usage(
        input_tokens=107, output_tokens=10, cost_usd=0.5, turns=3
    )


async def test_end_of_a_run_ends_its_turns(store: StoreHarness) -> None:
    """What was still going on ends with the run."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    await conductor.append(
        turn_started("t1"), turn_started("t2"), turn_completed("t2"), run_cancelled()
    )

    detail = await store.detail(run.run_id)
    assert [turn.state for turn in detail.turns] == [
        turn_pb2.TURN_STATE_CANCELLED,
        turn_pb2.TURN_STATE_SUCCEEDED,
    ]


async def test_parts_move_the_place_to_go_on_from(store: StoreHarness) -> None:
    """A turn knows the first part that is not in the log, and a retry begins anew."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started())
    parts = [event_pb2.NewEvent(payload=turn_delta(), part_index=n) for n in range(3)]

    await conductor.append_at(2, parts)
    before = (await store.detail(run.run_id)).turns[0].next_part_index
    await conductor.append_at(5, _events(turn_failed(), turn_started(attempt=2)))
    after = (await store.detail(run.run_id)).turns[0].next_part_index

    assert (before, after) == (3, 0)


async def test_event_that_is_not_whole_is_named(store: StoreHarness) -> None:
    """Every field that an event lacks is told by its path."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    unnamed = turn_delta()
    unnamed.turn_id = ""
    vague = finding_added()
    vague.finding_added.finding.severity = turn_pb2.SEVERITY_UNSPECIFIED

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(event_pb2.EventPayload(), unnamed, vague)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == [
        "events[0].payload.fact",
        "events[1].payload.turn_id",
        "events[2].payload.finding.severity",
    ]


async def test_progress_alone_is_kept(store: StoreHarness) -> None:
    """A stage may move without an event."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)

    last_sequence = await conductor.append_at(
        1, [], progress=pb2.Progress(stage=run_pb2.STAGE_GATE)
    )

    assert last_sequence == 2
    assert (await store.detail(run.run_id)).run.stage == run_pb2.STAGE_GATE


async def test_events_carry_the_stores_time(store: StoreHarness) -> None:
    """Time and sequence are the store's own."""
    run = await store.create_run()
    store.clock.advance(timedelta(seconds=90, microseconds=7))
    await store.started(run.run_id)

    log = await store.runs.ListEvents(
        runs_pb2.ListEventsRequest(caller=ALICE, run_id=run.run_id, after_sequence=1)
    )

    expected = Timestamp()
    expected.FromDatetime(store.clock.now())
    assert [(event.sequence, event.time) for event in log.events] == [(2, expected)]


async def test_logs_are_gapless_under_many_appenders(store: StoreHarness) -> None:
    """Twenty runs written at once have each a log without gap or double."""
    document = await store.create_document()
    runs = [await store.create_run(document_id=document.document_id) for _ in range(20)]

    async def drive(run_id: str) -> None:
        conductor = await store.started(run_id)
        await conductor.append(turn_started())
        for number in range(10):
            await conductor.append(*(turn_delta(f"{number} ") for _ in range(5)))
        await conductor.append(turn_completed(), run_incomplete())

    async with asyncio.TaskGroup() as group:
        for run in runs:
            group.create_task(drive(run.run_id))

    for run in runs:
        assert await store.sequences(run.run_id) == list(range(1, 56))
