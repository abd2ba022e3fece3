"""The bundled CLI with the runner's own flags and variables, spoken to in raw JSON.

No SDK stands between, so that a test sees what the CLI itself says and asks::

    async with World() as world, world.open_cli() as cli:
        await cli.control("initialize", systemPrompt=["You are Dana."])
        messages = await cli.say(TEXT)
        assert len(world.endpoint.requests) == 1

Whatever it asks of anyone but the scripted endpoint ends at a proxy on loopback, which
writes it down and answers nobody.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Self

from roundtable_runner.claude.account import Access, endpoint_access
from roundtable_runner.claude.environment import (
    Deadlines,
    build_environment,
    build_flags,
)
from roundtable_runner.claude.process import CliProcess
from roundtable_runner.claude.program import bundled_cli
from roundtable_runner.claude.tuning import tuning_requests
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.turn.task import Effort
from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script

MODEL = "claude-sonnet-4-5"
SCHEMA = {
    "type": "object",
    "properties": {"verdict": {"type": "string"}},
    "required": ["verdict"],
    "additionalProperties": False,
}
OUTPUT = {"verdict": "ship"}
# The endpoint takes a first message without such a line for a tiny turn's.
TEXT = 'Review this.\nSEAT {"seat":"A"}'
SYSTEM_PROMPT = "You are Dana, the CISO of a bank."

_ANSWER_SECONDS = 30.0
_MAX_CHANGE_CHARACTERS = 400

Messages = list[dict[str, Any]]


class RecordingProxy:
    """Writes down whom a process wants to reach, and lets it reach nobody.

    Attributes:
        asked: The first line of each request, in order of arrival.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._server: asyncio.Server | None = None

    @property
    def variables(self) -> dict[str, str]:
        """What sends a process here with all that is not loopback."""
        if self._server is None:
            raise RuntimeError("the proxy is not entered")
        url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
        return {**dict.fromkeys(names, url), "NO_PROXY": "127.0.0.1"}

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _refuse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError):
            self.asked.append((await reader.readline()).decode("latin-1").strip())
            writer.write(b"HTTP/1.1 502 Refused\r\nconnection: close\r\n\r\n")
            await writer.drain()
        writer.close()


class Cli:
    """A running CLI.

    Attributes:
        messages: All that it has said, control replies included.
    """

    def __init__(self, process: CliProcess) -> None:
        self.messages: list[dict[str, Any]] = []
        self._process = process
        self._lines = process.lines()
        self._control_count = 0

    async def control(self, subtype: str, **fields: Any) -> dict[str, Any]:
        """Send a control request and return its reply."""
        self._control_count += 1
        request_id = f"request-{self._control_count}"
        request = {"subtype": subtype, **fields}
        await self._write(
            {"type": "control_request", "request_id": request_id, "request": request}
        )
        async with _patience(f"answer {subtype!r}"):
            while (message := await self._next()) is not None:
                reply: dict[str, Any] = message.get("response") or {}
                if reply.get("request_id") == request_id:
                    return reply
        raise AssertionError(f"the CLI ended before it answered {subtype!r}")

    async def open(
        self, *, model: str = MODEL, effort: Effort = Effort.LEAST
    ) -> list[dict[str, Any]]:
        """Make it a panelist's as the runner does; return the replies."""
        initialize = {
            "subtype": "initialize",
            "hooks": None,
            "systemPrompt": [SYSTEM_PROMPT],
            "jsonSchema": SCHEMA,
        }
        requests = [initialize, *tuning_requests(model=model, effort=effort)]
        return [await self.control(**request) for request in requests]

    async def say(self, text: str, *, until: str = "result") -> Messages:
        """Send a user message and `hear` what comes."""
        await self._write(
            {
                "type": "user",
                "message": {"role": "user", "content": text},
                "parent_tool_use_id": None,
                "client_composed": True,
            }
        )
        return await self.hear(until=until)

    async def hear(self, *, until: str = "result") -> Messages:
        """Return what comes next, up to a type or subtype or the end.

        The last message is of that kind or a result, unless the CLI ended before.
        """
        said = []
        async with _patience("come to a result"):
            while (message := await self._next()) is not None:
                said.append(message)
                if {"result", until} & {message["type"], message.get("subtype")}:
                    break
        return said

    async def _write(self, message: Mapping[str, Any]) -> None:
        await self._process.write(json.dumps(message) + "\n")

    async def _next(self) -> dict[str, Any] | None:
        async for line in self._lines:
            if line.startswith(b"{"):
                message: dict[str, Any] = json.loads(line)
                self.messages.append(message)
                return message
        return None


@contextlib.asynccontextmanager
async def _patience(what: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            yield
    except TimeoutError:
        told = f"the CLI does not {what} within {_ANSWER_SECONDS:g} s"
        raise AssertionError(told) from None


class World:
    """All that a CLI process can reach; an async context manager.

    Attributes:
        endpoint: Answers each request with prose and `OUTPUT` unless it is scripted.
        proxy: Where every request to anyone else ends.
        workspace: The process's directories, as the runner makes them.
    """

    def __init__(self, default: Script | None = None) -> None:
        self.endpoint = ScriptedEndpoint(default=default or Script(output=OUTPUT))
        self.proxy = RecordingProxy()
        self.workspace = Workspace.create()
        self._exit = contextlib.AsyncExitStack()

    @property
    def access(self) -> Access:
        """The runner's access to the endpoint, with a key."""
        return endpoint_access(self.endpoint.url, api_key="made-up-key")

    @property
    def strays(self) -> list[str]:
        """Every request but those of the Messages API, by method and target."""
        others = [f"{other.method} {other.path}" for other in self.endpoint.others]
        return others + self.proxy.asked

    async def __aenter__(self) -> Self:
        """Open the endpoint and the proxy."""
        self._exit.callback(self.workspace.remove)
        await self._exit.enter_async_context(self.endpoint)
        await self._exit.enter_async_context(self.proxy)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them and take the directories away."""
        await self._exit.aclose()

    def variables(
        self, access: Access, changes: Mapping[str, str | None] | None = None
    ) -> dict[str, str]:
        """Return the runner's variables for an access, changed; None leaves one out."""
        variables: dict[str, str | None] = {
            **build_environment(access, self.workspace, Deadlines()),
            **self.proxy.variables,
            **(changes or {}),
        }
        return {name: value for name, value in variables.items() if value is not None}

    @contextlib.asynccontextmanager
    async def open_cli(
        self,
        access: Access | None = None,
        *,
        flags: Mapping[str, str] | None = None,
        variables: Mapping[str, str | None] | None = None,
    ) -> AsyncIterator[Cli]:
        """Start a CLI as the runner does, but for the flags and variables given."""
        access = access or self.access
        process = await CliProcess.start(
            [
                str(bundled_cli()),
                *_replace(build_flags(access), flags or {}),
            ],
            environment=self.variables(access, variables),
            directory=self.workspace.empty,
        )
        try:
            yield Cli(process)
        finally:
            await process.kill()

    async def one_turn(self, text: str = TEXT, **options: Any) -> Messages:
        """Run one turn in a process of its own; options are `open_cli`'s."""
        async with self.open_cli(**options) as cli:
            await cli.open()
            return await cli.say(text)


def _replace(flags: list[str], changes: Mapping[str, str]) -> list[str]:
    kept = [flag for flag in flags if flag.partition("=")[0] not in changes]
    return [*kept, *(f"{name}={value}" for name, value in changes.items())]


def stream_events(messages: Messages, kind: str) -> Messages:
    """Return the API's own events of one type among the messages."""
    events = [m["event"] for m in messages if m["type"] == "stream_event"]
    return [event for event in events if event["type"] == kind]


def deltas(messages: Messages, kind: str) -> Messages:
    """Return the deltas of one type among the messages."""
    events = stream_events(messages, "content_block_delta")
    return [event["delta"] for event in events if event["delta"]["type"] == kind]


def changed(topic: str, now: str, *, relies: str) -> str:
    """Return in words which fact changed and what of the runner depends on it."""
    if len(now) > _MAX_CHANGE_CHARACTERS:
        now = f"{now[:_MAX_CHANGE_CHARACTERS]} …"
    return f"{topic}: the CLI now {now}; the runner relies on {relies}."
