"""Questions that are ended before they are answered, over a real server."""

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from roundtable.store.v1 import conductor_service_pb2 as conductor_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable.store.v1 import turn_pb2
from services.store.tests.author_harness import (
    Author,
    answer_completed,
    answer_started,
)
from services.store.tests.store_harness import (
    ALICE,
    GATEWAY,
    Conductor,
    StoreHarness,
    refused,
    run_cancelled,
    turn_failed,
)


@pytest.fixture
def author(store: StoreHarness) -> Author:
    """Alice."""
    return Author(store)


async def _answer(conductor: Conductor, turn: turn_pb2.Turn) -> int:
    return await conductor.append(answer_started(turn), answer_completed(turn))


async def _cancel(store: StoreHarness, run_id: str) -> None:
    await store.runs.CancelRun(
        runs_pb2.CancelRunRequest(
            caller=ALICE, request_id=store.new_key(), run_id=run_id
        )
    )


async def test_old_wish_to_cancel_does_not_meet_the_answer(
    store: StoreHarness, author: Author
) -> None:
    """A run that was cancelled can be asked."""
    conductor = await author.run_with_findings("A1")
    await _cancel(store, conductor.run_id)
    await conductor.append(run_cancelled())
    await author.release(conductor)

    await author.ask(conductor.run_id)

    claimed = await store.claim(conductor.run_id)
    assert not claimed.claim.detail.run.is_cancel_requested


async def test_questions_can_be_ended(store: StoreHarness, author: Author) -> None:
    """Their conductor hears of the wish; once they have ended the run is at rest."""
    run_id = await author.ended_run()
    running, queued = await author.ask(run_id, "A", "B")
    conductor = await store.claim(run_id)
    await conductor.append(answer_started(running))

    await _cancel(store, run_id)
    renewal = await store.conductor.RenewLease(
        conductor_pb2.RenewLeaseRequest(
            caller=GATEWAY,
            request_id=store.new_key(),
            run_id=run_id,
            fencing_token=conductor.claim.fencing_token,
            lease=Duration(seconds=30),
        )
    )
    await conductor.append(
        turn_failed(running.turn_id, reason="cancelled"),
        answer_started(queued),
        turn_failed(queued.turn_id, reason="cancelled", counts=False),
    )

    assert renewal.is_cancel_requested
    detail = await store.detail(run_id)
    assert {turn.state for turn in detail.turns[-2:]} == {turn_pb2.TURN_STATE_CANCELLED}
    assert (await author.page(run_id)).is_at_rest


async def test_run_at_rest_has_nothing_to_cancel(
    store: StoreHarness, author: Author
) -> None:
    """Neither behind its end nor behind its answers."""
    run_id = await author.ended_run()
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await _cancel(store, run_id)
    (turn,) = await author.ask(run_id)
    await _answer(await store.claim(run_id), turn)

    with pytest.raises(grpc.aio.AioRpcError) as answered:
        await _cancel(store, run_id)

    for caught in (ended, answered):
        assert refused(caught.value).reason == "RUN_ENDED"
