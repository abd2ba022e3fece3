"""Personas that people wrote, as the store keeps them."""

from dataclasses import dataclass

from roundtable_kit.errors import FailedPrecondition, InvalidArgument, NotFound

MAX_PERSONAS = 500
MAX_PERSONAS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class PersonaContent:
    """What a version of a persona says.

    Attributes:
        words: What queries look through.
        body: All of it, opaque.
    """

    pack: str
    words: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PersonaRecord:
    """A version of a persona."""

    persona_id: str
    version: int
    body: bytes


@dataclass(frozen=True, slots=True)
class PersonaChange:
    """The next version of a persona.

    Attributes:
        request_id: The same one makes no second version.
        etag: Of the version that was changed.
    """

    persona_id: str
    request_id: str
    etag: str
    content: PersonaContent


@dataclass(frozen=True, slots=True)
class PersonaFilter:
    """Which personas to list; an empty field is for all."""

    pack: str = ""
    query: str = ""


def persona_not_found() -> NotFound:
    """Return the error for a persona that is not there or not the caller's."""
    return NotFound("PERSONA_NOT_FOUND", "There is no such persona or version.")


def persona_archived() -> FailedPrecondition:
    """Return the error for a change to an archived persona."""
    return FailedPrecondition(
        "PERSONA_ARCHIVED", "The persona is archived; copy it to go on with it."
    )


def persona_on_panel(panel_name: str) -> FailedPrecondition:
    """Return the error for archiving a persona that sits on a panel."""
    return FailedPrecondition(
        "PERSONA_ON_PANEL",
        f"The persona sits on the panel '{panel_name}'; take it off the panel first.",
    )


def too_many_personas() -> InvalidArgument:
    """Return the error for more personas than one may have."""
    return InvalidArgument(
        "TOO_MANY_PERSONAS",
        f"You may have {MAX_PERSONAS} personas that are not archived; this would be"
        " more. Archive some first.",
    )
