"""A viewer of a run's events that reads the bytes as they come."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any


@dataclass(slots=True)
class Viewer:
    """One open stream.

    Attributes:
        status: The answer's status.
        headers: The answer's headers, names in lower case.
        frames: All that came so far, a frame an entry, as text.
        is_clean: The stream ended as HTTP says it should.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    frames: list[str] = field(default_factory=list)
    is_clean: bool = False
    _rest: bytes = b""

    async def read_head(self) -> None:
        """Read status and headers."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        self.status = int(first.split()[1])
        for line in lines:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()

    async def read_chunk(self) -> bool:
        """Read one chunk; return False at the stream's end, clean or not."""
        try:
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            data = (await self.reader.readexactly(size + 2))[:-2]
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        if not data:
            self.is_clean = True
            return False
        *frames, self._rest = (self._rest + data).split(b"\n\n")
        self.frames += [frame.decode() for frame in frames]
        return True

    async def until(self, text: str) -> None:
        """Read until a frame holds a text."""
        while not any(text in frame for frame in self.frames):
            assert await self.read_chunk(), f"ended ahead of {text!r}: {self.frames}"

    async def to_the_end(self) -> None:
        """Read until the stream ends."""
        while await self.read_chunk():
            pass

    @property
    def sequences(self) -> list[int]:
        """The ids that came, in order."""
        heads = [frame.split("\n")[0] for frame in self.frames]
        return [int(head[4:]) for head in heads if head.startswith("id: ")]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The data that came, in order."""
        return [
            json.loads(line[6:])
            for frame in self.frames
            for line in frame.split("\n")
            if line.startswith("data: {") and "id: " in frame
        ]


@asynccontextmanager
async def view(
    port: int,
    query: str = "",
    *,
    run_id: str = "run_1",
    last_event_id: str | None = None,
    trust: SSLContext | None = None,
) -> AsyncIterator[Viewer]:
    """Open a stream, its head read already; the connection is cut at the end.

    With an authority to trust it is an HTTPS one.
    """
    reader, writer = await asyncio.open_connection(
        "localhost" if trust else "127.0.0.1", port, limit=2**22, ssl=trust
    )
    path = f"/api/v1/runs/{run_id}/events{query}"
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    if last_event_id is not None:
        head += f"Last-Event-ID: {last_event_id}\r\n"
    writer.write(f"{head}\r\n".encode())
    viewer = Viewer(reader, writer)
    try:
        await viewer.read_head()
        yield viewer
    finally:
        writer.close()
