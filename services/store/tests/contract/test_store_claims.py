"""Leases over a real server: who may drive a run."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from roundtable.store.v1 import conductor_service_pb2 as pb2
from roundtable.store.v1 import event_pb2, run_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable_kit.errors import Aborted
from services.store.tests.store_harness import (
    ALICE,
    GATEWAY,
    Conductor,
    StoreHarness,
    claim_request,
    refused,
    run_started,
    turn_delta,
    turn_started,
)

LAPSE = timedelta(seconds=31)


def _renew(conductor: Conductor) -> pb2.RenewLeaseRequest:
    return pb2.RenewLeaseRequest(
        caller=GATEWAY,
        request_id="renew",
        run_id=conductor.run_id,
        fencing_token=conductor.claim.fencing_token,
        lease=Duration(seconds=30),
    )


def _release(conductor: Conductor) -> pb2.ReleaseLeaseRequest:
    return pb2.ReleaseLeaseRequest(
        caller=GATEWAY,
        request_id="release",
        run_id=conductor.run_id,
        fencing_token=conductor.claim.fencing_token,
    )


async def test_oldest_run_is_claimed_first(store: StoreHarness) -> None:
    """Each claim takes the next run, until there is none."""
    created = []
    for _ in range(2):
        created.append((await store.create_run()).run_id)
        store.clock.advance(timedelta(seconds=1))

    claimed = [(await store.claim()).run_id for _ in created]
    nothing = await store.conductor.ClaimRun(claim_request(request_id="more"))

    assert claimed == created
    assert not nothing.HasField("claim")


async def test_engines_may_be_left_out(store: StoreHarness) -> None:
    """Runs that could not go on are left to later; one that is named is not."""
    run = await store.create_run()
    others = {*run_pb2.Engine.values()} - {run_pb2.ENGINE_UNSPECIFIED, run.engine}

    nothing = await store.conductor.ClaimRun(
        claim_request(request_id="a", except_engines={*others, run.engine})
    )
    named = await store.conductor.ClaimRun(
        claim_request(run.run_id, request_id="b", except_engines=[run.engine])
    )
    await store.conductor.ReleaseLease(
        _release(Conductor(store.conductor, named.claim))
    )
    found = await store.conductor.ClaimRun(
        claim_request(request_id="c", except_engines=others)
    )

    assert not nothing.HasField("claim")
    assert named.claim.detail.run.run_id == run.run_id
    assert found.claim.detail.run.run_id == run.run_id


async def test_repeated_claim_answers_the_same(store: StoreHarness) -> None:
    """A claim whose answer was lost is not made anew."""
    await store.create_run()
    await store.create_run()
    request = claim_request()

    first = await store.conductor.ClaimRun(request)
    second = await store.conductor.ClaimRun(request)

    assert first == second


async def test_lapsed_lease_is_claimed_by_another(store: StoreHarness) -> None:
    """A run whose conductor is gone goes on under a higher token, from its log."""
    run = await store.create_run()
    gone = await store.claim(holder="there")
    await gone.append(run_started(), turn_started())
    await gone.append_at(2, [event_pb2.NewEvent(payload=turn_delta(), part_index=4)])
    store.clock.advance(LAPSE)

    taken = await store.claim(holder="here")

    assert taken.run_id == run.run_id
    assert taken.claim.owner == "alice@example.com"
    assert taken.claim.fencing_token > gone.claim.fencing_token
    assert taken.claim.next_index == 0
    assert [t.next_part_index for t in taken.claim.detail.turns] == [5]


async def test_renewed_lease_does_not_lapse(store: StoreHarness) -> None:
    """A prolonged lease keeps others out, and says whether to cancel."""
    run = await store.create_run()
    conductor = await store.claim()
    store.clock.advance(timedelta(seconds=20))

    before = await store.conductor.RenewLease(_renew(conductor))
    store.clock.advance(timedelta(seconds=20))
    other = await store.conductor.ClaimRun(claim_request(request_id="other"))
    await store.runs.CancelRun(
        runs_pb2.CancelRunRequest(caller=ALICE, request_id="c", run_id=run.run_id)
    )
    after = await store.conductor.RenewLease(_renew(conductor))

    assert not other.HasField("claim")
    assert (before.is_cancel_requested, after.is_cancel_requested) == (False, True)


async def test_released_run_is_claimed_at_once(store: StoreHarness) -> None:
    """A lease that is given back, even twice, leaves the run to anybody."""
    await store.create_run()
    first = await store.claim()

    await store.conductor.ReleaseLease(_release(first))
    await store.conductor.ReleaseLease(_release(first))
    second = await store.claim(holder="there")

    assert second.run_id == first.run_id
    assert second.claim.fencing_token > first.claim.fencing_token


async def test_later_incarnation_takes_its_own_runs_back_once(
    store: StoreHarness,
) -> None:
    """A restarted holder gets its runs at once, each one time; others do not."""
    await store.create_run()
    old = await store.claim(incarnation="one")

    stranger = await store.conductor.ClaimRun(
        claim_request(request_id="s", holder="there", incarnation="two")
    )
    new = await store.claim(incarnation="two")
    again = await store.conductor.ClaimRun(
        claim_request(request_id="again", incarnation="two")
    )

    assert not stranger.HasField("claim")
    assert new.claim.fencing_token > old.claim.fencing_token
    assert not again.HasField("claim")


@pytest.mark.parametrize("what", ["append", "renew", "release"])
async def test_stale_conductor_is_fenced(store: StoreHarness, what: str) -> None:
    """Whoever lost a run can do nothing to it any more."""
    run = await store.create_run()
    stale = await store.claim(incarnation="one")
    fresh = await store.claim(incarnation="two")

    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "append": lambda: stale.append(run_started()),
        "renew": lambda: store.conductor.RenewLease(_renew(stale)),
        "release": lambda: store.conductor.ReleaseLease(_release(stale)),
    }
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await calls[what]()

    error = refused(caught.value)
    assert isinstance(error, Aborted)
    assert error.reason == "FENCED"
    assert await fresh.append(run_started()) == 2
    assert (await store.detail(run.run_id)).run.last_sequence == 2


async def test_lapsed_lease_that_nobody_took_still_appends(
    store: StoreHarness,
) -> None:
    """The token shuts out, not the clock."""
    await store.create_run()
    conductor = await store.claim()
    store.clock.advance(LAPSE)

    last_sequence = await conductor.append(run_started())

    assert last_sequence == 2


async def test_given_back_lease_appends_no_more(store: StoreHarness) -> None:
    """Who has given a run back has to claim it again."""
    await store.create_run()
    conductor = await store.claim()
    await store.conductor.ReleaseLease(_release(conductor))

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(run_started())

    assert refused(caught.value).reason == "FENCED"


async def test_ended_run_is_never_claimed(store: StoreHarness) -> None:
    """There is nothing to drive once the end is in the log."""
    run_id = await store.ended_run()
    store.clock.advance(LAPSE)

    response = await store.conductor.ClaimRun(claim_request(run_id, "late"))

    assert not response.HasField("claim")


async def test_account_is_remembered_from_the_first_time(store: StoreHarness) -> None:
    """The first recording counts; before it there is none."""
    request = pb2.GetInstallationRequest(caller=GATEWAY)
    record = pb2.RecordAccountRequest(caller=GATEWAY, request_id="r")

    before = await store.conductor.GetInstallation(request)
    moment = store.clock.now()
    await store.conductor.RecordAccount(record)
    store.clock.advance(timedelta(hours=1))
    await store.conductor.RecordAccount(record)
    after = await store.conductor.GetInstallation(request)

    assert not before.HasField("account_time")
    assert after.account_time.ToDatetime(moment.tzinfo) == moment
