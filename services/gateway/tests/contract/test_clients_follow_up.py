"""What people do with ended runs, by the store's clients against the real store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from roundtable_gateway.conductor.ports import Claim
from roundtable_gateway.domain.event import (
    AgendaSet,
    ClustersSet,
    DecisionSet,
    DispositionSet,
    Fact,
    FindingAdded,
    NewEvent,
    RunIncomplete,
    RunReopened,
    RunStarted,
    StanceChanged,
    SynthesisSet,
    TurnCompleted,
    TurnStarted,
)
from roundtable_gateway.domain.finding import Disposition, Rejection
from roundtable_gateway.domain.run import RunState, RunSummary, TurnKind, TurnState
from roundtable_kit.errors import AlreadyExists, FailedPrecondition, NotFound
from services.gateway.tests.support.log_samples import (
    ANSWERED_TURN,
    DECISION,
    FINDING,
    TURN,
    TURN_REF,
)
from services.gateway.tests.support.process_samples import (
    AGENDA_ITEM,
    CLUSTER,
    STANCE,
    SYNTHESIS,
)
from services.gateway.tests.support.real_store import (
    OWNER,
    Store,
    chunks,
    describe,
    new_key,
    planned_run,
    run_store,
)
from services.gateway.tests.support.samples import DOCUMENT_TEXT

_CLUSTER = replace(CLUSTER, finding_ids=("A1",), links=())
_STANCE = replace(STANCE, panelist_id="A", turn_id=TURN_REF.turn_id)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A real store in an empty folder."""
    async with run_store(tmp_path) as running:
        yield running


async def _claim(store: Store, run_id: str) -> Claim:
    claim = await store.ledger.claim(
        holder="here", incarnation="1", lease=timedelta(minutes=1), run_id=run_id
    )
    assert claim is not None
    return claim


async def _append(
    store: Store, claim: Claim, *facts: Fact, of_turn: tuple[Fact, ...] = ()
) -> None:
    events = [NewEvent(fact, TURN_REF if fact in of_turn else None) for fact in facts]
    run_id, token = claim.detail.run.id, claim.fencing_token
    await store.ledger.append(
        run_id,
        fencing_token=token,
        first_index=claim.next_index,
        events=events,
        progress=None,
    )
    await store.ledger.release(run_id, fencing_token=token)


async def _end(store: Store, run: RunSummary) -> None:
    """Take a run to an end without success, with one finding and what came of it."""
    of_turn = (
        TurnStarted(TURN),
        FindingAdded(FINDING),
        StanceChanged(_STANCE),
        TurnCompleted(ANSWERED_TURN),
    )
    started, added, stance, completed = of_turn
    await _append(
        store,
        await _claim(store, run.id),
        RunStarted(),
        started,
        added,
        ClustersSet((_CLUSTER,)),
        AgendaSet((AGENDA_ITEM,)),
        stance,
        completed,
        DecisionSet(DECISION),
        SynthesisSet(SYNTHESIS),
        RunIncomplete("SEATS_FAILED"),
        of_turn=of_turn,
    )


@pytest.fixture
async def ended(store: Store) -> RunSummary:
    """A run of two seats that ended without success."""
    run = await store.create_run(seats="AB")
    await _end(store, run)
    return run


async def test_all_that_came_of_a_run_is_read_back(
    store: Store, ended: RunSummary
) -> None:
    """Clusters, agenda, stances and synthesis beside findings and decision."""
    detail = await store.runs.get(ended.id, owner=OWNER)

    assert detail.run.state is RunState.INCOMPLETE
    assert (detail.findings, detail.decision) == ((FINDING,), DECISION)
    assert (detail.clusters, detail.agenda) == ((_CLUSTER,), (AGENDA_ITEM,))
    assert (detail.stances, detail.synthesis) == ((_STANCE,), SYNTHESIS)


async def test_retried_run_can_be_driven_again(store: Store, ended: RunSummary) -> None:
    """It is running and says since when; its log tells it, and it can be claimed."""
    opened = await store.runs.retry(ended.id, owner=OWNER)

    assert opened.state is RunState.RUNNING
    assert opened.reopen_time is not None
    page = await store.runs.list_events(
        ended.id, owner=OWNER, after=opened.last_sequence - 1
    )
    assert [event.fact for event in page.events] == [RunReopened()]
    assert not page.is_at_rest
    claim = await _claim(store, ended.id)
    assert claim.detail.run.reopen_time == opened.reopen_time


async def test_run_that_goes_on_is_not_retried(store: Store) -> None:
    """Nothing of it has failed yet."""
    run = await store.create_run()

    with pytest.raises(FailedPrecondition) as caught:
        await store.runs.retry(run.id, owner=OWNER)

    assert caught.value.reason == "RUN_NOT_RETRIABLE"


async def test_authors_answer_stands_on_the_finding(
    store: Store, ended: RunSummary
) -> None:
    """With its reason, in the run and in its log."""
    answered = await store.runs.set_disposition(
        ended.id,
        "A1",
        owner=OWNER,
        disposition=Disposition.REJECTED,
        reason="It was restored in May.",
    )

    assert answered == replace(
        FINDING,
        disposition=Disposition.REJECTED,
        disposition_reason="It was restored in May.",
    )
    detail = await store.runs.get(ended.id, owner=OWNER)
    assert detail.findings == (answered,)
    page = await store.runs.list_events(
        ended.id, owner=OWNER, after=detail.run.last_sequence - 1
    )
    assert [event.fact for event in page.events] == [
        DispositionSet("A1", Disposition.REJECTED, "It was restored in May.", OWNER)
    ]


async def test_answer_needs_its_finding(store: Store, ended: RunSummary) -> None:
    """Another's run is not there either."""
    for owner, finding_id, reason in (
        (OWNER, "Z9", "FINDING_NOT_FOUND"),
        ("other@example.org", "A1", "RUN_NOT_FOUND"),
    ):
        with pytest.raises(NotFound) as caught:
            await store.runs.set_disposition(
                ended.id,
                finding_id,
                owner=owner,
                disposition=Disposition.ACCEPTED,
                reason=None,
            )
        assert caught.value.reason == reason


async def test_question_queues_a_turn_a_seat(store: Store, ended: RunSummary) -> None:
    """No attempt has begun; the run is not at rest and can be claimed."""
    key = new_key()

    turns = await store.runs.ask(
        ended.id, owner=OWNER, panelist_ids=("A", "B"), text="Why?", key=key
    )
    again = await store.runs.ask(
        ended.id, owner=OWNER, panelist_ids=("A", "B"), text="Why?", key=key
    )

    assert [turn.panelist_id for turn in turns] == ["A", "B"]
    assert {(turn.kind, turn.state, turn.attempt, turn.question) for turn in turns} == {
        (TurnKind.ANSWER, TurnState.QUEUED, 0, "Why?")
    }
    assert again == turns
    claim = await _claim(store, ended.id)
    assert claim.detail.turns[-2:] == turns
    with pytest.raises(AlreadyExists):
        await store.runs.ask(
            ended.id,
            owner=OWNER,
            panelist_ids=("A",),
            text="How?",
            key=replace(key, request_sha256="1" * 64),
        )


async def test_run_that_goes_on_is_not_asked(store: Store) -> None:
    """Its panelists have not answered what they were asked first."""
    run = await store.create_run()

    with pytest.raises(FailedPrecondition) as caught:
        await store.runs.ask(
            run.id, owner=OWNER, panelist_ids=("A",), text="Why?", key=new_key()
        )

    assert caught.value.reason == "RUN_NOT_AT_REST"


async def test_earlier_rejections_are_told_to_later_runs(
    store: Store, ended: RunSummary
) -> None:
    """On a revision of the document, and never a run's own."""
    rejected = await store.runs.set_disposition(
        ended.id, "A1", owner=OWNER, disposition=Disposition.REJECTED, reason=None
    )
    revision = await store.documents.create(
        replace(describe(DOCUMENT_TEXT), revision_of=ended.document.id),
        DOCUMENT_TEXT,
        chunks(),
        owner=OWNER,
        key=new_key(),
    )
    later = await store.runs.create(planned_run(revision), owner=OWNER, key=new_key())

    assert list(await store.ledger.list_rejections(later.id)) == [
        Rejection(ended.id, rejected)
    ]
    assert list(await store.ledger.list_rejections(ended.id)) == []
