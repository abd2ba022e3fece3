"""What a tiny turn makes of the ways in which a model may answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from roundtable_runner.claude import tiny_turn
from roundtable_runner.claude.tiny_turn import TinyTurn, take_tiny_turn
from roundtable_runner.turn.engine import (
    AnswerFormat,
    AnswerSink,
    TurnFailed,
    TurnPrompt,
)
from roundtable_runner.turn.parts import FailureReason, TurnUsage
from roundtable_runner.turn.task import Effort

_Answer = Callable[[TurnPrompt, AnswerSink], Awaitable[Any]]


class _Engine:
    """Answers as a test says."""

    def __init__(self, answer: _Answer) -> None:
        self._answer = answer

    async def find_format(self, *, model: str) -> AnswerFormat:
        raise NotImplementedError  # a tiny turn is how it is found

    async def answer(
        self,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort = Effort.LEAST,
        sink: AnswerSink,
    ) -> Any:
        sink.begin_draft()
        sink.set_model(model)
        sink.set_usage(TurnUsage(20, 5))
        return await self._answer(prompt, sink)


async def _call_tool(_prompt: TurnPrompt, sink: AnswerSink) -> Any:
    sink.add_output('{"word": "ready"}')
    return {"word": "ready"}


async def _call_tool_for_ever(_prompt: TurnPrompt, sink: AnswerSink) -> Any:
    while True:
        sink.add_output('"ready", ')


async def _call_tool_wrongly(_prompt: TurnPrompt, sink: AnswerSink) -> Any:
    sink.add_output("{}")
    raise TurnFailed.because(FailureReason.INVALID_OUTPUT, "No such form.")


async def _speak_and_fall_silent(_prompt: TurnPrompt, sink: AnswerSink) -> Any:
    sink.add_text("Well")
    await asyncio.Event().wait()


async def _fail(_prompt: TurnPrompt, _sink: AnswerSink) -> Any:
    raise TurnFailed.because(FailureReason.OVERLOADED, "Later.")


async def test_call_of_the_tool_tells_format_model_and_usage() -> None:
    """All that a test of the account shows."""
    outcome = await take_tiny_turn(_Engine(_call_tool), model="m")

    assert outcome == TinyTurn(AnswerFormat.TOOL, "m", TurnUsage(20, 5))


@pytest.mark.parametrize("answer", [_call_tool_for_ever, _call_tool_wrongly])
async def test_a_clumsy_call_is_a_call(answer: _Answer) -> None:
    """The tool can be called; how well will show in the turns."""
    outcome = await take_tiny_turn(_Engine(answer), model="m")

    assert outcome.answer_format is AnswerFormat.TOOL


async def test_words_that_come_too_slowly_are_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever has begun to speak has answered, and the turns wait for it."""
    monkeypatch.setattr(tiny_turn, "_SECONDS_FROM_FIRST_WORD", 0.05)

    outcome = await take_tiny_turn(_Engine(_speak_and_fall_silent), model="m")

    assert outcome.answer_format is AnswerFormat.FENCED


async def test_trouble_says_nothing_of_the_model() -> None:
    """It is raised as it is."""
    with pytest.raises(TurnFailed) as raised:
        await take_tiny_turn(_Engine(_fail), model="m")

    assert raised.value.failure.reason is FailureReason.OVERLOADED
