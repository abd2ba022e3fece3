"""Answers a prompt with one CLI process, which serves no other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from claude_agent_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    ClaudeSDKError,
)

from roundtable_kit.clock import Clock
from roundtable_runner.claude.account import Access
from roundtable_runner.claude.environment import (
    Deadlines,
    build_environment,
    build_flags,
)
from roundtable_runner.claude.failures import NO_ACCOUNT, NO_RESULT
from roundtable_runner.claude.process import CliProcess, CliStreamBroken
from roundtable_runner.claude.stream import TurnStream
from roundtable_runner.claude.transport import CliTransport, Opening
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.shielding import finish
from roundtable_runner.turn.engine import AnswerSink, TurnFailed, TurnPrompt
from roundtable_runner.turn.parts import FailureReason

# Returns what a turn is paid with at this moment; None when there is nothing.
AccessSource = Callable[[], Awaitable[Access | None]]

# Verbatim: the CLI looks for no @path, /command or !shell in a document.
_OPTIONS = ClaudeAgentOptions(verbatim_prompts=True)


@dataclass(frozen=True, slots=True)
class CliLauncher:
    """Starts CLI processes, each for one turn."""

    program: Path
    workspace: Workspace
    deadlines: Deadlines

    async def start(self, access: Access, *, model: str) -> CliProcess:
        """Start a process. Raises OSError when the machine can't."""
        return await CliProcess.start(
            [str(self.program), *build_flags(access, model=model)],
            environment=build_environment(access, self.workspace, self.deadlines),
            directory=self.workspace.empty,
        )


class ClaudeEngine:
    """Answers prompts through the CLI and whatever account its source names."""

    def __init__(
        self, source: AccessSource, launcher: CliLauncher, *, clock: Clock
    ) -> None:
        self._source = source
        self._launcher = launcher
        self._clock = clock

    async def answer(self, prompt: TurnPrompt, *, model: str, sink: AnswerSink) -> Any:
        """Return the structured output; see `roundtable_runner.turn.engine.Engine`."""
        access = await self._source()
        if access is None:
            raise TurnFailed(NO_ACCOUNT)
        stream = TurnStream(sink, has_price=access.has_price, clock=self._clock)
        watchdog = _Watchdog(self._launcher.deadlines)
        try:
            async with watchdog.watch():
                process = await self._launcher.start(access, model=model)
                await _converse(process, prompt, stream, watchdog)
        except TimeoutError:
            raise watchdog.failure(has_token=stream.has_token) from None
        except (ClaudeSDKError, CliStreamBroken, OSError) as error:
            raise TurnFailed(NO_RESULT) from error
        if stream.result is None:
            raise TurnFailed(NO_RESULT)
        return stream.result.structured_output


async def _converse(
    process: CliProcess, prompt: TurnPrompt, stream: TurnStream, watchdog: "_Watchdog"
) -> None:
    transport = CliTransport(process, Opening(prompt.system, prompt.schema))
    client = ClaudeSDKClient(_OPTIONS, transport=transport)
    try:
        await client.connect()
        await client.query(prompt.user)
        async for message in client.receive_messages():
            stream.take(message)
            watchdog.alive(has_token=stream.has_token)
            if stream.result is not None:
                return
    finally:
        await finish(_close(transport, client))


async def _close(transport: CliTransport, client: ClaudeSDKClient) -> None:
    # Killed first, so that the SDK finds nothing to wait for.
    await transport.close()
    await client.disconnect()


class _Watchdog:
    """One timeout that moves: to the first token, then from token to token."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._loop = asyncio.get_running_loop()
        begin = self._loop.time()
        self._end = begin + deadlines.total.total_seconds()
        first_token = begin + deadlines.first_token.total_seconds()
        self._timeout = asyncio.timeout_at(min(first_token, self._end))

    def watch(self) -> asyncio.Timeout:
        """Return the context in which the turn is watched."""
        return self._timeout

    def alive(self, *, has_token: bool) -> None:
        """Note a sign of life; before the first token it buys no time."""
        if has_token and not self._timeout.expired():
            idle_end = self._loop.time() + self._deadlines.idle.total_seconds()
            self._timeout.reschedule(min(idle_end, self._end))

    def failure(self, *, has_token: bool) -> TurnFailed:
        """Return which of the deadlines has struck."""
        if self._loop.time() >= self._end:
            what = f"The turn was not over after {_words(self._deadlines.total)}."
        elif has_token:
            what = f"The model fell silent for {_words(self._deadlines.idle)}."
        else:
            what = f"No word came within {_words(self._deadlines.first_token)}."
        return TurnFailed.because(FailureReason.TIMEOUT, what)


def _words(duration: timedelta) -> str:
    return f"{duration.total_seconds():g} s"
