"""Events as bytes of the event stream format (WHATWG HTML, server-sent events)."""

from dataclasses import dataclass

from roundtable_gateway.domain.event import Event
from roundtable_gateway.http.schemas.event import EVENT_ADAPTER, to_schema

HEARTBEAT = b": heartbeat\n\n"
OPENING = b"retry: 2000\n\n"
CLOSING = b"event: closing\ndata: {}\n\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """One event, encoded."""

    sequence: int
    data: bytes


def encode(event: Event) -> Frame:
    """Return an event's frame: id, type and one line of JSON."""
    json = EVENT_ADAPTER.dump_json(to_schema(event))
    head = f"id: {event.sequence}\nevent: {event.fact.type}\ndata: ".encode()
    return Frame(event.sequence, head + json + b"\n\n")
