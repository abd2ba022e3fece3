"""A person's program: speaks the HTTP contract and nothing else."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

WRITE = {"X-Requested-With": "roundtable"}
_ENDS = {"run.succeeded", "run.incomplete", "run.failed", "run.cancelled"}
_FOLLOW_SECONDS = 50.0


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event as it came over the wire."""

    sequence: int
    type: str
    data: dict[str, Any]


class Visitor:
    """Uploads, starts runs, watches them; an async context manager.

    Args:
        url: Where the page is.
        trust: Whom to believe over HTTPS; public authorities where not given.
    """

    def __init__(self, url: str, *, trust: ssl.SSLContext | None = None) -> None:
        self.http = httpx.AsyncClient(
            base_url=f"{url}/api/v1",
            headers=WRITE,
            timeout=30,
            trust_env=False,
            verify=trust or True,
        )

    async def __aenter__(self) -> Self:
        """Open connections as they are needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close them."""
        await self.http.aclose()

    async def upload(self, path: Path) -> str:
        """Upload a file and return the document's id."""
        content = await asyncio.to_thread(path.read_bytes)
        files = {"file": (path.name, content)}
        response = await self.http.post("/documents", files=files)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    async def paste(self, text: str, *, title: str = "Pasted") -> str:
        """Hand in text and return the document's id."""
        body = {"title": title, "text": text}
        response = await self.http.post("/documents", json=body)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    async def start(self, document_id: str, **options: Any) -> dict[str, Any]:
        """Create a run of mode review and return it."""
        body = {"document_id": document_id, "mode": "review", **options}
        response = await self.http.post("/runs", json=body)
        assert response.status_code == 201, response.text
        run: dict[str, Any] = response.json()
        return run

    async def run(self, run_id: str) -> dict[str, Any]:
        """Return a run, whole."""
        response = await self.http.get(f"/runs/{run_id}")
        assert response.status_code == 200, response.text
        run: dict[str, Any] = response.json()
        return run

    async def events(self, run_id: str, *, after: int = 0) -> AsyncIterator[SeenEvent]:
        """Yield one stream's events until it ends; nothing for a 204."""
        url = f"/runs/{run_id}/events"
        async with self.http.stream("GET", url, params={"after": after}) as response:
            if response.status_code == 204:
                return
            assert response.status_code == 200, await response.aread()
            sequence, kind = 0, ""
            async for line in response.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "id":
                    sequence = int(value)
                elif field == "event":
                    kind = value
                elif field == "data" and kind != "closing":
                    yield SeenEvent(sequence, kind, json.loads(value))

    async def follow(
        self,
        run_id: str,
        *,
        after: int = 0,
        until: Callable[[SeenEvent], bool] | None = None,
        seconds: float = _FOLLOW_SECONDS,
    ) -> list[SeenEvent]:
        """Follow a run through any number of cuts, as a browser's page would.

        Returns at the terminal event, or at the first that `until` accepts.
        """
        seen: list[SeenEvent] = []
        async with asyncio.timeout(seconds):
            while True:
                try:
                    async for event in self.events(run_id, after=after):
                        seen.append(event)
                        after = event.sequence
                        if until is not None and until(event):
                            return seen
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                except AssertionError:
                    # The gateway answers 503 while the store is away.
                    await asyncio.sleep(0.1)
                if seen and seen[-1].type in _ENDS:
                    return seen


def is_pause(event: SeenEvent) -> bool:
    """Return whether an event tells that the run waits."""
    return event.type == "run.paused"


def of_type(events: list[SeenEvent], kind: str) -> list[SeenEvent]:
    """Return the events of one type."""
    return [event for event in events if event.type == kind]


def check_history(events: list[SeenEvent]) -> None:
    """Assert what must hold of a whole run's events, whatever happened meanwhile."""
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert events[0].type == "run.created"
    assert [event.type for event in events if event.type in _ENDS] == [events[-1].type]
    running: dict[str, int] = {}
    completed: set[str] = set()
    for event in events:
        turn_id = event.data.get("turn_id")
        if turn_id is None:
            continue
        attempt = event.data["attempt"]
        assert turn_id not in completed, "an answered turn goes on"
        if event.type == "turn.started":
            assert attempt == running.get(turn_id, 0) + 1
            running[turn_id] = attempt
        assert running[turn_id] == attempt, "an event of another attempt"
        if event.type == "turn.completed":
            completed.add(turn_id)
