"""The author's questions to panelists of a run at rest, over a real server."""

from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import conductor_service_pb2 as conductor_pb2
from roundtable.store.v1 import document_service_pb2 as documents_pb2
from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable_kit.errors import AlreadyExists, FailedPrecondition, InvalidArgument
from services.store.tests.author_harness import (
    Author,
    answer_completed,
    answer_started,
)
from services.store.tests.discussion_samples import stance_changed
from services.store.tests.store_harness import (
    ALICE,
    Conductor,
    StoreHarness,
    claim_request,
    finding_added,
    refused,
    run_cancelled,
    run_incomplete,
    run_paused,
    turn_delta,
    turn_failed,
    turn_started,
    turn_superseded,
)

QUEUED, RUNNING = turn_pb2.TURN_STATE_QUEUED, turn_pb2.TURN_STATE_RUNNING
SUCCEEDED, FAILED = turn_pb2.TURN_STATE_SUCCEEDED, turn_pb2.TURN_STATE_FAILED


@pytest.fixture
def author(store: StoreHarness) -> Author:
    """Alice."""
    return Author(store)


async def _answer(conductor: Conductor, turn: turn_pb2.Turn) -> int:
    return await conductor.append(answer_started(turn), answer_completed(turn))


async def _claim_any(store: StoreHarness) -> conductor_pb2.ClaimRunResponse:
    return await store.conductor.ClaimRun(claim_request(request_id=store.new_key()))


async def test_question_queues_an_answer_a_seat(
    store: StoreHarness, author: Author
) -> None:
    """The turns wait in the order asked, with their seats' models, and no event."""
    run_id = await author.ended_run("A1")
    before = await author.page(run_id)

    turns = await author.ask(run_id, "B", "A", text="Why not ship?")

    after = await author.page(run_id)
    assert [turn.turn_id for turn in turns] == [f"{run_id}-8-1-B", f"{run_id}-8-1-A"]
    assert [turn.model for turn in turns] == ["model-B", "model-A"]
    for turn in turns:
        assert (turn.kind, turn.state) == (turn_pb2.TURN_KIND_ANSWER, QUEUED)
        assert (turn.attempt, turn.question) == (0, "Why not ship?")
    assert list((await store.detail(run_id)).turns)[1:] == turns
    assert (before.is_at_rest, after.is_at_rest) == (True, False)
    assert after.last_sequence == before.last_sequence


async def test_asked_run_is_claimed_and_answered_behind_its_end(
    store: StoreHarness, author: Author
) -> None:
    """It comes to rest with the last answer; state, end and decision stay."""
    run_id = await author.ended_run("A1")
    ended = await store.detail(run_id)
    first, second = await author.ask(run_id, "A", "B")

    conductor = Conductor(store.conductor, (await _claim_any(store)).claim)
    await _answer(conductor, first)
    between = await author.page(run_id)
    last = await _answer(conductor, second)
    await author.release(conductor)

    rested = await author.page(run_id)
    detail = await store.detail(run_id)
    assert conductor.run_id == run_id
    assert [turn.state for turn in conductor.claim.detail.turns[1:]] == [QUEUED] * 2
    assert (between.is_at_rest, rested.is_at_rest) == (False, True)
    assert [turn.text for turn in detail.turns[1:]] == ["Because."] * 2
    assert (detail.run.state, detail.run.end_time) == (
        ended.run.state,
        ended.run.end_time,
    )
    assert detail.run.usage.turns == ended.run.usage.turns + 2
    assert await store.sequences(run_id) == list(range(1, last + 1))
    assert not (await _claim_any(store)).HasField("claim")


async def test_watch_goes_on_until_the_answer_is_there(
    store: StoreHarness, author: Author
) -> None:
    """A stream that is opened on a run that is asked ends when it rests again."""
    run_id = await author.ended_run()
    last = (await author.page(run_id)).last_sequence
    (turn,) = await author.ask(run_id)
    conductor = await store.claim(run_id)
    await conductor.append(answer_started(turn))
    seen = []

    async for event in store.watch(run_id, after=last):
        seen.append(event.payload.WhichOneof("fact"))
        if seen == ["turn_started"]:
            await conductor.append(turn_delta(turn_id=turn.turn_id))
        if seen[-1] == "turn_delta":
            await conductor.append(answer_completed(turn))

    assert seen == ["turn_started", "turn_delta", "turn_completed"]


async def test_each_question_has_a_number(store: StoreHarness, author: Author) -> None:
    """Turns of later questions stand behind those of earlier ones."""
    run_id = await author.ended_run()
    for _ in range(11):
        turns = await author.ask(run_id, "A", "B")
        conductor = await store.claim(run_id)
        for turn in turns:
            await _answer(conductor, turn)
        await author.release(conductor)

    detail = await store.detail(run_id)

    assert [turn.turn_id for turn in detail.turns[1:]] == [
        f"{run_id}-8-{number}-{seat}" for number in range(1, 12) for seat in "AB"
    ]


async def test_repeated_question_is_asked_once(
    store: StoreHarness, author: Author
) -> None:
    """The same key answers the same turns, as they are by now."""
    run_id = await author.ended_run()
    asked = await author.ask(run_id, request_id="key")
    conductor = await store.claim(run_id)
    await _answer(conductor, asked[0])

    again = await author.ask(run_id, request_id="key")

    assert [turn.turn_id for turn in again] == [asked[0].turn_id]
    assert again[0].state == SUCCEEDED
    assert len((await store.detail(run_id)).turns) == 2


async def test_key_of_another_question_is_refused(author: Author) -> None:
    """A key stands for one question to one run."""
    run_id = await author.ended_run()
    other = await author.ended_run()
    await author.ask(run_id, request_id="key")

    with pytest.raises(grpc.aio.AioRpcError) as of_question:
        await author.ask(run_id, request_id="key", request_sha256="else")
    with pytest.raises(grpc.aio.AioRpcError) as of_run:
        await author.ask(other, request_id="key")

    for caught in (of_question, of_run):
        error = refused(caught.value)
        assert isinstance(error, AlreadyExists)
        assert error.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_run_that_goes_on_is_not_asked(
    store: StoreHarness, author: Author
) -> None:
    """Neither before its end nor while another question is being answered."""
    conductor = await author.run_with_findings("A1")
    run_id = conductor.run_id

    with pytest.raises(grpc.aio.AioRpcError) as unended:
        await author.ask(run_id)
    await conductor.append(run_incomplete())
    await author.ask(run_id)
    with pytest.raises(grpc.aio.AioRpcError) as unanswered:
        await author.ask(run_id)

    for caught in (unended, unanswered):
        error = refused(caught.value)
        assert isinstance(error, FailedPrecondition)
        assert error.reason == "RUN_NOT_AT_REST"
    assert len((await store.detail(run_id)).turns) == 2


@pytest.mark.parametrize(
    ("seats", "text", "field"),
    [
        (["A", "Z"], "Why?", "panelist_ids[1]"),
        (["A", "A"], "Why?", "panelist_ids"),
        (["A"], "", "text"),
    ],
)
async def test_question_that_is_not_whole_is_refused(
    author: Author, seats: list[str], text: str, field: str
) -> None:
    """Nobody is asked, and the run stays at rest."""
    run_id = await author.ended_run()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await author.ask(run_id, *seats, text=text)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == [field]
    assert (await author.page(run_id)).is_at_rest


async def test_question_to_nobody_is_refused(
    store: StoreHarness, author: Author
) -> None:
    """Somebody has to answer."""
    run_id = await author.ended_run()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.runs.AskQuestion(
            runs_pb2.AskQuestionRequest(
                caller=ALICE,
                request_id="r",
                request_sha256="s",
                run_id=run_id,
                text="Why?",
            )
        )

    error = refused(caught.value)
    assert [violation.field for violation in error.violations] == ["panelist_ids"]


@pytest.mark.parametrize(
    "payload",
    [
        run_incomplete(),
        run_cancelled(),
        run_paused(),
        turn_started("t2"),
        turn_failed(),
    ],
)
async def test_behind_the_end_only_answers_are_appended(
    store: StoreHarness, author: Author, payload: event_pb2.EventPayload
) -> None:
    """No second end, and no other turn."""
    run_id = await author.ended_run("A1")
    await author.ask(run_id)
    conductor = await store.claim(run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(payload)

    assert refused(caught.value).reason == "ILLEGAL_EVENT"


async def test_progress_does_not_move_behind_the_end(
    store: StoreHarness, author: Author
) -> None:
    """The stage that a run ended in stays, whatever an answer brings."""
    run_id = await author.ended_run()
    (turn,) = await author.ask(run_id)
    conductor = await store.claim(run_id)
    progress = conductor_pb2.Progress(stage=run_pb2.STAGE_REVIEW)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append_at(
            0, [event_pb2.NewEvent(payload=answer_started(turn))], progress=progress
        )

    assert refused(caught.value).reason == "RUN_ENDED"


async def test_answer_changes_nothing_but_itself(
    store: StoreHarness, author: Author
) -> None:
    """It adds no finding and takes no stance."""
    run_id = await author.ended_run("A1")
    (turn,) = await author.ask(run_id)
    conductor = await store.claim(run_id)
    await conductor.append(answer_started(turn))
    added = finding_added("A2")
    added.turn_id = turn.turn_id

    for payload in (added, stance_changed(turn_id=turn.turn_id)):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await conductor.append(payload)
        assert refused(caught.value).reason == "ILLEGAL_EVENT"


async def test_only_what_was_asked_is_answered(
    store: StoreHarness, author: Author
) -> None:
    """A conductor makes no answers up, and makes nothing else of one."""
    run_id = await author.ended_run()
    (turn,) = await author.ask(run_id)
    conductor = await store.claim(run_id)
    made_up = turn_pb2.Turn()
    made_up.CopyFrom(turn)
    made_up.turn_id = f"{run_id}-8-2-A"

    for payload in (answer_started(made_up), turn_started(turn.turn_id)):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await conductor.append(payload)
        assert refused(caught.value).reason == "ILLEGAL_EVENT"


async def test_answer_is_tried_again_while_it_says_so(
    store: StoreHarness, author: Author
) -> None:
    """Attempts follow one another; one that fails for good leaves the run at rest."""
    run_id = await author.ended_run()
    (turn,) = await author.ask(run_id)
    conductor = await store.claim(run_id)
    await conductor.append(
        answer_started(turn),
        turn_failed(turn.turn_id, will_retry=True),
        turn_superseded(turn.turn_id),
    )
    waiting = await author.page(run_id)
    await conductor.append(
        answer_started(turn, attempt=2), turn_failed(turn.turn_id, attempt=2)
    )

    rested = await author.page(run_id)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(answer_started(turn, attempt=3))

    assert (waiting.is_at_rest, rested.is_at_rest) == (False, True)
    answer = (await store.detail(run_id)).turns[1]
    assert (answer.state, answer.question) == (FAILED, "Why?")
    assert refused(caught.value).reason == "ILLEGAL_EVENT"


async def test_answer_goes_on_under_another_conductor(
    store: StoreHarness, author: Author
) -> None:
    """Whoever takes over finds the turn where its log ends."""
    run_id = await author.ended_run()
    (turn,) = await author.ask(run_id)
    gone = await store.claim(run_id, holder="there")
    await gone.append(answer_started(turn))
    delta = turn_delta("Be", turn_id=turn.turn_id)
    await gone.append_at(1, [event_pb2.NewEvent(payload=delta, part_index=0)])
    store.clock.advance(timedelta(seconds=31))

    taken = await store.claim(holder="here")

    found = taken.claim.detail.turns[1]
    assert (found.state, found.text, found.next_part_index) == (RUNNING, "Be", 1)


async def test_asked_run_waits_for_no_old_lease(
    store: StoreHarness, author: Author
) -> None:
    """Whoever holds a run at rest has nothing left to do, and is shut out."""
    conductor = await author.run_with_findings("A1")
    await conductor.append(run_incomplete())
    (turn,) = await author.ask(conductor.run_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(answer_started(turn))
    taken = await store.claim(holder="there")

    assert refused(caught.value).reason == "FENCED"
    assert taken.run_id == conductor.run_id
    assert taken.claim.fencing_token > conductor.claim.fencing_token


async def test_asked_run_is_not_deleted(store: StoreHarness, author: Author) -> None:
    """Neither by itself nor with its document, before it is at rest again."""
    run_id = await author.ended_run()
    document_id = (await store.detail(run_id)).run.document.document_id
    (turn,) = await author.ask(run_id, request_id="key")
    delete_run = runs_pb2.DeleteRunRequest(caller=ALICE, request_id="d", run_id=run_id)
    delete_document = documents_pb2.DeleteDocumentRequest(
        caller=ALICE, request_id="d", document_id=document_id
    )

    with pytest.raises(grpc.aio.AioRpcError) as of_run:
        await store.runs.DeleteRun(delete_run)
    with pytest.raises(grpc.aio.AioRpcError) as of_document:
        await store.documents.DeleteDocument(delete_document)
    await _answer(await store.claim(run_id), turn)
    await store.documents.DeleteDocument(delete_document)

    for caught in (of_run, of_document):
        assert refused(caught.value).reason == "RUN_NOT_AT_REST"


async def test_key_is_free_once_the_run_is_gone(
    store: StoreHarness, author: Author
) -> None:
    """What a key of a deleted run stood for is forgotten with it."""
    run_id, other = await author.ended_run(), await author.ended_run()
    (turn,) = await author.ask(run_id, request_id="key")
    await _answer(await store.claim(run_id), turn)
    await store.runs.DeleteRun(
        runs_pb2.DeleteRunRequest(caller=ALICE, request_id="d", run_id=run_id)
    )

    turns = await author.ask(other, request_id="key")

    assert [each.turn_id for each in turns] == [f"{other}-8-1-A"]


async def test_answers_are_folded_ten_minutes_after_them(
    store: StoreHarness, author: Author
) -> None:
    """A run that was folded before is folded anew, and never while it answers."""
    run_id = await author.ended_run()
    store.clock.advance(timedelta(minutes=10))
    await store.app.folding.fold_all()
    (turn,) = await author.ask(run_id)
    conductor = await store.claim(run_id)
    await conductor.append(answer_started(turn), turn_delta(turn_id=turn.turn_id))
    store.clock.advance(timedelta(minutes=10))

    answering = await store.app.folding.fold_all()
    await conductor.append(answer_completed(turn))
    early = await store.app.folding.fold_all()
    store.clock.advance(timedelta(minutes=10))
    due = await store.app.folding.fold_all()

    assert (answering, early, due) == (0, 0, 1)
