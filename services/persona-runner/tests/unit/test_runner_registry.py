"""What the registry keeps, and for how long."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from roundtable_kit.errors import NotFound, Unavailable
from roundtable_runner.rpc.registry import RegistryLimits, TurnRegistry
from roundtable_runner.turn.engine import (
    AnswerFormat,
    AnswerSink,
    TurnFailed,
    TurnPrompt,
)
from roundtable_runner.turn.parts import (
    EndPart,
    FailureReason,
    TurnFailure,
    TurnUsage,
)
from roundtable_runner.turn.task import Effort, EngineKind, TurnAttempt
from support.fake_timers import FakeTimers
from support.review_tasks import review_task


class _ToolCaller:
    """What the engines here have in common."""

    async def find_format(self, *, model: str) -> AnswerFormat:
        return AnswerFormat.TOOL


class _Refuser(_ToolCaller):
    """An engine that uses a token and refuses."""

    async def answer(
        self,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort = Effort.LEAST,
        sink: AnswerSink,
    ) -> Any:
        sink.set_usage(TurnUsage(input_tokens=1))
        raise TurnFailed.because(FailureReason.REFUSED, "No.")


class _Crasher(_ToolCaller):
    """An engine with a fault."""

    async def answer(
        self,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort = Effort.LEAST,
        sink: AnswerSink,
    ) -> Any:
        raise RuntimeError(prompt.user)


class _Sleeper(_ToolCaller):
    """An engine that never answers."""

    async def answer(
        self,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort = Effort.LEAST,
        sink: AnswerSink,
    ) -> Any:
        await asyncio.Event().wait()


_SPEC = TurnAttempt(
    run_id="run-1",
    fencing_token=1,
    turn_id="turn-1",
    number=1,
    engine=EngineKind.CLAUDE,
    model="",
    task=review_task(),
)


def _registry(engine: Any, timers: FakeTimers, **limits: Any) -> TurnRegistry:
    return TurnRegistry(
        {EngineKind.CLAUDE: engine}, limits=RegistryLimits(**limits), timers=timers
    )


async def _end_of(registry: TurnRegistry, spec: TurnAttempt) -> EndPart:
    registry.start(spec)
    attempt = registry.find(spec.turn_id, spec.number)
    parts = [part async for batch in attempt.follow(0) for part in batch]
    assert isinstance(parts[-1], EndPart)
    return parts[-1]


async def test_failure_and_usage_of_the_engine_are_told() -> None:
    """What the engine raises is the attempt's end."""
    end = await _end_of(_registry(_Refuser(), FakeTimers()), _SPEC)

    assert end == EndPart(
        TurnFailure(FailureReason.REFUSED, "No."), TurnUsage(input_tokens=1)
    )


async def test_fault_ends_the_attempt_without_a_word_of_the_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fault of ours is told as such, and its text goes nowhere."""
    end = await _end_of(_registry(_Crasher(), FakeTimers()), _SPEC)

    assert isinstance(end.outcome, TurnFailure)
    assert end.outcome.reason is FailureReason.INTERNAL
    output = capsys.readouterr()
    assert "RuntimeError" in output.out + output.err
    assert "vault" not in output.out + output.err


async def test_finished_attempt_is_kept_for_its_time() -> None:
    """Ten minutes after the end it is gone, and not before."""
    timers = FakeTimers()
    registry = _registry(_Refuser(), timers)
    await _end_of(registry, _SPEC)

    timers.advance(599)
    kept = registry.find("turn-1", 1)
    timers.advance(1)

    assert kept.is_over
    with pytest.raises(NotFound):
        registry.find("turn-1", 1)


async def test_oldest_finished_attempt_makes_room() -> None:
    """However many turns there are, no more than the limit are kept."""
    timers = FakeTimers()
    registry = _registry(_Refuser(), timers, kept_attempts=2)

    for number in (1, 2, 3):
        await _end_of(registry, replace(_SPEC, turn_id=f"turn-{number}"))
    timers.advance(3_600)

    for number in (1, 2, 3):
        with pytest.raises(NotFound):
            registry.find(f"turn-{number}", 1)


async def test_unwatched_attempt_is_ended_when_its_last_watcher_has_left() -> None:
    """The time counts from the start, and anew from each last leaving."""
    timers = FakeTimers()
    registry = _registry(_Sleeper(), timers)
    registry.start(_SPEC)
    attempt = registry.find("turn-1", 1)
    timers.advance(59)
    leave_first, leave_second = attempt.enter(), attempt.enter()
    timers.advance(120)
    leave_first()
    leave_first()
    timers.advance(120)
    leave_second()
    timers.advance(59)
    before = attempt.cancellation

    timers.advance(1)
    await attempt.wait_until_over()

    assert before is None
    assert attempt.cancellation is not None
    assert attempt.cancellation.reason is FailureReason.TIMEOUT


async def test_forgotten_fences_do_not_pile_up() -> None:
    """The oldest run's token is forgotten, the others hold."""
    registry = _registry(_Refuser(), FakeTimers(), fenced_runs=1)
    await _end_of(registry, replace(_SPEC, run_id="a", fencing_token=9))
    await _end_of(registry, replace(_SPEC, run_id="b", turn_id="turn-2"))

    end = await _end_of(registry, replace(_SPEC, run_id="a", turn_id="turn-3"))

    assert isinstance(end, EndPart)


async def test_stopping_registry_refuses_new_turns() -> None:
    """Whoever asks is told to ask elsewhere, or later."""
    registry = _registry(_Refuser(), FakeTimers())
    await registry.stop(timedelta(0))

    with pytest.raises(Unavailable) as raised:
        registry.start(_SPEC)

    assert raised.value.reason == "STOPPING"
    assert raised.value.retry_after is not None
