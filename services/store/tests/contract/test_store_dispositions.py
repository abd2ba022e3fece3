"""The author's answers to findings over a real server."""

import asyncio
from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable_kit.errors import InvalidArgument, NotFound
from services.store.tests.author_harness import ACCEPTED, OPEN, REJECTED, Author
from services.store.tests.store_harness import (
    BOB,
    StoreHarness,
    finding_added,
    finding_changed,
    finding_withdrawn,
    refused,
    run_incomplete,
    turn_completed,
    turn_delta,
    turn_started,
)


@pytest.fixture
def author(store: StoreHarness) -> Author:
    """Alice."""
    return Author(store)


async def test_answer_is_in_the_run_and_in_its_log(
    store: StoreHarness, author: Author
) -> None:
    """After the end, too; the log says who said so, and the run stays at rest."""
    run_id = await author.ended_run("A1", "A2")
    before = await author.page(run_id)

    finding = await author.answer(run_id, REJECTED, reason="We mean it.")

    after = await author.page(run_id, after=before.last_sequence)
    detail = await store.detail(run_id)
    assert [event.sequence for event in after.events] == [before.last_sequence + 1]
    assert after.events[0].payload == event_pb2.EventPayload(
        disposition_set=event_pb2.DispositionSet(
            finding_id="A1",
            disposition=REJECTED,
            reason="We mean it.",
            by="alice@example.com",
        )
    )
    assert after.is_at_rest
    assert detail.run.state == run_pb2.RUN_STATE_INCOMPLETE
    assert detail.findings[0] == finding
    assert (finding.disposition, finding.disposition_reason) == (
        REJECTED,
        "We mean it.",
    )
    assert detail.findings[1].disposition == OPEN


async def test_answer_does_not_put_off_the_folding(
    store: StoreHarness, author: Author
) -> None:
    """A run came to rest when it ended, whatever its author says of it since."""
    run = await author.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started(), turn_delta(), finding_added("A1"))
    await conductor.append(turn_completed(), run_incomplete())
    store.clock.advance(timedelta(minutes=9))
    await author.answer(run.run_id, ACCEPTED)
    store.clock.advance(timedelta(minutes=1))

    folded = await store.app.folding.fold_all()

    assert folded == 1


async def test_same_answer_again_adds_no_event(author: Author) -> None:
    """Another answer, or another reason, does."""
    run_id = await author.ended_run("A1")
    last = (await author.page(run_id)).last_sequence

    lasts = []
    for disposition, reason in [
        (OPEN, None),
        (ACCEPTED, None),
        (ACCEPTED, None),
        (ACCEPTED, ""),
        (OPEN, None),
    ]:
        await author.answer(run_id, disposition, reason=reason)
        lasts.append((await author.page(run_id)).last_sequence - last)

    assert lasts == [0, 1, 1, 2, 3]


async def test_answer_outlives_what_the_conductor_says_later(
    store: StoreHarness, author: Author
) -> None:
    """A finding that is put otherwise keeps its answer, one that is gone has none."""
    run = await author.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started(), finding_added("A1"), finding_added("A2"))
    await author.answer(run.run_id, REJECTED, reason="No.")

    await conductor.append(finding_changed("A1", "Otherwise"), finding_withdrawn("A2"))

    finding = (await store.detail(run.run_id)).findings[0]
    assert (finding.title, finding.disposition) == ("Otherwise", REJECTED)
    assert finding.disposition_reason == "No."
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await author.answer(run.run_id, ACCEPTED, finding_id="A2")
    assert refused(caught.value).reason == "FINDING_NOT_FOUND"


async def test_answers_do_not_disturb_the_conductor(
    store: StoreHarness, author: Author
) -> None:
    """Its positions count its own events, a repetition stays one, nothing is lost."""
    conductor = await author.run_with_findings("A1")
    first_index = conductor.next_index
    started = [event_pb2.NewEvent(payload=turn_started("t2"))]

    await author.answer(conductor.run_id, ACCEPTED)
    await conductor.append_at(first_index, started)
    await author.answer(conductor.run_id, REJECTED)
    repeated = await conductor.append_at(first_index, started)
    conductor.next_index = first_index + 1
    last = await conductor.append(turn_completed("t2"), run_incomplete())

    sequences = await store.sequences(conductor.run_id)
    assert sequences == list(range(1, last + 1))
    assert repeated == last - 2
    detail = await store.detail(conductor.run_id)
    assert [turn.turn_id for turn in detail.turns] == ["t1", "t2"]


async def test_answers_and_appends_at_once_leave_no_gap(
    store: StoreHarness, author: Author
) -> None:
    """Whoever is first, sequences are one apart and every answer is there."""
    conductor = await author.run_with_findings("A1")
    run_id = conductor.run_id

    async def answer() -> None:
        for number in range(20):
            await author.answer(run_id, ACCEPTED, reason=str(number))

    async def drive() -> None:
        for number in range(20):
            await conductor.append(turn_started(f"u{number}"))

    await asyncio.gather(answer(), drive())
    last = await conductor.append(run_incomplete())

    events = [event async for event in store.watch(run_id)]
    answers = [
        event.payload.disposition_set.reason
        for event in events
        if event.payload.HasField("disposition_set")
    ]
    assert [event.sequence for event in events] == list(range(1, last + 1))
    assert answers == [str(number) for number in range(20)]


async def test_watchers_hear_of_an_answer(store: StoreHarness, author: Author) -> None:
    """A run's viewers see it while the run goes on."""
    conductor = await author.run_with_findings("A1")
    seen = []

    async for event in store.watch(conductor.run_id):
        if event.payload.HasField("turn_completed"):
            await author.answer(conductor.run_id, ACCEPTED)
        if event.payload.HasField("disposition_set"):
            seen.append(event.payload.disposition_set.disposition)
            await conductor.append(run_incomplete())

    assert seen == [ACCEPTED]


async def test_finding_may_come_rejected(store: StoreHarness, author: Author) -> None:
    """As in an earlier run; its author may think otherwise now."""
    run = await author.create_run()
    conductor = await store.started(run.run_id)
    added = finding_added("A1")
    finding = added.finding_added.finding
    finding.disposition = REJECTED
    finding.disposition_reason = "Rejected in an earlier run"
    finding.rejected_in_run_id = "run_before"
    await conductor.append(turn_started(), added)

    came = (await store.detail(run.run_id)).findings[0]
    opened = await author.answer(run.run_id, OPEN)

    assert came == finding
    assert opened.disposition == OPEN
    assert not opened.HasField("disposition_reason")
    assert opened.rejected_in_run_id == "run_before"


async def test_changed_finding_may_come_rejected(
    store: StoreHarness, author: Author
) -> None:
    """Once its words are found it may be what was rejected before, and back again."""
    run = await author.create_run()
    conductor = await store.started(run.run_id)
    mended = finding_changed("A1", "Mended")
    finding = mended.finding_changed.finding
    finding.disposition = REJECTED
    finding.disposition_reason = "Rejected in an earlier run"
    finding.rejected_in_run_id = "run_before"
    await conductor.append(turn_started(), finding_added("A1"))

    await conductor.append(mended)
    rejected = (await store.detail(run.run_id)).findings[0]
    await conductor.append(finding_changed("A1", "Otherwise"))
    opened = (await store.detail(run.run_id)).findings[0]

    assert rejected == finding
    assert opened.disposition == OPEN
    assert not opened.HasField("disposition_reason")


async def test_answer_stands_whatever_a_changed_finding_comes_with(
    store: StoreHarness, author: Author
) -> None:
    """Nobody overrules the author."""
    run = await author.create_run()
    conductor = await store.started(run.run_id)
    mended = finding_changed("A1", "Mended")
    mended.finding_changed.finding.disposition = REJECTED
    await conductor.append(turn_started(), finding_added("A1"))
    await author.answer(run.run_id, ACCEPTED, reason="Yes.")

    await conductor.append(mended)

    finding = (await store.detail(run.run_id)).findings[0]
    assert (finding.title, finding.disposition) == ("Mended", ACCEPTED)
    assert finding.disposition_reason == "Yes."


async def test_finding_of_another_run_is_not_found(
    store: StoreHarness, author: Author
) -> None:
    """An id names a finding in its run, and a run of its owner."""
    run_id = await author.ended_run("A1")
    empty = await author.ended_run()

    with pytest.raises(grpc.aio.AioRpcError) as in_another:
        await author.answer(empty, REJECTED)
    with pytest.raises(grpc.aio.AioRpcError) as of_another:
        await Author(store, BOB).answer(run_id, REJECTED)

    for caught, reason in (
        (in_another, "FINDING_NOT_FOUND"),
        (of_another, "RUN_NOT_FOUND"),
    ):
        error = refused(caught.value)
        assert isinstance(error, NotFound)
        assert error.reason == reason
    assert (await store.detail(run_id)).findings[0].disposition == OPEN


@pytest.mark.parametrize("disposition", [0, 99])
async def test_answer_that_there_is_not_is_refused(
    store: StoreHarness, author: Author, disposition: turn_pb2.Disposition.ValueType
) -> None:
    """Neither the author nor a conductor answers in words the store does not know."""
    conductor = await author.run_with_findings("A1")
    added = finding_added("A2")
    added.turn_id = added.finding_added.finding.turn_id = "t2"
    added.finding_added.finding.disposition = disposition

    with pytest.raises(grpc.aio.AioRpcError) as by_author:
        await author.answer(conductor.run_id, disposition)
    with pytest.raises(grpc.aio.AioRpcError) as by_conductor:
        await conductor.append(turn_started("t2"), added)

    fields = []
    for caught in (by_author, by_conductor):
        error = refused(caught.value)
        assert isinstance(error, InvalidArgument)
        fields.append([violation.field for violation in error.violations])
    assert fields == [
        ["disposition"],
        ["events[1].payload.finding.disposition"],
    ]
