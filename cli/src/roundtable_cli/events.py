"""A run's events, followed over cuts to its end."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent, aconnect_sse

from roundtable_cli.client import API, GatewayClient
from roundtable_cli.errors import GatewayUnreachableError, MalformedAnswerError
from roundtable_cli.problems import refusal

ENDS = frozenset({"run.succeeded", "run.incomplete", "run.failed", "run.cancelled"})

# Three heartbeats: a connection that is silent for longer is dead.
_SILENCE = timedelta(seconds=45)
_FIRST_RETRY = timedelta(seconds=2)
_LONGEST_RETRY = timedelta(seconds=15)
_CUTS_WITHOUT_PROGRESS = 12


@dataclass(frozen=True, slots=True)
class Event:
    """A fact of a run's log; `content` holds what its type carries."""

    sequence: int
    type: str
    turn_id: str | None
    attempt: int
    content: Mapping[str, Any]


async def follow(
    client: GatewayClient,
    run_id: str,
    *,
    on_cut: Callable[[], None],
    after: int = 0,
) -> AsyncGenerator[Event, None]:
    """Yield a run's events, those after `after` to the one that ends it, each once.

    After a cut it goes on behind the last event it has yielded.

    Args:
        client: The gateway.
        run_id: The run.
        on_cut: Called when the stream broke off and is about to be opened again.
        after: The sequence of the last event that is known already.

    Raises:
        GatewayUnreachableError: The gateway stays away.
        RequestRefusedError: The gateway does not give this stream.
    """
    position = after
    retry = _FIRST_RETRY
    cuts = 0
    while cuts < _CUTS_WITHOUT_PROGRESS:
        try:
            async with _open(client, run_id, after=position) as source:
                if source.response.status_code == httpx.codes.NO_CONTENT:
                    return
                await _require_stream(source.response)
                async for message in source.aiter_sse():
                    if message.retry is not None:
                        retry = timedelta(milliseconds=message.retry)
                    event = _event(message)
                    if event is None or event.sequence <= position:
                        continue
                    position = event.sequence
                    cuts = 0
                    yield event
                    if event.type in ENDS:
                        return
        except (httpx.TransportError, _NotNowError):
            pass  # a cut like any other: opened again below
        cuts += 1
        on_cut()
        await asyncio.sleep(min(retry * cuts, _LONGEST_RETRY).total_seconds())
    raise GatewayUnreachableError(
        f"The gateway at {client.server} stays away.",
        (f"The run goes on when it is back: {client.server}/runs/?id={run_id}",),
    )


def _open(
    client: GatewayClient, run_id: str, *, after: int
) -> AbstractAsyncContextManager[EventSource]:
    return aconnect_sse(
        client.http,
        "GET",
        f"{API}/runs/{run_id}/events",
        headers={"Last-Event-ID": str(after)} if after else {},
        timeout=httpx.Timeout(_SILENCE.total_seconds(), connect=5.0),
    )


async def _require_stream(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise _NotNowError
    await answer.aread()
    raise refusal(answer)


def _event(message: ServerSentEvent) -> Event | None:
    # Heartbeats and the farewell of a gateway that shuts down are no facts of the run.
    if not message.data or message.event == "closing":
        return None
    try:
        content = json.loads(message.data)
        return Event(
            sequence=int(content["sequence"]),
            type=str(content["type"]),
            turn_id=content.get("turn_id"),
            attempt=int(content.get("attempt") or 0),
            content=content,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedAnswerError(f"an event of the run ({message.event})") from error


class _NotNowError(Exception):
    """The gateway may give the stream later."""
