"""A page of a run's log."""

from dataclasses import dataclass

from roundtable_gateway.domain.event import Event


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order, the log's last sequence, and whether the run is at rest."""

    events: tuple[Event, ...]
    last_sequence: int
    is_at_rest: bool
