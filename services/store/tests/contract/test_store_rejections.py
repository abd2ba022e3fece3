"""What an author rejected in earlier runs, over a real server."""

from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import conductor_service_pb2 as pb2
from roundtable_kit.errors import InvalidArgument, NotFound
from services.store.tests.author_harness import ACCEPTED, OPEN, REJECTED, Author
from services.store.tests.store_harness import (
    BOB,
    GATEWAY,
    StoreHarness,
    finding_added,
    refused,
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
    """The newest ones."""
    document = await store.create_document()
    document_ids = {"document_id": document.document_id}
    run_ids = []
    for count in (2, 999):
        run = await author.create_run(**document_ids)
        conductor = await store.started(run.run_id)
        added = [finding_added(f"A{number}") for number in range(count)]
        for payload in added:
            payload.finding_added.finding.disposition = REJECTED
        await conductor.append(turn_started(), *added)
        run_ids.append(run.run_id)
        store.clock.advance(timedelta(hours=1))

    run = await author.create_run(**document_ids)
    rejections = await _rejections(store, run.run_id)

    assert len(rejections) == 1000
    assert _named(rejections)[-2:] == [(run_ids[1], "A998"), (run_ids[0], "A0")]


async def test_run_that_there_is_not_has_no_rejections(store: StoreHarness) -> None:
    """It is not found, and has to be named."""
    with pytest.raises(grpc.aio.AioRpcError) as unknown:
        await _rejections(store, "run_none")
    with pytest.raises(grpc.aio.AioRpcError) as unnamed:
        await _rejections(store, "")

    assert isinstance(refused(unknown.value), NotFound)
    assert isinstance(refused(unnamed.value), InvalidArgument)
