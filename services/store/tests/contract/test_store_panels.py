"""Panels that people put together."""

import grpc
import pytest

from roundtable.store.v1 import panel_service_pb2 as panels_pb2
from roundtable_kit.errors import Aborted, InvalidArgument, NotFound
from services.store.tests.library_harness import LibraryHarness, new_panel
from services.store.tests.store_harness import ALICE, BOB, StoreHarness, refused


@pytest.fixture
def library(store: StoreHarness) -> LibraryHarness:
    """The personas and panels of a running store."""
    return LibraryHarness(store.channel)


async def _listed(library: LibraryHarness) -> list[panels_pb2.Panel]:
    request = panels_pb2.ListPanelsRequest(caller=ALICE)
    return list((await library.panels.ListPanels(request)).panels)


async def test_panel_comes_back_as_it_was_put_together(
    library: LibraryHarness,
) -> None:
    """Seats in their order, built-in and own, each with its model."""
    [persona] = await library.create("Ann")
    asked = new_panel("cto", persona.persona_id, "ciso", "cto")

    created = await library.create_panel(asked)

    asked.panel_id, asked.etag = created.panel_id, created.etag
    assert created == asked
    assert created.panel_id.startswith("pan_")
    assert await library.get_panel(created.panel_id) == created
    assert await _listed(library) == [created]


async def test_same_key_makes_one_panel(library: LibraryHarness) -> None:
    """A repetition answers what is there."""
    first = await library.create_panel(new_panel("cto"), key="key")
    again = await library.create_panel(new_panel("cto"), key="key")

    assert again == first
    assert await _listed(library) == [first]


async def test_change_replaces_the_seats(library: LibraryHarness) -> None:
    """All of them, and the tag is another."""
    first = await library.create_panel(new_panel("cto", "ciso"))
    changed = new_panel("cio", name="Other")
    changed.panel_id, changed.etag = first.panel_id, first.etag
    changed.discussion_rounds, changed.control = 0, False

    second = await library.update_panel(changed)

    assert second.etag != first.etag
    changed.etag = second.etag
    assert second == changed
    assert await library.get_panel(first.panel_id) == second


async def test_change_to_a_stale_panel_is_refused(library: LibraryHarness) -> None:
    """Unless it is the same request once more."""
    first = await library.create_panel(new_panel("cto"))
    second = await library.update_panel(first, key="same")

    again = await library.update_panel(first, key="same")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.update_panel(first)

    error = refused(caught.value)
    assert again == second
    assert isinstance(error, Aborted)
    assert error.reason == "ETAG_MISMATCH"


async def test_seats_are_for_personas_that_one_has(library: LibraryHarness) -> None:
    """Neither another's nor an archived one; the seat is named."""
    [others] = await library.create("Bob's", caller=BOB)
    [archived] = await library.create("Ann")
    await library.archive(archived.persona_id)
    panel = await library.create_panel(new_panel("cto"))

    for persona_id in (others.persona_id, archived.persona_id):
        asked = new_panel("cto", persona_id)
        with pytest.raises(grpc.aio.AioRpcError) as created:
            await library.create_panel(asked)
        asked.panel_id, asked.etag = panel.panel_id, panel.etag
        with pytest.raises(grpc.aio.AioRpcError) as updated:
            await library.update_panel(asked)

        for caught in (created, updated):
            error = refused(caught.value)
            assert isinstance(error, InvalidArgument)
            fields = [each.field for each in error.violations]
            assert fields == ["seats[1].persona_id"]
    assert await _listed(library) == [panel]


@pytest.mark.parametrize(
    ("field", "panel"),
    [
        ("panel.name", new_panel("cto", name="")),
        ("panel.seats", new_panel()),
        ("panel.seats", new_panel(*["cto"] * 17)),
        ("panel.seats[1].persona_id", new_panel("cto", "")),
        (
            "panel.seats",
            panels_pb2.Panel(
                name="Twice", seats=[panels_pb2.PanelSeat(persona_id="cto")] * 2
            ),
        ),
        (
            "panel.discussion_rounds",
            panels_pb2.Panel(
                name="Long",
                seats=[panels_pb2.PanelSeat(persona_id="cto")],
                discussion_rounds=3,
            ),
        ),
    ],
)
async def test_panel_that_could_not_sit_is_refused(
    library: LibraryHarness, field: str, panel: panels_pb2.Panel
) -> None:
    """One to sixteen seats, each persona once with a model, two rounds at most."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.create_panel(panel)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [each.field for each in error.violations] == [field]


async def test_deleted_panel_is_gone(library: LibraryHarness) -> None:
    """With its key: what it stood for can be created anew."""
    panel = await library.create_panel(new_panel("cto"), key="key")
    request = panels_pb2.DeletePanelRequest(
        caller=ALICE, request_id="delete", panel_id=panel.panel_id
    )

    await library.panels.DeletePanel(request)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await library.panels.DeletePanel(request)
    again = await library.create_panel(new_panel("cto"), key="key")

    error = refused(caught.value)
    assert isinstance(error, NotFound)
    assert error.reason == "PANEL_NOT_FOUND"
    assert again.panel_id != panel.panel_id


async def test_pages_of_panels_hold_each_once(library: LibraryHarness) -> None:
    """Every page with the seats of its own panels."""
    made = [
        await library.create_panel(new_panel("cto", "cio", name=f"Panel {number}"))
        for number in range(5)
    ]
    seen: list[panels_pb2.Panel] = []
    token = ""

    while True:
        page = await library.panels.ListPanels(
            panels_pb2.ListPanelsRequest(caller=ALICE, page_size=2, page_token=token)
        )
        seen += page.panels
        token = page.next_page_token
        if not token:
            break

    assert sorted(seen, key=lambda each: each.name) == made
