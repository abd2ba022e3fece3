"""Answers a prompt with one CLI process, which serves no other."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from claude_agent_sdk import (
    ClaudeAgentOptions,
    ClaudeSDKClient,
    ClaudeSDKError,
)

from roundtable_kit.clock import Clock
from roundtable_runner.claude.account import Access
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.claude.failures import (
    NO_ACCOUNT,
    NO_OUTPUT,
    NO_RESULT,
    NO_START,
    crashed,
)
from roundtable_runner.claude.fingerprint import Fingerprint, take_fingerprint
from roundtable_runner.claude.formats import AnswerFormats
from roundtable_runner.claude.pool import AccessSource, WarmPool
from roundtable_runner.claude.process import CliProcess, CliStreamBroken
from roundtable_runner.claude.stream import TurnStream
from roundtable_runner.claude.transport import CliTransport, Opening
from roundtable_runner.claude.watchdog import Watchdog
from roundtable_runner.shielding import finish
from roundtable_runner.turn.engine import (
    AnswerFormat,
    AnswerSink,
    TurnFailed,
    TurnPrompt,
)
from roundtable_runner.turn.fenced import FencedAnswer
from roundtable_runner.turn.parts import TurnFailure
from roundtable_runner.turn.task import Effort

# Told what each use of an account came to; None when it was answered.
UseListener = Callable[[Fingerprint, TurnFailure | None], None]

# Verbatim: the CLI looks for no @path, /command or !shell in a document.
_OPTIONS = ClaudeAgentOptions(verbatim_prompts=True)

# For five minutes, as the CLI is told to mark its own blocks: none of them may live
# longer than one before it.
_KEPT = {"type": "ephemeral"}


class ClaudeEngine:
    """Answers prompts through the CLI and whatever account its source names."""

    def __init__(
        self,
        source: AccessSource,
        pool: WarmPool,
        *,
        deadlines: Deadlines,
        clock: Clock,
        on_use: UseListener = lambda _used, _failure: None,
    ) -> None:
        self._source = source
        self._pool = pool
        self._deadlines = deadlines
        self._clock = clock
        self._on_use = on_use
        self._formats = AnswerFormats()

    async def find_format(self, *, model: str) -> AnswerFormat:
        """Return how the model answers; the first to ask pays for one tiny turn."""
        access = await self._find_access()
        if access.calls_tools:
            return AnswerFormat.TOOL
        return await self._formats.find(access, model=model, engine=self)

    async def answer(
        self,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort = Effort.LEAST,
        sink: AnswerSink,
    ) -> Any:
        """Return the structured output; see `roundtable_runner.turn.engine.Engine`."""
        access = await self._find_access()
        used = take_fingerprint(access)
        try:
            output = await self._answer(
                access, prompt, model=model, effort=effort, sink=sink
            )
        except TurnFailed as error:
            self._on_use(used, error.failure)
            if error.failure == NO_OUTPUT:
                self._formats.note_missing_call(access, model=model)
            raise
        self._on_use(used, None)
        return output

    async def _answer(
        self,
        access: Access,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort,
        sink: AnswerSink,
    ) -> Any:
        fenced: FencedAnswer | None = None
        if prompt.answer_format is AnswerFormat.FENCED:
            sink = fenced = FencedAnswer(sink, prompt.schema)
        stream = TurnStream(
            sink,
            has_price=access.has_price,
            clock=self._clock,
            names_model=bool(model),
            needs_tool=fenced is None,
            may_repair=prompt.may_repair,
        )
        schema = prompt.schema if fenced is None else None  # it offers the tool
        opening = Opening(prompt.system, schema, model, effort)
        first_token = self._pool.stand_back()
        deadlines = self._deadlines.of_effort(effort)
        watchdog = Watchdog(deadlines, on_first_token=first_token)
        try:
            async with watchdog.watch():
                transport = CliTransport(await self._start(access), opening)
                return await _converse(transport, prompt, stream, watchdog, fenced)
        except TimeoutError:
            raise watchdog.failure(has_token=stream.has_token) from None
        finally:
            first_token()

    async def _start(self, access: Access) -> CliProcess:
        try:
            return await self._pool.take(access)
        except OSError as error:
            raise TurnFailed(NO_START) from error

    async def _find_access(self) -> Access:
        access = await self._source()
        if access is None:
            raise TurnFailed(NO_ACCOUNT)
        return access


async def _converse(
    transport: CliTransport,
    prompt: TurnPrompt,
    stream: TurnStream,
    watchdog: Watchdog,
    fenced: FencedAnswer | None,
) -> Any:
    client = ClaudeSDKClient(_OPTIONS, transport=transport)
    try:
        await client.connect()
        return await _ask(client, prompt, stream, watchdog, fenced)
    except (ClaudeSDKError, CliStreamBroken, OSError) as error:
        failure = NO_RESULT if transport.end is None else crashed(transport.end)
        raise TurnFailed(failure) from error
    finally:
        await finish(_close(transport, client))


async def _ask(
    client: ClaudeSDKClient,
    prompt: TurnPrompt,
    stream: TurnStream,
    watchdog: Watchdog,
    fenced: FencedAnswer | None,
) -> Any:
    request: str | AsyncIterator[dict[str, Any]] | None = _first_message(prompt)
    while request is not None:
        stream.begin_answer()
        watchdog.await_first_token()
        await client.query(request)
        await _listen(client, stream, watchdog, fenced)
        request = None if fenced is None else fenced.next_request()
    return stream.output if fenced is None else fenced.output


async def _first_message(prompt: TurnPrompt) -> AsyncIterator[dict[str, Any]]:
    """Yield the turn's message, its shared part as a block that the endpoint keeps."""
    content: list[dict[str, Any]] = [{"type": "text", "text": prompt.user}]
    if prompt.shared:
        # The CLI sets three marks of its own, and four are allowed.
        kept = {"type": "text", "text": prompt.shared, "cache_control": _KEPT}
        content.insert(0, kept)
    yield {
        "type": "user",
        "message": {"role": "user", "content": content},
        "parent_tool_use_id": None,
    }


async def _listen(
    client: ClaudeSDKClient,
    stream: TurnStream,
    watchdog: Watchdog,
    fenced: FencedAnswer | None,
) -> None:
    async for message in client.receive_messages():
        stream.take(message)
        watchdog.alive(has_token=stream.has_token)
        if stream.result is not None or (fenced is not None and fenced.is_complete):
            return
    raise TurnFailed(NO_RESULT)


async def _close(transport: CliTransport, client: ClaudeSDKClient) -> None:
    # Killed first, so that the SDK finds nothing to wait for.
    await transport.close()
    await client.disconnect()
