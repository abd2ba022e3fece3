"""Events of a run's log."""

from dataclasses import dataclass
from datetime import datetime

from roundtable_kit.errors import InvalidArgument
from roundtable_store.records.facts import Fact

DELTA_TYPE = "turn.delta"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to append: an opaque payload and what it means for the records.

    Attributes:
        next_part_index: First part of the attempt that is not in the log once this
            event is; None when no part caused it.
    """

    event_type: str
    turn_id: str
    attempt: int
    payload: bytes
    fact: Fact
    next_part_index: int | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of the log."""

    sequence: int
    time: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events of a log in order.

    Attributes:
        last_sequence: Number of the log's last event.
        is_at_rest: Whether the log's last opening has ended.
        is_last: Whether these events reach the end of the log.
    """

    events: tuple[StoredEvent, ...]
    last_sequence: int
    is_at_rest: bool
    is_last: bool


def sequence_above_last() -> InvalidArgument:
    """Return the error for reading behind an event that there is not."""
    return InvalidArgument(
        "SEQUENCE_ABOVE_LAST", "The log does not reach that sequence."
    )
