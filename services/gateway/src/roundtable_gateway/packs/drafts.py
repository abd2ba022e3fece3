"""Personas and panels that people write, held against the rules of shipped packs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from roundtable_gateway.domain.persona import Panel, Persona
from roundtable_gateway.packs.errors import DraftError, Fault
from roundtable_gateway.packs.parsing import to_panel, to_persona
from roundtable_gateway.packs.rules import (
    persona_faults,
    repetition_faults,
    text_faults,
)
from roundtable_gateway.packs.schemas import Schemas

DEFAULT_PACK = "mine"
DEFAULT_DISCUSSION_ROUNDS = 1
DEFAULT_CONTROL = True

# Stands where a shipped entry has its own; the store makes people's.
_NO_ID = "draft"
_COPIED = " (copy)"
_LONGEST_NAME = 60


def draft_pack(content: object, *, schemas: Schemas) -> tuple[Persona, ...]:
    """Return the personas of a pack; whoever stores them sets ids and versions.

    Ids and versions that it holds are another's and count for nothing. It may leave
    its name out.

    Raises:
        DraftError: It breaks a rule; tells of every place.
    """
    pack = _completed(content)
    _refuse(schemas.faults("personas", pack))
    entries = list(enumerate(pack["personas"]))
    _refuse(
        [
            fault
            for index, entry in entries
            for fault in persona_faults(entry, path=f"personas[{index}]")
        ]
    )
    return tuple(
        replace(to_persona(entry, pack=pack["pack"], built_in=False), id="", version=0)
        for _, entry in entries
    )


def draft_persona(fields: Mapping[str, Any], *, schemas: Schemas) -> Persona:
    """Return the one persona of these fields, its pack among them.

    Raises:
        DraftError: It breaks a rule; tells of every field.
    """
    pack = {name: fields[name] for name in ("pack",) if name in fields}
    rest = {name: value for name, value in fields.items() if name != "pack"}
    _refuse_identity(rest, ("id", "version"))
    with _within("personas[0]"):
        [persona] = draft_pack(pack | {"personas": [rest]}, schemas=schemas)
    return persona


def copy_of(persona: Persona) -> Persona:
    """Return a draft of the same content under a name that says what it is."""
    name = f"{persona.name[: _LONGEST_NAME - len(_COPIED)]}{_COPIED}"
    return replace(persona, id="", version=0, name=name, built_in=False, etag="")


def draft_panel(fields: Mapping[str, Any], *, schemas: Schemas) -> Panel:
    """Return the panel of these fields; whoever stores it sets its id.

    Raises:
        DraftError: It breaks a rule; tells of every field.
    """
    _refuse_identity(fields, ("id",))
    entry = {
        "id": _NO_ID,
        "discussion_rounds": DEFAULT_DISCUSSION_ROUNDS,
        "control": DEFAULT_CONTROL,
        **fields,
    }
    with _within("panels[0]"):
        _refuse(schemas.faults("panels", {"panels": [entry]}))
        _refuse([*text_faults(entry, path="panels[0]")])
    panel = to_panel(entry, built_in=False)
    twice = repetition_faults(
        panel.seats,
        key=lambda seat: (seat.persona_id, seat.model),
        path="seats[{}]",
    )
    _refuse([*twice])
    return replace(panel, id="")


def _completed(content: object) -> Any:
    """Return the pack with all that a hand-written one may leave out."""
    if not isinstance(content, dict):
        return content
    pack = {"pack": DEFAULT_PACK, **content}
    if isinstance(pack.get("personas"), list):
        own = {"id": _NO_ID, "version": 1}
        pack["personas"] = [
            entry | own if isinstance(entry, dict) else entry
            for entry in pack["personas"]
        ]
    return pack


def _refuse_identity(fields: Mapping[str, Any], names: tuple[str, ...]) -> None:
    _refuse(
        [
            Fault(name, "is not for you to write", "leave it out")
            for name in names
            if name in fields
        ]
    )


def _refuse(faults: tuple[Fault, ...] | list[Fault]) -> None:
    if faults:
        raise DraftError(faults)


@contextmanager
def _within(place: str) -> Iterator[None]:
    """Name the places of faults as whoever sent one entry alone knows them."""
    try:
        yield
    except DraftError as error:
        raise DraftError(
            [replace(fault, path=_beneath(fault.path, place)) for fault in error.faults]
        ) from error


def _beneath(path: str, place: str) -> str:
    return path.removeprefix(place).removeprefix(".")
