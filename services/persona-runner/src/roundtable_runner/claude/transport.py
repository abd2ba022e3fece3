"""The SDK's public transport seam, laid over a CLI process that already runs."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from claude_agent_sdk import CLIConnectionError, Transport

from roundtable_runner.claude.process import CliProcess, CliStreamBroken


@dataclass(frozen=True, slots=True)
class Opening:
    """What makes a generic process a panelist's: told once, in its first request."""

    system_prompt: str
    schema: dict[str, Any]


class CliTransport(Transport):
    """Carries one turn between the SDK and a process.

    System prompt and schema travel in the ``initialize`` request, as the TypeScript
    SDK sends them and the Python SDK can't: in the arguments anyone on the machine
    could read them, and 128 KB would not fit. A process takes that request once.
    """

    def __init__(self, process: CliProcess, opening: Opening) -> None:
        self._process = process
        self._opening: Opening | None = opening
        self._is_closed = False

    async def connect(self) -> None:
        """Do nothing: the process was started before."""

    async def write(self, data: str) -> None:
        """Write one line; the first one gets the opening."""
        if self._opening is not None:
            data = _open(data, self._opening)
            self._opening = None
        try:
            await self._process.write(data)
        except (OSError, CliStreamBroken) as error:
            raise CLIConnectionError("the CLI takes no input") from error

    def read_messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the CLI's messages until its output ends."""
        return self._read()

    async def close(self) -> None:
        """Kill the process; its turn is over, and it must not serve another."""
        self._is_closed = True
        await self._process.kill()

    def is_ready(self) -> bool:
        """Tell whether the process is there."""
        return self._process.is_running

    async def end_input(self) -> None:
        """Close the process's input."""
        self._process.end_input()

    async def _read(self) -> AsyncIterator[dict[str, Any]]:
        async for line in self._process.lines():
            # Some builds write diagnostics between the messages.
            if not line.startswith(b"{"):
                continue
            try:
                message: dict[str, Any] = json.loads(line)
            except ValueError as error:
                raise CliStreamBroken("a line is no JSON") from error
            yield message
        # Of itself a CLI goes on for ever; what waits for it must hear that it ended.
        if not self._is_closed:
            raise CliStreamBroken("the output ended")


def _open(line: str, opening: Opening) -> str:
    message = json.loads(line)
    request = message.get("request", {})
    if request.get("subtype") != "initialize":
        raise CLIConnectionError("the SDK's first line was no initialize request")
    request["systemPrompt"] = [opening.system_prompt]
    request["jsonSchema"] = opening.schema
    return json.dumps(message) + "\n"
