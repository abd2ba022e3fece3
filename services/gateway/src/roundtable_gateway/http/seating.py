"""Who sits at a run: seats with their personas at the version they have now."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from roundtable_gateway.domain.persona import Panel, Persona, Seat
from roundtable_gateway.domain.run import Panelist
from roundtable_gateway.http.library import Library
from roundtable_gateway.http.schemas.run import CreateRunBody
from roundtable_kit.errors import FieldViolation, InvalidArgument, NotFound


@dataclass(frozen=True, slots=True)
class Seating:
    """The panelists of a run, and the panel they come from if there is one."""

    panel: Panel | None
    panelists: tuple[Panelist, ...]


async def find_seating(body: CreateRunBody, library: Library, *, owner: str) -> Seating:
    """Return who shall sit at the run that a body asks for.

    Raises InvalidArgument naming the field for a panel or persona that the owner does
    not have, and for a persona that would sit twice with the same model.
    """
    panel = await _panel(body, library, owner=owner)
    seats = panel.seats if panel else tuple(map(Seat, body.persona_ids or ()))
    personas = await library.find_personas(
        (seat.persona_id for seat in seats), owner=owner
    )
    field = "panel_id" if panel else "persona_ids"
    panelists = tuple(
        Panelist(
            id=letter,
            persona=_persona(seat, personas, field=field),
            model=seat.model or body.model,
        )
        for letter, seat in zip(ascii_uppercase, seats, strict=False)
    )
    if len({(each.persona.id, each.model) for each in panelists}) < len(panelists):
        raise _wrong(field, "No persona may sit twice with the same model.")
    return Seating(panel, panelists)


async def _panel(body: CreateRunBody, library: Library, *, owner: str) -> Panel | None:
    if body.panel_id is None:
        return None
    try:
        return await library.panel(body.panel_id, owner=owner)
    except NotFound as error:
        raise _wrong("panel_id", "There is no such panel; GET /panels.") from error


def _persona(seat: Seat, personas: Mapping[str, Persona], *, field: str) -> Persona:
    persona = personas.get(seat.persona_id)
    if persona is None:
        detail = f"There is no persona {seat.persona_id!r}; GET /personas."
        raise _wrong(field, detail)
    return persona


def _wrong(field: str, detail: str) -> InvalidArgument:
    return InvalidArgument(
        "INVALID_FIELD",
        f"Something is wrong with: {field}.",
        violations=[FieldViolation(field, detail)],
    )
