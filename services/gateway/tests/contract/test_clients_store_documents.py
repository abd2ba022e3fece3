"""Documents of the store's clients against the real store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_kit.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from services.gateway.tests.support.real_store import (
    OWNER,
    Store,
    chunks,
    describe,
    new_key,
    run_store,
)
from services.gateway.tests.support.samples import (
    DOCUMENT_TEXT,
    TEXT,
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A real store in an empty folder."""
    async with run_store(tmp_path) as running:
        yield running


async def test_document_comes_back_as_it_went_in(store: Store) -> None:
    """Description, text with paragraphs, and the very bytes."""
    document = await store.create_document()

    assert await store.documents.get(document.id, owner=OWNER) == document
    text = await store.documents.read_text(document.id, owner=OWNER)
    assert text == DOCUMENT_TEXT
    content = store.documents.read_content(document.id, owner=OWNER)
    assert b"".join([piece async for piece in content]) == TEXT.encode()
    assert document.id
    assert document.revision == 1


async def test_two_megabytes_are_split_inside_characters(store: Store) -> None:
    """Pieces are bytes: a character that lies across two comes back whole."""
    line = "Ünïcode 文字 🎯 — always\n"
    text = "a" + line * (2_000_000 // len(line.encode()))
    whole = DocumentText(text, (Paragraph("P1", 0, len(text)),))

    document = await store.create_document(text=whole)

    assert await store.documents.read_text(document.id, owner=OWNER) == whole
    assert await store.ledger.read_text(document.id) == whole


async def test_many_paragraphs_under_long_headings_fit_their_messages(
    store: Store,
) -> None:
    """A heading is repeated with every paragraph; no message may grow too large."""
    heading = "長" * 200
    text = "x\n" * 3_000
    paragraphs = tuple(
        Paragraph(f"P{number + 1}", 2 * number, 2 * number + 1, 1, heading)
        for number in range(3_000)
    )
    whole = DocumentText(text, paragraphs)

    document = await store.create_document(text=whole)

    assert await store.documents.read_text(document.id, owner=OWNER) == whole


async def test_document_whose_text_is_not_its_digest_is_refused(store: Store) -> None:
    """The store's fields are named to the caller."""
    other = DocumentText(TEXT + "!", DOCUMENT_TEXT.paragraphs)

    with pytest.raises(InvalidArgument) as caught:
        await store.documents.create(
            describe(DOCUMENT_TEXT), other, chunks(), owner=OWNER, key=new_key()
        )

    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["header.document.sha256"]


async def test_same_key_makes_one_document(store: Store) -> None:
    """Repeated it is the same; for another request it is refused."""
    key = RequestKey("documents:k1", "1" * 64)
    create = [
        store.documents.create(
            describe(DOCUMENT_TEXT), DOCUMENT_TEXT, chunks(), owner=OWNER, key=each
        )
        for each in (key, key, RequestKey("documents:k1", "2" * 64))
    ]

    first, again = await create[0], await create[1]
    with pytest.raises(AlreadyExists) as caught:
        await create[2]

    assert again == first
    assert caught.value.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_documents_are_listed_newest_first_page_by_page(store: Store) -> None:
    """The last page has no token; a token of nobody is refused."""
    ids = [(await store.create_document()).id for _ in range(3)]

    first = await store.documents.list(owner=OWNER, page_size=2, page_token="")
    rest = await store.documents.list(
        owner=OWNER, page_size=2, page_token=first.next_page_token or ""
    )

    assert {each.id for each in (*first.items, *rest.items)} == set(ids)
    assert (len(first.items), len(rest.items)) == (2, 1)
    assert rest.next_page_token is None
    with pytest.raises(InvalidArgument) as caught:
        await store.documents.list(owner=OWNER, page_size=2, page_token="nobody's")
    assert caught.value.reason == "BAD_PAGE_TOKEN"


async def test_anothers_document_is_not_found(store: Store) -> None:
    """By every way to it."""
    document = await store.create_document(owner="other@example.com")

    with pytest.raises(NotFound):
        await store.documents.get(document.id, owner=OWNER)
    with pytest.raises(NotFound):
        await store.documents.read_text(document.id, owner=OWNER)
    with pytest.raises(NotFound):
        _ = [
            each
            async for each in store.documents.read_content(document.id, owner=OWNER)
        ]
    with pytest.raises(NotFound):
        await store.documents.delete(document.id, owner=OWNER)


async def test_deleted_document_is_gone_and_a_driven_one_stays(store: Store) -> None:
    """409 while one of its runs goes on."""
    run = await store.create_run()
    free = await store.create_document()

    await store.documents.delete(free.id, owner=OWNER)

    with pytest.raises(NotFound):
        await store.documents.get(free.id, owner=OWNER)
    with pytest.raises(FailedPrecondition) as caught:
        await store.documents.delete(run.document.id, owner=OWNER)
    assert caught.value.reason == "RUN_NOT_AT_REST"
