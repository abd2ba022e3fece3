"""Who may read and change personas and panels: every RPC with the wrong caller."""

from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest

from roundtable.store.v1 import caller_pb2, run_pb2
from roundtable.store.v1 import panel_service_pb2 as panels_pb2
from roundtable.store.v1 import persona_service_pb2 as personas_pb2
from roundtable_kit.errors import InvalidArgument, NotFound, PermissionDenied
from services.store.tests.library_harness import (
    LibraryHarness,
    new_panel,
    new_persona,
)
from services.store.tests.store_harness import (
    ALICE,
    BOB,
    GATEWAY,
    StoreHarness,
    refused,
)

# Each takes the library, the caller, and Alice's persona and panel.
Call = Callable[
    [LibraryHarness, caller_pb2.Caller, run_pb2.Persona, panels_pb2.Panel],
    Awaitable[Any],
]

OWNED_CALLS: dict[str, Call] = {
    "GetPersona": lambda library, caller, persona, _: library.personas.GetPersona(
        personas_pb2.GetPersonaRequest(caller=caller, persona_id=persona.persona_id)
    ),
    "UpdatePersona": lambda library, caller, persona, _: library.personas.UpdatePersona(
        personas_pb2.UpdatePersonaRequest(
            caller=caller, request_id="u", persona=persona
        )
    ),
    "ArchivePersona": lambda library, caller, persona, _: (
        library.personas.ArchivePersona(
            personas_pb2.ArchivePersonaRequest(
                caller=caller, request_id="a", persona_id=persona.persona_id
            )
        )
    ),
    "GetPanel": lambda library, caller, _, panel: library.panels.GetPanel(
        panels_pb2.GetPanelRequest(caller=caller, panel_id=panel.panel_id)
    ),
    "UpdatePanel": lambda library, caller, _, panel: library.panels.UpdatePanel(
        panels_pb2.UpdatePanelRequest(caller=caller, request_id="u", panel=panel)
    ),
    "DeletePanel": lambda library, caller, _, panel: library.panels.DeletePanel(
        panels_pb2.DeletePanelRequest(
            caller=caller, request_id="d", panel_id=panel.panel_id
        )
    ),
}
OTHER_CALLS: dict[str, Call] = {
    "CreatePersonas": lambda library, caller, *_: library.personas.CreatePersonas(
        personas_pb2.CreatePersonasRequest(
            caller=caller,
            request_id="c",
            request_sha256="f",
            personas=[new_persona("Ann")],
        )
    ),
    "BatchGetPersonas": lambda library, caller, *_: library.personas.BatchGetPersonas(
        personas_pb2.BatchGetPersonasRequest(caller=caller)
    ),
    "ListPersonas": lambda library, caller, *_: library.personas.ListPersonas(
        personas_pb2.ListPersonasRequest(caller=caller)
    ),
    "CreatePanel": lambda library, caller, *_: library.panels.CreatePanel(
        panels_pb2.CreatePanelRequest(
            caller=caller, request_id="c", request_sha256="f", panel=new_panel("cto")
        )
    ),
    "ListPanels": lambda library, caller, *_: library.panels.ListPanels(
        panels_pb2.ListPanelsRequest(caller=caller)
    ),
}
ALL_CALLS = OWNED_CALLS | OTHER_CALLS


@pytest.fixture
def library(store: StoreHarness) -> LibraryHarness:
    """The personas and panels of a running store."""
    return LibraryHarness(store.channel)


async def _refusal(
    library: LibraryHarness, name: str, caller: caller_pb2.Caller
) -> Exception:
    [persona] = await library.create("Ann")
    panel = await library.create_panel(new_panel("cto"))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ALL_CALLS[name](library, caller, persona, panel)
    assert await library.get(persona.persona_id) == persona
    assert await library.get_panel(panel.panel_id) == panel
    return refused(caught.value)


def test_every_rpc_of_the_library_is_in_a_table() -> None:
    """An RPC that is added without a row here fails."""
    services = (
        personas_pb2.DESCRIPTOR.services_by_name["PersonaService"],
        panels_pb2.DESCRIPTOR.services_by_name["PanelService"],
    )

    methods = {method.name for service in services for method in service.methods}

    assert methods == set(ALL_CALLS)


@pytest.mark.parametrize("name", OWNED_CALLS)
async def test_library_of_another_is_not_found(
    library: LibraryHarness, name: str
) -> None:
    """Bob can't tell Alice's personas and panels from those that there are not."""
    assert isinstance(await _refusal(library, name, BOB), NotFound)


async def test_lists_of_the_library_hold_ones_own_only(
    library: LibraryHarness,
) -> None:
    """Bob sees none of Alice's."""
    await library.create("Ann")
    await library.create_panel(new_panel("cto"))

    personas = await library.personas.ListPersonas(
        personas_pb2.ListPersonasRequest(caller=BOB)
    )
    panels = await library.panels.ListPanels(panels_pb2.ListPanelsRequest(caller=BOB))

    assert (len(personas.personas), len(panels.panels)) == (0, 0)
    assert await library.names(caller=ALICE) == ["Ann"]


@pytest.mark.parametrize("name", ALL_CALLS)
async def test_gateway_has_no_library_of_its_own(
    library: LibraryHarness, name: str
) -> None:
    """Personas and panels are people's."""
    assert isinstance(await _refusal(library, name, GATEWAY), PermissionDenied)


@pytest.mark.parametrize("name", ALL_CALLS)
@pytest.mark.parametrize(
    ("caller", "field"),
    [
        (caller_pb2.Caller(email="alice@example.com"), "caller.kind"),
        (caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER), "caller.email"),
    ],
)
async def test_library_is_for_callers_who_say_who_they_are(
    library: LibraryHarness, name: str, caller: caller_pb2.Caller, field: str
) -> None:
    """Kind and address are required by every RPC."""
    error = await _refusal(library, name, caller)

    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == [field]
