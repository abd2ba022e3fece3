"""A loopback server that speaks Anthropic's Messages API as a test scripts it.

In a test::

    async with ScriptedEndpoint() as endpoint:
        endpoint.script(Script(status=429), marker="ciso")
        ...  # point ANTHROPIC_BASE_URL at endpoint.url
        assert endpoint.requests[0].body["system"]

As a process of its own, answering every review turn with a valid review::

    python -m support.anthropic_endpoint --port 0

It writes by hand what a framework would hide, as it has to tear connections, stall
and send garbage at an exact byte.
"""

import argparse
import asyncio
import json
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from support.loopback_server import LoopbackServer
from support.messages_script import Script
from support.review_answer import asks_for_review


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    raw_body: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The body, parsed."""
        parsed: dict[str, Any] = json.loads(self.raw_body)
        return parsed


class ScriptedEndpoint:
    """The server; an async context manager that listens while it is entered.

    Attributes:
        requests: Every request for a turn, in order of arrival.
        tiny_requests: Every request for a tiny turn, which asks for no review.
        models: Ids of the models that it lists; None lists none.
        lists: Every request for that list.
        others: Every other request; a well-behaved client makes none.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        default: Script | None = None,
        tiny: Script | None = None,
    ) -> None:
        self.requests: list[RecordedRequest] = []
        self.tiny_requests: list[RecordedRequest] = []
        self.models: tuple[str, ...] | None = None
        self.lists: list[RecordedRequest] = []
        self.others: list[RecordedRequest] = []
        self._default = default or Script()
        self._tiny = tiny or Script(prose=None, output={"word": "ready"})
        self._tiny_with_tools: Script | None = None
        self._queue: deque[Script] = deque()
        self._marked: dict[str, Script] = {}
        self._server = LoopbackServer(self._serve, port=port)
        self._arrival = asyncio.Condition()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    @property
    def url(self) -> str:
        """What ANTHROPIC_BASE_URL takes."""
        return f"http://127.0.0.1:{self.port}"

    def script_tiny(self, script: Script, *, with_tools: Script | None = None) -> None:
        """Answer every tiny turn with a script; with another where it offers tools.

        Unless this is called the tool is called, as a capable model does.
        """
        self._tiny = script
        self._tiny_with_tools = with_tools

    def script(self, script: Script, *, marker: str | None = None) -> None:
        """Answer with a script: every request that holds the marker, else the next."""
        if marker is None:
            self._queue.append(script)
        else:
            self._marked[marker] = script

    async def wait_for_requests(self, count: int) -> None:
        """Return once that many requests for turns have arrived in all."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.requests) >= count)

    async def wait_for_tiny_requests(self, count: int) -> None:
        """Return once that many requests for tiny turns have arrived in all."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.tiny_requests) >= count)

    async def __aenter__(self) -> Self:
        """Listen."""
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut what is connected."""
        await self._server.stop()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await read_request(reader)
        if (request.method, request.path) == ("GET", "/v1/models"):
            await self._list_models(request, writer)
            return
        if request.method != "POST" or not request.path.startswith("/v1/messages"):
            self.others.append(request)
            await _write_head(writer, 404, {"content-length": "0"})
            return
        script = await self._admit(request)
        if script.release is not None and script.hold_after is None:
            await script.release.wait()
        await asyncio.sleep(script.first_token_seconds)
        if script.status == 200:
            await _stream(writer, script, request.body)
        else:
            await _refuse(writer, script)

    async def _admit(self, request: RecordedRequest) -> Script:
        is_tiny = not asks_for_review(request.body)
        async with self._arrival:
            (self.tiny_requests if is_tiny else self.requests).append(request)
            self._arrival.notify_all()
        if not is_tiny:
            return self._script_for(request)
        has_tools = bool(request.body.get("tools"))
        return (self._tiny_with_tools if has_tools else None) or self._tiny

    async def _list_models(
        self, request: RecordedRequest, writer: asyncio.StreamWriter
    ) -> None:
        self.lists.append(request)
        listed = [{"type": "model", "id": model} for model in self.models or ()]
        body = json.dumps({"data": listed}).encode()
        status = 404 if self.models is None else 200
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
        }
        await _write_head(writer, status, headers)
        writer.write(body)
        await writer.drain()

    def _script_for(self, request: RecordedRequest) -> Script:
        text = request.raw_body.decode()
        for marker, script in self._marked.items():
            if json.dumps(marker)[1:-1] in text:
                return script
        return self._queue.popleft() if self._queue else self._default


async def read_request(reader: asyncio.StreamReader) -> RecordedRequest:
    """Read one request to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first_line, *header_lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first_line.split(" ")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in header_lines)
    }
    body = await _read_body(reader, headers)
    return RecordedRequest(method=method, path=path, headers=headers, raw_body=body)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    chunks: list[bytes] = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    return b"".join(chunks)


async def _write_head(
    writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str]
) -> None:
    lines = [f"HTTP/1.1 {status} Scripted", "connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    await writer.drain()


async def _refuse(writer: asyncio.StreamWriter, script: Script) -> None:
    body = json.dumps(script.error_body()).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        **script.headers,
    }
    await _write_head(writer, script.status, headers)
    writer.write(body)
    await writer.drain()


async def _stream(
    writer: asyncio.StreamWriter, script: Script, request: Mapping[str, Any]
) -> None:
    headers = {"content-type": "text/event-stream", **script.headers}
    await _write_head(writer, 200, {**headers, "transfer-encoding": "chunked"})
    clock = asyncio.get_running_loop()
    due = clock.time()
    for number, event in enumerate(script.events(request)):
        if number == script.drop_after:
            writer.transport.abort()
            return
        if number == script.stall_after:
            await asyncio.Event().wait()  # nobody sets it
        if number == script.hold_after and script.release is not None:
            await script.release.wait()
        if number == script.garbage_after:
            await _write_chunk(writer, b"event: message\ndata: {no json at all\n\n")
        await _write_event(writer, event)
        if pause := script.pause_seconds(event):
            # What one sleep is late by the next one is shorter, or the pace would drop.
            due = max(due, clock.time() - pause) + pause
            await asyncio.sleep(due - clock.time())
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _write_event(writer: asyncio.StreamWriter, event: dict[str, Any]) -> None:
    line = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
    await _write_chunk(writer, line.encode())


async def _write_chunk(writer: asyncio.StreamWriter, payload: bytes) -> None:
    writer.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
    await writer.drain()


async def _serve_until_stdin_ends(port: int) -> None:
    async with ScriptedEndpoint(port=port) as endpoint:
        sys.stdout.write(json.dumps({"port": endpoint.port}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(_serve_until_stdin_ends(parser.parse_args().port))
