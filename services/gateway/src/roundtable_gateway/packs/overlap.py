"""Finds seats of a panel that would say the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from roundtable_gateway.domain.persona import Panel, Persona

OVERLAP = "OVERLAP"
PERSONA_GONE = "PERSONA_GONE"


@dataclass(frozen=True, slots=True)
class PanelWarning:
    """Something about a panel that its owner may want to mend; no error.

    Attributes:
        seats: The places of the seats that it is about, from 0.
    """

    code: str
    detail: str
    seats: tuple[int, ...]


def panel_warnings(
    panel: Panel, personas: Mapping[str, Persona]
) -> tuple[PanelWarning, ...]:
    """Return the warnings of a panel.

    Two seats overlap when their personas own the same criteria and go at a document by
    the same method. One persona on several models is no overlap: that panel is a
    council; but each of its seats has to name its model, or two might be the same.

    Args:
        panel: The panel.
        personas: Those of its seats by id; one that is not there is gone.
    """
    return (*_gone(panel, personas), *_overlaps(panel, personas))


def _gone(panel: Panel, personas: Mapping[str, Persona]) -> Iterator[PanelWarning]:
    for place, seat in enumerate(panel.seats):
        if seat.persona_id not in personas:
            yield PanelWarning(
                PERSONA_GONE,
                f"Seat {place + 1} is for {seat.persona_id!r}, who is not there any"
                " more; give the seat to another persona.",
                (place,),
            )


def _overlaps(panel: Panel, personas: Mapping[str, Persona]) -> Iterator[PanelWarning]:
    taken = [
        (place, seat, personas[seat.persona_id])
        for place, seat in enumerate(panel.seats)
        if seat.persona_id in personas
    ]
    for (i, seat, persona), (j, other_seat, other) in combinations(taken, 2):
        names = f"Seats {i + 1} ({persona.name}) and {j + 1} ({other.name})"
        if persona.id == other.id:
            if seat.model is None or other_seat.model is None:
                detail = f"{names} are one persona and do not both name a model; a run"
                detail += " may give both the same. Name a model for each."
                yield PanelWarning(OVERLAP, detail, (i, j))
        elif _ground(persona) == _ground(other):
            detail = f"{names} both own {_words(persona)} by the method"
            detail += f" {persona.method}, so they will find much the same. Give one of"
            detail += " them other criteria or another method, or take one off."
            yield PanelWarning(OVERLAP, detail, (i, j))


def _ground(persona: Persona) -> tuple[frozenset[str], str]:
    return frozenset(persona.owns), persona.method


def _words(persona: Persona) -> str:
    return ", ".join(sorted(persona.owns)) or "every criterion"
