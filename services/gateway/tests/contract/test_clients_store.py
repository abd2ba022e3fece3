"""Runs of the store's clients, and what conductors ask, against the real store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roundtable_gateway.clients.store_ledger import StoreLedger
from roundtable_gateway.conductor import account_barrier
from roundtable_gateway.conductor.conductor import Conductor
from roundtable_gateway.conductor.ports import Claim, Progress
from roundtable_gateway.domain.event import (
    DecisionSet,
    Event,
    FindingAdded,
    NewEvent,
    RunCreated,
    RunFailed,
    RunStarted,
    RunSucceeded,
    TurnCompleted,
    TurnDelta,
    TurnStarted,
)
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.run import (
    ManifestEntry,
    RunState,
    Stage,
    StageResult,
    TurnState,
)
from roundtable_kit.errors import (
    Aborted,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    Unavailable,
)
from roundtable_kit.rpc_client import open_channel
from services.gateway.tests.support.conducting import PassingClock, run_tools
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.log_samples import (
    ANSWERED_TURN,
    DECISION,
    FINDING,
    TURN,
    TURN_REF,
)
from services.gateway.tests.support.real_store import (
    OWNER,
    Store,
    planned_run,
    run_store,
)
from services.gateway.tests.support.samples import (
    answer,
    draft,
    refusal,
)

_LEASE = timedelta(minutes=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A real store in an empty folder."""
    async with run_store(tmp_path) as running:
        yield running


async def _claim(store: Store, incarnation: str = "1", run_id: str = "") -> Claim:
    claim = await store.ledger.claim(
        holder="here", incarnation=incarnation, lease=_LEASE, run_id=run_id or None
    )
    assert claim is not None
    return claim


async def _append(
    store: Store, claim: Claim, first_index: int, *events: NewEvent
) -> None:
    await store.ledger.append(
        claim.detail.run.id,
        fencing_token=claim.fencing_token,
        first_index=first_index,
        events=events,
        progress=None,
    )


async def test_run_is_created_with_event_1(store: Store) -> None:
    """What was planned is what is read, and what the log begins with."""
    run = await store.create_run(seats="AB")

    detail = await store.runs.get(run.id, owner=OWNER)
    page = await store.runs.list_events(run.id, owner=OWNER, after=0)

    assert run.state is RunState.PENDING
    assert [each.id for each in run.panelists] == ["A", "B"]
    assert (detail.turns, detail.findings, detail.decision) == ((), (), None)
    assert detail.run.panelists == run.panelists
    (created,) = page.events
    assert isinstance(created.fact, RunCreated)
    assert created.fact.run == run
    assert (page.last_sequence, page.is_at_rest) == (1, False)


async def test_same_key_makes_one_run(store: Store) -> None:
    """The answer is the run as created, also when it has gone on since."""
    document = await store.create_document()
    key = RequestKey("runs:k1", "1" * 64)
    first = await store.runs.create(planned_run(document), owner=OWNER, key=key)
    await _append(store, await _claim(store), 0, NewEvent(RunStarted()))

    again = await store.runs.create(planned_run(document), owner=OWNER, key=key)

    assert again == first


async def test_runs_are_listed_by_words_state_and_document(store: Store) -> None:
    """The filters reach the store as they were meant."""
    run = await store.create_run()
    other = await store.create_run()

    async def ids(**filters: object) -> set[str]:
        page = await store.runs.list(
            owner=OWNER,
            page_size=10,
            page_token="",
            **filters,  # type: ignore[arg-type]  # each test's own
        )
        return {each.id for each in page.items}

    assert await ids() == {run.id, other.id}
    assert await ids(query="BACKUP") == {run.id, other.id}
    assert await ids(query="none") == set()
    assert await ids(state=RunState.PENDING) == {run.id, other.id}
    assert await ids(state=RunState.FAILED) == set()
    assert await ids(document_id=run.document.id) == {run.id}


async def test_claim_holds_the_run_against_others(store: Store) -> None:
    """Nobody else gets it but the next incarnation of the same place."""
    run = await store.create_run()
    first = await _claim(store)

    assert (first.detail.run.id, first.owner) == (run.id, OWNER)
    assert first.next_index == 0
    elsewhere = await store.ledger.claim(holder="there", incarnation="1", lease=_LEASE)
    again = await store.ledger.claim(holder="here", incarnation="1", lease=_LEASE)
    assert (elsewhere, again) == (None, None)
    second = await _claim(store, incarnation="2")
    assert second.fencing_token > first.fencing_token
    with pytest.raises(Aborted) as caught:
        await _append(store, first, 0, NewEvent(RunStarted()))
    assert caught.value.reason == "FENCED"
    with pytest.raises(Aborted):
        await store.ledger.renew(
            run.id, fencing_token=first.fencing_token, lease=_LEASE
        )


async def test_released_run_can_be_claimed_at_once(store: Store) -> None:
    """By anybody."""
    await store.create_run()
    claim = await _claim(store)

    await store.ledger.release(claim.detail.run.id, fencing_token=claim.fencing_token)

    other = await store.ledger.claim(holder="there", incarnation="1", lease=_LEASE)
    assert other is not None


async def test_cancel_reaches_whoever_has_the_run(store: Store) -> None:
    """By the next renewal, and by the next claim."""
    run = await store.create_run()
    claim = await _claim(store)
    before = await store.ledger.renew(
        run.id, fencing_token=claim.fencing_token, lease=_LEASE
    )

    await store.runs.cancel(run.id, owner=OWNER)
    await store.runs.cancel(run.id, owner=OWNER)

    after = await store.ledger.renew(
        run.id, fencing_token=claim.fencing_token, lease=_LEASE
    )
    assert (before, after) == (False, True)
    assert (await _claim(store, incarnation="2")).is_cancel_requested


async def test_appended_events_move_the_run(store: Store) -> None:
    """Facts come back from the log, and the run is what follows from them."""
    run = await store.create_run()
    claim = await _claim(store)
    part = [
        NewEvent(TurnStarted(TURN, "127.0.0.1:7403"), TURN_REF),
        NewEvent(TurnDelta("Hm.", 1), TURN_REF, 0),
        NewEvent(FindingAdded(FINDING), TURN_REF, 1),
    ]

    await store.ledger.append(
        run.id,
        fencing_token=claim.fencing_token,
        first_index=0,
        events=[NewEvent(RunStarted()), *part],
        progress=Progress(
            Stage.REVIEW, (ManifestEntry(Stage.INTAKE, StageResult.RAN),)
        ),
    )

    taken_over = await _claim(store, incarnation="2")
    assert taken_over.next_parts == {TURN_REF.turn_id: 2}
    assert taken_over.detail.turns[0].state is TurnState.RUNNING
    assert taken_over.detail.findings == (FINDING,)
    assert taken_over.detail.run.stage is Stage.REVIEW
    assert taken_over.detail.run.manifest[0].stage is Stage.INTAKE
    page = await store.runs.list_events(run.id, owner=OWNER, after=2)
    assert [each.fact for each in page.events] == [each.fact for each in part]
    assert {each.turn for each in page.events} == {TURN_REF}


async def test_append_that_is_repeated_is_written_once(store: Store) -> None:
    """A position that is known is left out; a gap is refused."""
    run = await store.create_run()
    claim = await _claim(store)
    started = NewEvent(RunStarted())
    turn = NewEvent(TurnStarted(TURN, ""), TURN_REF)

    await _append(store, claim, 0, started)
    await _append(store, claim, 0, started)
    await _append(store, claim, 0, started, turn)

    page = await store.runs.list_events(run.id, owner=OWNER, after=0)
    assert [each.fact.type for each in page.events] == [
        *("run.created", "run.started", "turn.started")
    ]
    with pytest.raises(FailedPrecondition) as caught:
        await _append(store, claim, 5, started)
    assert caught.value.reason == "APPEND_GAP"


async def test_watch_yields_what_comes_until_the_run_rests(store: Store) -> None:
    """From behind a sequence, batch by batch, to the terminal event."""
    run = await store.create_run()
    claim = await _claim(store)
    seen: list[Event] = []

    async def watch() -> None:
        async for batch in store.runs.watch_events(run.id, owner=OWNER, after=1):
            seen.extend(batch)

    watching = asyncio.create_task(watch())
    await _append(store, claim, 0, NewEvent(RunStarted()))
    await _append(store, claim, 1, NewEvent(TurnStarted(TURN, ""), TURN_REF))
    await _append(store, claim, 2, NewEvent(TurnCompleted(ANSWERED_TURN), TURN_REF))
    await _append(
        store, claim, 3, NewEvent(DecisionSet(DECISION)), NewEvent(RunSucceeded())
    )
    await watching

    assert [each.sequence for each in seen] == [2, 3, 4, 5, 6]
    assert seen[2].fact == TurnCompleted(ANSWERED_TURN)
    detail = await store.runs.get(run.id, owner=OWNER)
    assert detail.decision == DECISION
    assert detail.run.state is RunState.SUCCEEDED
    page = await store.runs.list_events(run.id, owner=OWNER, after=6)
    assert (page.events, page.is_at_rest) == ((), True)


async def test_watch_that_is_left_ends_at_the_store(store: Store) -> None:
    """Nothing goes on behind a viewer that has gone."""
    run = await store.create_run()

    async with aclosing(
        store.runs.watch_events(run.id, owner=OWNER, after=0)
    ) as batches:
        await anext(batches)
        assert store.app.signals.watcher_count == 1

    while store.app.signals.watcher_count:  # noqa: ASYNC110 - the store tells nobody; the timeout bounds it
        await asyncio.sleep(0)


async def test_sequence_above_the_last_is_refused(store: Store) -> None:
    """Listed and watched alike."""
    run = await store.create_run()

    with pytest.raises(InvalidArgument) as caught:
        await store.runs.list_events(run.id, owner=OWNER, after=2)
    assert caught.value.reason == "SEQUENCE_ABOVE_LAST"
    with pytest.raises(InvalidArgument):
        _ = [
            each async for each in store.runs.watch_events(run.id, owner=OWNER, after=2)
        ]


async def test_anothers_run_is_not_found(store: Store) -> None:
    """By every way to it."""
    run = await store.create_run(owner="other@example.com")
    calls = [
        store.runs.get(run.id, owner=OWNER),
        store.runs.delete(run.id, owner=OWNER),
        store.runs.cancel(run.id, owner=OWNER),
        store.runs.list_events(run.id, owner=OWNER, after=0),
    ]

    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(each) for each in outcomes] == [NotFound] * 4
    with pytest.raises(NotFound):
        _ = [
            each async for each in store.runs.watch_events(run.id, owner=OWNER, after=0)
        ]


async def test_run_is_deleted_at_rest_only(store: Store) -> None:
    """409, then gone; and an ended run is not cancelled."""
    run = await store.create_run()
    with pytest.raises(FailedPrecondition):
        await store.runs.delete(run.id, owner=OWNER)
    claim = await _claim(store)
    await _append(
        store, claim, 0, NewEvent(RunStarted()), NewEvent(RunFailed("INTERNAL"))
    )

    with pytest.raises(FailedPrecondition) as caught:
        await store.runs.cancel(run.id, owner=OWNER)
    await store.runs.delete(run.id, owner=OWNER)

    assert caught.value.reason == "RUN_ENDED"
    with pytest.raises(NotFound):
        await store.runs.get(run.id, owner=OWNER)


async def test_account_is_remembered(store: Store) -> None:
    """Once noted it stays noted."""
    before = await store.installation.had_account()
    await store.installation.record_account()
    await store.installation.record_account()

    assert (before, await store.installation.had_account()) == (False, True)


async def test_store_that_is_not_there_is_unavailable() -> None:
    """Unary calls and streams alike."""
    channel = open_channel("127.0.0.1:1")
    try:
        ledger = StoreLedger(channel)
        with pytest.raises(Unavailable):
            await ledger.claim(holder="here", incarnation="1", lease=_LEASE)
        with pytest.raises(Unavailable):
            await ledger.read_text("doc_1")
    finally:
        await channel.close()


async def test_conductor_drives_a_run_in_the_real_store(store: Store) -> None:
    """The fakes of the conductor's tests keep the rules that the store has."""
    run = await store.create_run(seats="AB")
    runner = FakeRunner(A=[answer(draft())], B=[answer(draft(), kept=())])
    tools = run_tools(store.ledger, runner)
    conductor = Conductor(tools, holder="here", incarnation="1", runs_at_once=1)

    conductor.start()
    watch = store.runs.watch_events(run.id, owner=OWNER, after=0)
    events = [each async for batch in watch for each in batch]
    await conductor.stop()

    assert [each.sequence for each in events] == list(range(1, len(events) + 1))
    assert events[-1].fact.type == "run.succeeded"
    detail = await store.runs.get(run.id, owner=OWNER)
    assert [each.id for each in detail.findings] == ["A1"]
    assert detail.run.usage.turns == 3
    assert detail.run.usage.cost_usd == 1.0


async def test_conductor_pauses_a_run_in_the_real_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pause, resumption and free attempts, by the store's own rules."""
    monkeypatch.setattr(account_barrier, "LONGEST_NAP", timedelta(0))
    run = await store.create_run(seats="AB")
    limit = refusal("rate_limited", timedelta(minutes=9))
    runner = FakeRunner(A=[limit, answer()], B=[limit, answer()])
    tools = run_tools(store.ledger, runner, clock=PassingClock())
    conductor = Conductor(tools, holder="here", incarnation="1", runs_at_once=1)

    conductor.start()
    watch = store.runs.watch_events(run.id, owner=OWNER, after=0)
    events = [each async for batch in watch for each in batch]
    await conductor.stop()

    types = [each.fact.type for each in events]
    assert (types.count("run.paused"), types.count("run.resumed")) == (1, 1)
    assert types[-1] == "run.succeeded"
    detail = await store.runs.get(run.id, owner=OWNER)
    assert detail.run.pause is None
    assert [turn.paused_attempts for turn in detail.turns] == [1, 1]
    assert detail.run.usage.turns == 2
    today = datetime.now(UTC).date()
    assert (await store.ledger.day_usage(today)).turns == 2
