"""The SDK's public transport seam, laid over a CLI process that already runs."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from claude_agent_sdk import CLIConnectionError, Transport

from roundtable_runner.claude.process import CliProcess, CliStreamBroken
from roundtable_runner.claude.tuning import tuning_requests
from roundtable_runner.turn.task import Effort

_TUNING = "tuning-"


@dataclass(frozen=True, slots=True)
class Opening:
    """What makes a generic process a panelist's: told once, in its first request.

    Without a schema the CLI offers the model no tool.
    """

    system_prompt: str
    schema: dict[str, Any] | None
    model: str
    effort: Effort


class CliTransport(Transport):
    """Carries one turn between the SDK and a process.

    System prompt and schema travel in the ``initialize`` request, as the TypeScript
    SDK sends them and the Python SDK can't: in the arguments anyone on the machine
    could read them, and 128 KB would not fit. A process takes that request once.

    Attributes:
        end: How the process ended, if it did so by itself.
    """

    def __init__(self, process: CliProcess, opening: Opening) -> None:
        self.end: str | None = None
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
            if _is_about_tuning(message):
                continue
            if _announces_retry(message):
                # Half a second later it would be on the wire, and paid for.
                self._process.strike()
                self._is_closed = True
            yield message
        # Of itself a CLI goes on for ever; what waits for it must hear that it ended.
        if not self._is_closed:
            self.end = await self._process.describe_end()
            raise CliStreamBroken("the output ended")


def _is_about_tuning(message: dict[str, Any]) -> bool:
    match message:
        case {"type": "control_response", "response": {"request_id": str(name)} as it}:
            is_ours = name.startswith(_TUNING)
            if is_ours and it.get("subtype") != "success":
                raise CliStreamBroken("the model or effort was not taken")
            return is_ours
        case _:
            return False


def _announces_retry(message: dict[str, Any]) -> bool:
    return (message.get("subtype"), message.get("max_retries")) == ("api_retry", 1)


def _open(line: str, opening: Opening) -> str:
    message = json.loads(line)
    request = message.get("request", {})
    if request.get("subtype") != "initialize":
        raise CLIConnectionError("the SDK's first line was no initialize request")
    request["systemPrompt"] = [opening.system_prompt]
    if opening.schema is not None:
        request["jsonSchema"] = opening.schema
    tuning = tuning_requests(model=opening.model, effort=opening.effort)
    messages = [
        {"type": "control_request", "request_id": f"{_TUNING}{number}", "request": it}
        for number, it in enumerate(tuning)
    ]
    return "".join(json.dumps(each) + "\n" for each in (*messages, message))
