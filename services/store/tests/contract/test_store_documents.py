"""Documents over a real server."""

import grpc
import pytest

from roundtable.store.v1 import document_service_pb2 as pb2
from roundtable_kit.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from services.store.tests.store_harness import (
    ALICE,
    BOB,
    CONTENT,
    TEXT,
    StoreHarness,
    document_header,
    document_messages,
    refused,
)

PIECE = 256 * 1024


async def test_document_comes_back_as_it_was_stored(store: StoreHarness) -> None:
    """Text, paragraphs and bytes are read back whole and in order."""
    document = await store.create_document()

    text, paragraphs = b"", []
    request = pb2.ReadDocumentTextRequest(
        caller=ALICE, document_id=document.document_id
    )
    async for piece in store.documents.ReadDocumentText(request):
        text += piece.text
        paragraphs += [
            paragraph.paragraph_id for paragraph in piece.paragraphs.paragraphs
        ]
    content = b""
    content_request = pb2.ReadDocumentContentRequest(
        caller=ALICE, document_id=document.document_id
    )
    async for part in store.documents.ReadDocumentContent(content_request):
        content += part.content

    assert text.decode() == TEXT
    assert paragraphs == ["P1", "P2"]
    assert content == CONTENT
    assert document.revision == 1


async def test_large_content_is_kept_in_pieces(store: StoreHarness) -> None:
    """Content of many messages comes back byte by byte, 256 KiB at a time."""
    whole = bytes(range(256)) * 2560
    header = document_header()
    header.document.size_bytes = len(whole)
    pieces = [whole[start : start + 100_000] for start in range(0, len(whole), 100_000)]
    created = await store.documents.CreateDocument(
        document_messages(header, content=pieces)
    )

    request = pb2.ReadDocumentContentRequest(
        caller=ALICE, document_id=created.document.document_id
    )
    parts = [
        part.content async for part in store.documents.ReadDocumentContent(request)
    ]

    assert b"".join(parts) == whole
    assert [len(part) for part in parts[:-1]] == [PIECE] * (len(parts) - 1)


async def test_repeated_create_answers_the_same_document(store: StoreHarness) -> None:
    """The same key and fingerprint make one document."""
    create = store.documents.CreateDocument

    first = await create(document_messages(document_header()))
    second = await create(document_messages(document_header()))

    assert first == second
    listed = await store.documents.ListDocuments(pb2.ListDocumentsRequest(caller=ALICE))
    assert len(listed.documents) == 1


async def test_key_of_another_request_is_refused(store: StoreHarness) -> None:
    """The same key with another fingerprint is ALREADY_EXISTS."""
    await store.documents.CreateDocument(document_messages(document_header()))
    other = document_header()
    other.request_sha256 = "another"

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.documents.CreateDocument(document_messages(other))

    error = refused(caught.value)
    assert isinstance(error, AlreadyExists)
    assert error.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_same_key_of_two_people_makes_two_documents(store: StoreHarness) -> None:
    """Keys are each person's own."""
    create = store.documents.CreateDocument

    alices = await create(document_messages(document_header(ALICE)))
    bobs = await create(document_messages(document_header(BOB)))

    assert alices.document.document_id != bobs.document.document_id


@pytest.mark.parametrize(
    ("field", "value"),
    [("sha256", "0" * 64), ("size_bytes", 1), ("paragraph_count", 3)],
)
async def test_header_that_is_not_true_stores_nothing(
    store: StoreHarness, field: str, value: object
) -> None:
    """What the header says of hash, size and paragraphs is checked and named."""
    header = document_header()
    setattr(header.document, field, value)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.documents.CreateDocument(document_messages(header))

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [v.field for v in error.violations] == [f"header.document.{field}"]
    listed = await store.documents.ListDocuments(pb2.ListDocumentsRequest(caller=ALICE))
    assert not listed.documents


async def test_message_above_its_cap_is_refused(store: StoreHarness) -> None:
    """A message of more than 256 KiB is not taken."""
    messages = document_messages(document_header(), content=[bytes(PIECE + 1)])

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.documents.CreateDocument(messages)

    assert refused(caught.value).reason == "MESSAGE_TOO_LARGE"


async def test_text_that_is_not_utf8_is_refused(store: StoreHarness) -> None:
    """The text's bytes must decode."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.documents.CreateDocument(
            document_messages(document_header(), text=b"\xff\xfe\xfd\xfc")
        )

    error = refused(caught.value)
    assert "text" in [violation.field for violation in error.violations]


async def test_revisions_are_numbered_along_their_line(store: StoreHarness) -> None:
    """Revisions of one document count on, whichever of the line they revise."""
    first = await store.create_document()
    second = await store.create_document(revision_of=first.document_id)
    third = await store.create_document(revision_of=first.document_id)

    assert [d.revision for d in (first, second, third)] == [1, 2, 3]


async def test_pages_hold_every_document_once_newest_first(
    store: StoreHarness,
) -> None:
    """Pages of a list of equal times neither skip nor repeat."""
    created = {(await store.create_document()).document_id for _ in range(5)}

    seen: list[str] = []
    token = ""
    for _ in range(3):
        page = await store.documents.ListDocuments(
            pb2.ListDocumentsRequest(caller=ALICE, page_size=2, page_token=token)
        )
        seen += [document.document_id for document in page.documents]
        token = page.next_page_token

    assert token == ""
    assert len(seen) == 5
    assert set(seen) == created


async def test_made_up_page_token_is_refused(store: StoreHarness) -> None:
    """A token that no list gave is BAD_PAGE_TOKEN."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.documents.ListDocuments(
            pb2.ListDocumentsRequest(caller=ALICE, page_token="~~~")
        )

    assert refused(caught.value).reason == "BAD_PAGE_TOKEN"


async def test_delete_takes_revisions_and_their_runs_along(
    store: StoreHarness,
) -> None:
    """A document's revisions and runs go with it once all are at rest."""
    document = await store.create_document()
    revision = await store.create_document(revision_of=document.document_id)
    run_id = await store.ended_run(document_id=revision.document_id)

    await store.documents.DeleteDocument(
        pb2.DeleteDocumentRequest(
            caller=ALICE, request_id="d", document_id=document.document_id
        )
    )

    for lookup in (
        store.documents.GetDocument(
            pb2.GetDocumentRequest(caller=ALICE, document_id=revision.document_id)
        ),
        store.detail(run_id),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await lookup
        assert isinstance(refused(caught.value), NotFound)


async def test_document_with_a_run_that_goes_on_stays(store: StoreHarness) -> None:
    """A document can't be deleted under a run."""
    run = await store.create_run()

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.documents.DeleteDocument(
            pb2.DeleteDocumentRequest(
                caller=ALICE, request_id="d", document_id=run.document.document_id
            )
        )

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "RUN_NOT_AT_REST"
