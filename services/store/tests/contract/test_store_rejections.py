"""What an author rejected in earlier runs, over a real server."""

import asyncio
from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import conductor_service_pb2 as pb2
from roundtable.store.v1 import turn_pb2
from roundtable_kit.errors import InvalidArgument, NotFound
from services.store.tests.author_harness import ACCEPTED, OPEN, REJECTED, Author
from services.store.tests.store_harness import (
    BOB,
    GATEWAY,
    StoreHarness,
    finding_added,
    refused,
    run_incomplete,
    turn_started,
)


@pytest.fixture
def author(store: StoreHarness) -> Author:
    """Alice."""
    return Author(store)


async def _rejections(store: StoreHarness, run_id: str) -> list[pb2.Rejection]:
    response = await store.conductor.ListRejections(
        pb2.ListRejectionsRequest(caller=GATEWAY, run_id=run_id)
    )
    return list(response.rejections)


def _named(rejections: list[pb2.Rejection]) -> list[tuple[str, str]]:
    return [(each.run_id, each.finding.finding_id) for each in rejections]


async def test_rejections_of_all_revisions_are_listed_newest_run_first(
    store: StoreHarness, author: Author
) -> None:
    """Runs on earlier and on later revisions count, findings in their order."""
    root = await store.create_document()
    revisions = [root.document_id]
    for _ in range(2):
        revised = await store.create_document(revision_of=revisions[-1])
        revisions.append(revised.document_id)
    first = await author.ended_run("A1", "A2", "A3", document_id=revisions[2])
    store.clock.advance(timedelta(hours=1))
    second = await author.ended_run("A1", document_id=revisions[0])
    await author.answer(first, REJECTED, finding_id="A3")
    await author.answer(first, ACCEPTED, finding_id="A2")
    await author.answer(first, REJECTED, finding_id="A1")
    await author.answer(second, REJECTED, reason="No.")

    run = await author.create_run(document_id=revisions[1])
    rejections = await _rejections(store, run.run_id)

    assert _named(rejections) == [(second, "A1"), (first, "A1"), (first, "A3")]
    assert rejections[0].finding == (await store.detail(second)).findings[0]
    assert rejections[0].finding.disposition_reason == "No."


async def _run_with_a_repetition(
    author: Author, *, document_id: str, of_run: str
) -> str:
    """Return a run whose only finding came rejected, as in the run before."""
    run = await author.create_run(document_id=document_id)
    conductor = await author.store.started(run.run_id)
    added = finding_added("B1")
    added.finding_added.finding.disposition = REJECTED
    added.finding_added.finding.rejected_in_run_id = of_run
    await conductor.append(turn_started(), added, run_incomplete())
    return run.run_id


async def test_only_the_author_rejects(store: StoreHarness, author: Author) -> None:
    """What came rejected, as before, is no rejection of its own."""
    document_id = (await store.create_document()).document_id
    first = await author.ended_run("A1", document_id=document_id)
    await author.answer(first, REJECTED)
    await _run_with_a_repetition(author, document_id=document_id, of_run=first)

    run = await author.create_run(document_id=document_id)

    assert _named(await _rejections(store, run.run_id)) == [(first, "A1")]


@pytest.mark.parametrize("word", [OPEN, ACCEPTED])
async def test_last_word_on_a_rejection_comes_first(
    store: StoreHarness, author: Author, word: turn_pb2.Disposition.ValueType
) -> None:
    """Who takes a rejection back in a later run has taken it back; or says it again."""
    document_id = (await store.create_document()).document_id
    first = await author.ended_run("A1", document_id=document_id)
    await author.answer(first, REJECTED)
    later = await _run_with_a_repetition(author, document_id=document_id, of_run=first)
    run = await author.create_run(document_id=document_id)

    store.clock.advance(timedelta(hours=1))
    await author.answer(later, word, finding_id="B1")
    taken_back = await _rejections(store, run.run_id)
    store.clock.advance(timedelta(hours=1))
    await author.answer(first, REJECTED, reason="No, after all.")
    said_again = await _rejections(store, run.run_id)

    assert _named(taken_back) == [(later, "B1"), (first, "A1")]
    assert taken_back[0].finding.disposition == word
    assert _named(said_again) == [(first, "A1"), (later, "B1")]


async def test_only_what_stays_rejected_in_another_run_is_listed(
    store: StoreHarness, author: Author
) -> None:
    """A run's own rejections, and what its author thought over, are not."""
    document = await store.create_document()
    run_id = await author.ended_run("A1", document_id=document.document_id)
    other = await author.ended_run("A1", document_id=document.document_id)
    for rejected in (run_id, other):
        await author.answer(rejected, REJECTED)
    before = await _rejections(store, run_id)

    await author.answer(other, OPEN)

    assert _named(before) == [(other, "A1")]
    assert await _rejections(store, run_id) == []


async def test_other_documents_and_authors_do_not_count(
    store: StoreHarness, author: Author
) -> None:
    """A rejection is its author's own, of one document."""
    bob = Author(store, BOB)
    for each in (author, bob):
        await each.answer(await each.ended_run("A1"), REJECTED)

    run = await author.create_run()

    assert await _rejections(store, run.run_id) == []


async def test_at_most_a_thousand_are_listed(
    store: StoreHarness, author: Author
) -> None:
    """The last ones."""
    document_id = (await store.create_document()).document_id
    run_ids = []
    for count in (2, *[37] * 27):
        finding_ids = [f"A{number}" for number in range(count)]
        run_id = await author.ended_run(*finding_ids, document_id=document_id)
        answers = (author.answer(run_id, REJECTED, finding_id=f) for f in finding_ids)
        await asyncio.gather(*answers)
        run_ids.append(run_id)
        store.clock.advance(timedelta(hours=1))

    run = await author.create_run(document_id=document_id)
    rejections = await _rejections(store, run.run_id)

    assert len(rejections) == 1000
    assert _named(rejections)[-2:] == [(run_ids[1], "A36"), (run_ids[0], "A0")]


async def test_rejections_fit_a_message(store: StoreHarness, author: Author) -> None:
    """However long they are, the last ones are told."""
    document_id = (await store.create_document()).document_id
    run = await author.create_run(document_id=document_id)
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started())
    for number in range(10):
        added = finding_added(f"A{number}")
        added.finding_added.finding.impact = "x" * 2 * 1024 * 1024
        await conductor.append(added)
        store.clock.advance(timedelta(hours=1))
        await author.answer(run.run_id, REJECTED, finding_id=f"A{number}")

    asking = await author.create_run(document_id=document_id)
    rejections = await _rejections(store, asking.run_id)

    assert [each.finding.finding_id for each in rejections] == ["A9", "A8", "A7"]


async def test_run_that_there_is_not_has_no_rejections(store: StoreHarness) -> None:
    """It is not found, and has to be named."""
    with pytest.raises(grpc.aio.AioRpcError) as unknown:
        await _rejections(store, "run_none")
    with pytest.raises(grpc.aio.AioRpcError) as unnamed:
        await _rejections(store, "")

    assert isinstance(refused(unknown.value), NotFound)
    assert isinstance(refused(unnamed.value), InvalidArgument)
