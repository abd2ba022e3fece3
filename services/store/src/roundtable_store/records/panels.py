"""Panels that people put together, as the store keeps them."""

from dataclasses import dataclass

from roundtable_kit.errors import FieldViolation, InvalidArgument, NotFound

MAX_SEATS = 16
MAX_DISCUSSION_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class PanelSeat:
    """A place on a panel; an empty model is the run's."""

    persona_id: str
    model: str


@dataclass(frozen=True, slots=True)
class PanelContent:
    """What a panel says."""

    name: str
    seats: tuple[PanelSeat, ...]
    discussion_rounds: int
    control: bool


@dataclass(frozen=True, slots=True)
class PanelRecord:
    """A panel; `version` counts its changes."""

    panel_id: str
    version: int
    content: PanelContent


@dataclass(frozen=True, slots=True)
class PanelChange:
    """The panel as it shall be.

    Attributes:
        request_id: The same one changes nothing a second time.
        etag: Of the panel that was changed.
    """

    panel_id: str
    request_id: str
    etag: str
    content: PanelContent


def panel_not_found() -> NotFound:
    """Return the error for a panel that is not there or not the caller's."""
    return NotFound("PANEL_NOT_FOUND", "There is no such panel.")


def persona_not_seatable(position: int) -> InvalidArgument:
    """Return the error for a seat of another's persona, or of an archived one."""
    return InvalidArgument(
        "INVALID_FIELD",
        "A seat names a persona that you don't have.",
        violations=[
            FieldViolation(
                f"seats[{position}].persona_id", "there is no such persona (any more)"
            )
        ],
    )
