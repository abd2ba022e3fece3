"""One tiny turn: it proves an account, and shows how its model answers."""

import asyncio
from dataclasses import dataclass
from typing import Any

from roundtable_runner.turn.engine import (
    AnswerFormat,
    Engine,
    TurnFailed,
    TurnPrompt,
)
from roundtable_runner.turn.parts import FailureReason, TurnUsage

_MAX_CHARACTERS = 2_000
# To the first word the engine's own deadline counts; a local model may still load.
_SECONDS_FROM_FIRST_WORD = 30.0

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"word": {"type": "string", "maxLength": 100}},
    "required": ["word"],
    "additionalProperties": False,
}
_SYSTEM = "This is a test of a connection. Answer as briefly as you can."
_WITH_TOOL = TurnPrompt(
    system=_SYSTEM,
    user='Call the tool StructuredOutput once, with the word "ready". Say nothing.',
    schema=_SCHEMA,
    may_repair=False,
)
_WITHOUT_TOOL = TurnPrompt(
    system=_SYSTEM,
    user='Say the word "ready".',
    schema=_SCHEMA,
    answer_format=AnswerFormat.FENCED,
)

# Ways in which a model that calls no tools ends a turn that wants one.
_WORDS_ALONE = frozenset({FailureReason.INVALID_OUTPUT, FailureReason.OUTPUT_TOO_LONG})


@dataclass(frozen=True, slots=True)
class TinyTurn:
    """What came of a tiny turn that was answered.

    Attributes:
        answer_format: How the model answers.
        model: The model, as it names itself; empty when it does not.
        usage: What the turn used, as far as it was told before the answer was enough.
    """

    answer_format: AnswerFormat
    model: str
    usage: TurnUsage


async def take_tiny_turn(engine: Engine, *, model: str) -> TinyTurn:
    """Ask for one call of a tool; words instead of it are an answer too.

    It costs one request. An endpoint that refuses it is asked once more without the
    tool: if it takes that, the tool was the reason.

    Raises:
        TurnFailed: There was no answer, for the reason that a turn would have.
    """
    try:
        return await _ask(engine, _WITH_TOOL, model=model)
    except TurnFailed as error:
        if error.failure.reason is not FailureReason.INTERNAL:
            raise
        refusal = error
    try:
        return await _ask(engine, _WITHOUT_TOOL, model=model)
    except TurnFailed:
        raise refusal from None


async def _ask(engine: Engine, prompt: TurnPrompt, *, model: str) -> TinyTurn:
    is_with_tool = prompt.answer_format is AnswerFormat.TOOL
    timeout = asyncio.timeout(None)
    sink = _TinySink(timeout, max_characters=_MAX_CHARACTERS if is_with_tool else 0)
    try:
        async with timeout:
            await engine.answer(prompt, model=model, sink=sink)
    except (_Enough, TimeoutError):
        pass  # it has answered, at greater length than anybody asked for
    except TurnFailed as error:
        if error.failure.reason not in _WORDS_ALONE:
            raise
    called_tool = is_with_tool and sink.has_output
    answer_format = AnswerFormat.TOOL if called_tool else AnswerFormat.FENCED
    return TinyTurn(answer_format, sink.model, sink.usage)


class _Enough(Exception):  # noqa: N818 - reads as what happened
    """The answer need not go on."""


class _TinySink:
    """Notes how an answer comes, and ends it where it has no end of its own."""

    def __init__(self, timeout: asyncio.Timeout, *, max_characters: int) -> None:
        self.has_output = False
        self.model = ""
        self.usage = TurnUsage()
        self._timeout = timeout
        self._max_characters = max_characters
        self._characters = 0

    def begin_draft(self) -> None:
        pass

    def begin_output(self) -> None:
        pass

    def add_text(self, text: str) -> None:
        self._count(text)

    def add_output(self, fragment: str) -> None:
        self.has_output = True
        self._count(fragment)

    def set_model(self, model: str) -> None:
        self.model = model

    def set_usage(self, usage: TurnUsage) -> None:
        self.usage = usage

    def _count(self, text: str) -> None:
        if self._timeout.when() is None:
            now = asyncio.get_running_loop().time()
            self._timeout.reschedule(now + _SECONDS_FROM_FIRST_WORD)
        self._characters += len(text)
        if self._characters > self._max_characters:
            raise _Enough
