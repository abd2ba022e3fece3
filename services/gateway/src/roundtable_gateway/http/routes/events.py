"""A run's events, live."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.event_stream import EventStream, Viewing
from roundtable_gateway.http.problems import Problem

router = APIRouter(tags=["events"])

# Far above any log; a store's sequence is a 64-bit number.
_LARGEST_SEQUENCE = 2**53
_MOST_DIGITS = 16


@router.get(
    "/runs/{run_id}/events",
    response_class=Response,
    responses={
        200: {
            "description": "The events behind a sequence, then those to come.",
            "content": {"text/event-stream": {}},
        },
        204: {"description": "The run is at rest and there is nothing more."},
    },
)
async def watch_events(
    context: ContextDep,
    caller: CallerDep,
    run_id: str,
    after: Annotated[str, Query()] = "0",
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Stream a run's events behind `Last-Event-ID`, else behind `after`."""
    place = _sequence(last_event_id) if last_event_id else _sequence(after)
    viewing = Viewing(run_id, caller.email, place)
    page = await context.runs.list_events(run_id, owner=caller.email, after=place)
    if page.is_at_rest and place == page.last_sequence:
        return Response(status_code=204)
    return EventStream(
        viewing,
        page,
        logs=context.runs,
        feeds=context.feeds,
        closing=context.closing,
    )


def _sequence(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not is_number or int(text) > _LARGEST_SEQUENCE:
        raise _malformed("Last-Event-ID and after take the number of an event.")
    return int(text)


def _malformed(detail: str) -> Problem:
    return Problem(400, "BAD_LAST_EVENT_ID", detail)
