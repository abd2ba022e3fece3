"""Personas and panels for tests of the store, and the stubs to call it by."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import grpc

from roundtable.store.v1 import caller_pb2, run_pb2
from roundtable.store.v1 import panel_service_pb2 as panels_pb2
from roundtable.store.v1 import persona_service_pb2 as personas_pb2
from roundtable.store.v1.panel_service_pb2_grpc import PanelServiceStub
from roundtable.store.v1.persona_service_pb2_grpc import PersonaServiceStub
from services.store.tests.store_harness import ALICE

if TYPE_CHECKING:  # the stubs' asynchronous halves exist for the type checker alone
    from roundtable.store.v1.panel_service_pb2_grpc import PanelServiceAsyncStub
    from roundtable.store.v1.persona_service_pb2_grpc import PersonaServiceAsyncStub


@dataclass(slots=True)
class LibraryHarness:
    """Calls a store's personas and panels."""

    channel: grpc.aio.Channel
    personas: "PersonaServiceAsyncStub" = field(init=False)
    panels: "PanelServiceAsyncStub" = field(init=False)
    _serial: int = 0

    def __post_init__(self) -> None:
        """Make the stubs."""
        self.personas = PersonaServiceStub(self.channel)
        self.panels = PanelServiceStub(self.channel)

    def new_key(self) -> str:
        """Return a request id that was not used before."""
        self._serial += 1
        return f"library-{self._serial}"

    async def create(
        self, *names: str, caller: caller_pb2.Caller = ALICE, key: str = ""
    ) -> list[run_pb2.Persona]:
        """Create personas of these names, in one request."""
        response = await self.personas.CreatePersonas(
            personas_pb2.CreatePersonasRequest(
                caller=caller,
                request_id=key or self.new_key(),
                request_sha256="fingerprint",
                personas=map(new_persona, names),
            )
        )
        return list(response.personas)

    async def get(
        self, persona_id: str, *, version: int = 0, caller: caller_pb2.Caller = ALICE
    ) -> run_pb2.Persona:
        """Return a persona."""
        request = personas_pb2.GetPersonaRequest(
            caller=caller, persona_id=persona_id, version=version
        )
        return (await self.personas.GetPersona(request)).persona

    async def names(
        self, *, caller: caller_pb2.Caller = ALICE, pack: str = "", query: str = ""
    ) -> list[str]:
        """Return the names of the personas that are listed."""
        request = personas_pb2.ListPersonasRequest(
            caller=caller, pack=pack, query=query
        )
        listed = await self.personas.ListPersonas(request)
        return [each.name for each in listed.personas]

    async def update(
        self, persona: run_pb2.Persona, *, key: str = ""
    ) -> run_pb2.Persona:
        """Store the next version of a persona of Alice's."""
        request = personas_pb2.UpdatePersonaRequest(
            caller=ALICE, request_id=key or self.new_key(), persona=persona
        )
        return (await self.personas.UpdatePersona(request)).persona

    async def archive(self, persona_id: str) -> None:
        """Archive a persona of Alice's."""
        await self.personas.ArchivePersona(
            personas_pb2.ArchivePersonaRequest(
                caller=ALICE, request_id=self.new_key(), persona_id=persona_id
            )
        )

    async def create_panel(
        self,
        panel: panels_pb2.Panel,
        *,
        caller: caller_pb2.Caller = ALICE,
        key: str = "",
    ) -> panels_pb2.Panel:
        """Create a panel."""
        response = await self.panels.CreatePanel(
            panels_pb2.CreatePanelRequest(
                caller=caller,
                request_id=key or self.new_key(),
                request_sha256="fingerprint",
                panel=panel,
            )
        )
        return response.panel

    async def get_panel(self, panel_id: str) -> panels_pb2.Panel:
        """Return a panel of Alice's."""
        request = panels_pb2.GetPanelRequest(caller=ALICE, panel_id=panel_id)
        return (await self.panels.GetPanel(request)).panel

    async def update_panel(
        self, panel: panels_pb2.Panel, *, key: str = ""
    ) -> panels_pb2.Panel:
        """Change a panel of Alice's."""
        request = panels_pb2.UpdatePanelRequest(
            caller=ALICE, request_id=key or self.new_key(), panel=panel
        )
        return (await self.panels.UpdatePanel(request)).panel


def new_persona(name: str, *, pack: str = "mine") -> run_pb2.Persona:
    """Return a persona to create, whole."""
    return run_pb2.Persona(
        persona_id="not for the caller to say",
        version=9,
        name=name,
        role="Reader of tenders",
        pack=pack,
        summary="Looks at the figures.",
        background="Ten years of tenders.",
        priorities=["Sums"],
        pet_peeves=["Adjectives"],
        objections=["Where is the source?"],
        convinced_by="Sources.",
        voice="Dry.",
        influences="The auditor.",
        authority="Can veto.",
        owns=["evidence"],
        ignores=["scope"],
        questions=["One?", "Two?", "Three?"],
        method="attack",
        strictness=4,
        is_built_in=True,
        etag="not for the caller to say",
    )


def new_panel(*persona_ids: str, name: str = "Tenders") -> panels_pb2.Panel:
    """Return a panel to create; each persona sits on a model of its own."""
    return panels_pb2.Panel(
        name=name,
        seats=[
            panels_pb2.PanelSeat(persona_id=persona_id, model=f"model-{index}")
            for index, persona_id in enumerate(persona_ids)
        ],
        discussion_rounds=2,
        control=True,
    )
