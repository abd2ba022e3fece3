"""Personas that people write: versions, lists, archive."""

from datetime import timedelta

import grpc
import pytest

from roundtable.store.v1 import persona_service_pb2 as personas_pb2
from roundtable.store.v1 import run_pb2
from roundtable_kit.errors import (
    Aborted,
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
)
from roundtable_store.records.personas import MAX_PERSONAS, MAX_PERSONAS_AT_ONCE
from services.store.tests.library_harness import (
    LibraryHarness,
    new_panel,
    new_persona,
)
from services.store.tests.store_harness import ALICE, BOB, StoreHarness, refused


@pytest.fixture
def library(store: StoreHarness) -> LibraryHarness:
    """The personas and panels of a running store."""
    return LibraryHarness(store.channel)


async def test_persona_comes_back_as_it_was_written(library: LibraryHarness) -> None:
    """With an id, version 1 and a tag of the store's own."""
    [created] = await library.create("Ann")

    expected = new_persona("Ann")
    expected.persona_id, expected.version = created.persona_id, 1
    expected.is_built_in, expected.etag = False, created.etag
    assert created == expected
    assert created.persona_id.startswith("per_")
    assert await library.get(created.persona_id) == created


async def test_personas_of_one_create_are_stored_together(
    store: StoreHarness, library: LibraryHarness
) -> None:
    """Lists keep their order, before all that were there already."""
    await library.create("Old")
    store.clock.advance(timedelta(seconds=1))

    await library.create("Ann", "Bea", "Cid")

    assert await library.names() == ["Ann", "Bea", "Cid", "Old"]


async def test_one_bad_persona_keeps_all_out(library: LibraryHarness) -> None:
    """All or nothing, and the place is named."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.create("Ann", "")

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [each.field for each in error.violations] == ["personas[1].name"]
    assert await library.names() == []


@pytest.mark.parametrize("count", [0, MAX_PERSONAS_AT_ONCE + 1])
async def test_a_create_holds_one_to_a_hundred_personas(
    library: LibraryHarness, count: int
) -> None:
    """Neither none nor more."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.create(*["Ann"] * count)

    assert isinstance(refused(caught.value), InvalidArgument)


async def test_same_key_answers_the_same_personas(library: LibraryHarness) -> None:
    """As they were created, though one has changed since."""
    first = await library.create("Ann", "Bea", key="key")
    changed = new_persona("Ann B.")
    changed.persona_id, changed.etag = first[0].persona_id, first[0].etag
    await library.update(changed)

    again = await library.create("Ann", "Bea", key="key")

    assert again == first
    assert sorted(await library.names()) == ["Ann B.", "Bea"]


async def test_key_of_another_request_is_refused(library: LibraryHarness) -> None:
    """A fingerprint belongs to its key."""
    await library.create("Ann", key="key")

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.personas.CreatePersonas(
            personas_pb2.CreatePersonasRequest(
                caller=ALICE,
                request_id="key",
                request_sha256="another",
                personas=[new_persona("Bea")],
            )
        )

    assert isinstance(refused(caught.value), AlreadyExists)


async def test_change_makes_a_version_and_keeps_the_others(
    library: LibraryHarness,
) -> None:
    """Each version can be read for good; the latest is what is listed."""
    [first] = await library.create("Ann")
    changed = run_pb2.Persona()
    changed.CopyFrom(first)
    changed.name, changed.strictness = "Ann B.", 5

    second = await library.update(changed)

    assert (second.version, second.strictness) == (2, 5)
    assert second.etag != first.etag
    assert await library.get(first.persona_id) == second
    assert await library.get(first.persona_id, version=2) == second
    assert await library.get(first.persona_id, version=1) == first
    assert await library.names() == ["Ann B."]
    assert await library.names(query="ann b") == ["Ann B."]


async def test_change_to_a_stale_version_is_refused(library: LibraryHarness) -> None:
    """Who was second reads again; nothing is lost."""
    [first] = await library.create("Ann")
    await library.update(first)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.update(first)

    error = refused(caught.value)
    assert isinstance(error, Aborted)
    assert error.reason == "ETAG_MISMATCH"
    assert (await library.get(first.persona_id)).version == 2


async def test_change_asked_for_twice_makes_one_version(
    library: LibraryHarness,
) -> None:
    """A call whose answer was lost may be made again."""
    [first] = await library.create("Ann")

    second = await library.update(first, key="same")
    again = await library.update(first, key="same")

    assert again == second
    assert second.version == 2


async def test_version_that_was_never_made_is_not_found(
    library: LibraryHarness,
) -> None:
    """The persona is there, that version is not."""
    [persona] = await library.create("Ann")

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.get(persona.persona_id, version=2)

    error = refused(caught.value)
    assert isinstance(error, NotFound)
    assert error.reason == "PERSONA_NOT_FOUND"


async def test_list_is_narrowed_by_pack_and_words(library: LibraryHarness) -> None:
    """Words count wherever they stand, case and SQL's own signs ignored."""
    personas = [new_persona("Ann", pack="ours"), new_persona("Größe 100%_")]
    await library.personas.CreatePersonas(
        personas_pb2.CreatePersonasRequest(
            caller=ALICE, request_id="k", request_sha256="f", personas=personas
        )
    )

    assert await library.names(pack="ours") == ["Ann"]
    assert await library.names(query="GRÖSSE") == ["Größe 100%_"]
    assert await library.names(query="%_") == ["Größe 100%_"]
    assert await library.names(query="TENDERS") == ["Ann", "Größe 100%_"]
    assert await library.names(pack="ours", query="größe") == []


async def test_pages_hold_every_persona_once(library: LibraryHarness) -> None:
    """Also those of one create, which are a microsecond apart."""
    names = [f"P{number}" for number in range(5)]
    await library.create(*names)
    seen: list[str] = []
    token = ""

    while True:
        page = await library.personas.ListPersonas(
            personas_pb2.ListPersonasRequest(
                caller=ALICE, page_size=2, page_token=token
            )
        )
        seen += [each.name for each in page.personas]
        token = page.next_page_token
        if not token:
            break

    assert seen == names


async def test_archived_persona_can_be_read_but_not_changed(
    library: LibraryHarness,
) -> None:
    """It is out of lists and seats; archiving again changes nothing."""
    [persona] = await library.create("Ann")
    persona_id = persona.persona_id
    await library.archive(persona_id)
    await library.archive(persona_id)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.update(persona)

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "PERSONA_ARCHIVED"
    assert await library.names() == []
    assert await library.get(persona_id) == persona
    found = await library.personas.BatchGetPersonas(
        personas_pb2.BatchGetPersonasRequest(caller=ALICE, persona_ids=[persona_id])
    )
    assert not found.personas


async def test_persona_on_a_panel_is_not_archived(library: LibraryHarness) -> None:
    """The panel is named; once the seat is free it can be."""
    [persona] = await library.create("Ann")
    panel = await library.create_panel(
        new_panel(persona.persona_id, "ciso", name="Big table")
    )

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.archive(persona.persona_id)
    del panel.seats[0]
    await library.update_panel(panel)
    await library.archive(persona.persona_id)

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "PERSONA_ON_PANEL"
    assert "Big table" in error.message
    assert await library.names() == []


async def test_several_are_read_at_once(library: LibraryHarness) -> None:
    """The caller's own, at their latest version; whatever else is left out."""
    ann, bea = await library.create("Ann", "Bea")
    [others] = await library.create("Bob's", caller=BOB)
    ann = await library.update(ann)

    found = await library.personas.BatchGetPersonas(
        personas_pb2.BatchGetPersonasRequest(
            caller=ALICE,
            persona_ids=[bea.persona_id, ann.persona_id, others.persona_id, "ciso"],
        )
    )

    assert sorted(found.personas, key=lambda each: each.name) == [ann, bea]


async def test_nobody_has_more_personas_than_allowed(
    store: StoreHarness, library: LibraryHarness
) -> None:
    """Archived ones do not count, and other people's do not either."""
    batch = ["Ann"] * MAX_PERSONAS_AT_ONCE
    for _ in range(MAX_PERSONAS // MAX_PERSONAS_AT_ONCE):
        created = await library.create(*batch)
        store.clock.advance(timedelta(seconds=1))

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.create("One more")
    await library.archive(created[0].persona_id)
    await library.create("One more")
    await library.create("Bob's", caller=BOB)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert error.reason == "TOO_MANY_PERSONAS"
