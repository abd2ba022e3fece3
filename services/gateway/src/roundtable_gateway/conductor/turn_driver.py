"""Drives one seat's turn to its end: attempts, parts, events."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from roundtable_gateway.conductor.afoot import AttemptsAfoot
from roundtable_gateway.conductor.attempt import Attempt, SettledTurn
from roundtable_gateway.conductor.budget import BudgetMeter
from roundtable_gateway.conductor.gate import Gate, UnfitAnswerError
from roundtable_gateway.conductor.naps import sleep_until
from roundtable_gateway.conductor.parts import (
    EndPart,
    ReviewResult,
    TextPart,
    TurnFailure,
    TurnOrder,
)
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.conductor.run_pause import RunPause
from roundtable_gateway.conductor.runner_line import BrokenStreamError, follow, start
from roundtable_gateway.conductor.turn_standing import Aftermath, TurnStanding
from roundtable_gateway.domain.event import (
    NewEvent,
    TurnRef,
    TurnStarted,
    TurnSuperseded,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn, TurnState, Usage
from roundtable_kit.clock import Clock

_log = structlog.get_logger()

_BUDGET_EXHAUSTED = "budget_exhausted"
_UNFIT = TurnFailure("invalid_output")


@dataclass(frozen=True, slots=True)
class TurnTools:
    """What all turns of a run share."""

    log: RunLog
    runner: TurnRunner
    afoot: AttemptsAfoot
    gate: Gate
    retries: RetryPolicy
    budget: BudgetMeter
    clock: Clock
    pause: RunPause


@dataclass(frozen=True, slots=True)
class BegunTurn:
    """A turn that a conductor before this one began.

    Attributes:
        turn: The turn as the log has it.
        findings: The findings of its latest attempt, in the log's order.
        next_part: First of the latest attempt's parts that is not in the log.
    """

    turn: Turn
    findings: tuple[Finding, ...]
    next_part: int


class TurnDriver:
    """Drives one turn from where the log has it.

    Args:
        order: The question; its attempt is set here.
        begun: What the log has of the turn, None when it was never begun.
    """

    def __init__(
        self, order: TurnOrder, tools: TurnTools, *, begun: BegunTurn | None
    ) -> None:
        self._order = order
        self._tools = tools
        self._begun = begun
        self._standing = TurnStanding(
            order.turn_id,
            pause=tools.pause,
            retries=tools.retries,
            budget=tools.budget,
            clock=tools.clock,
        )

    async def drive(self) -> SettledTurn:
        """Return the turn once it has succeeded or failed for good."""
        settled = await self._drive()
        await self._standing.end()
        return settled

    async def _drive(self) -> SettledTurn:
        settled = None
        if self._begun is not None:
            settled = SettledTurn(self._begun.turn, self._begun.findings)
            if self._begun.turn.state is TurnState.RUNNING:
                # It has a slot at the runner, which ends what nobody watches.
                settled = await self._resume(self._begun)
        while settled is None or settled.turn.state is TurnState.QUEUED:
            previous = settled.turn if settled else None
            await self._wait_for_retry(previous)
            async with self._standing.slot():
                settled = await self._attempt(previous)
        return settled

    async def _wait_for_retry(self, previous: Turn | None) -> None:
        """Wait for the time of the next attempt; a pause ends at the barrier."""
        if previous is None or previous.retry_time is None or _was_free(previous):
            return
        await sleep_until(previous.retry_time, self._tools.clock)

    async def _resume(self, begun: BegunTurn) -> SettledTurn:
        """Attach to an attempt that the runner may still have."""
        attempt = Attempt(begun.turn, self._tools.gate, findings=begun.findings)
        return await self._follow(attempt, from_index=begun.next_part)

    async def _attempt(self, previous: Turn | None) -> SettledTurn:
        """Write the next attempt down, ask the runner for it, follow it."""
        number = previous.attempt + 1 if previous else 1
        self._order = replace(self._order, attempt=number)
        seat = self._order.task.seat
        turn = Turn(
            id=self._order.turn_id,
            kind=self._order.task.kind,
            panelist_id=seat.panelist.id if seat else None,
            round=1,
            attempt=number,
            state=TurnState.RUNNING,
            start_time=self._tools.clock.now(),
            model=self._order.model,
            paused_attempts=_paused_attempts(previous),
        )
        attempt = Attempt(turn, self._tools.gate)
        is_affordable = await self._tools.budget.take_turn()
        await self._tools.log.append(*_beginning(turn, previous, self._tools.runner))
        if not is_affordable:
            return await self._settle(
                attempt, _BUDGET_EXHAUSTED, Aftermath(is_free=True, retry=None)
            )
        self._tools.afoot.add(attempt.ref, turn.model)
        failure = await start(self._order, self._tools.runner, clock=self._tools.clock)
        if failure is not None:
            return await self._fail(attempt, failure)
        return await self._follow(attempt, from_index=0)

    async def _follow(self, attempt: Attempt, *, from_index: int) -> SettledTurn:
        """Write an attempt's parts down to its end, whatever that is."""
        try:
            end = await self._record(attempt, from_index=from_index)
        except UnfitAnswerError:
            return await self._give_up(attempt, TurnFailure("invalid_output"))
        except BrokenStreamError:
            lost = TurnFailure("internal", is_ours=True)
            return await self._give_up(attempt, lost)
        if end is None:
            return await self._fail(attempt, TurnFailure("runner_lost"))
        return await self._end(attempt, end)

    async def _record(self, attempt: Attempt, *, from_index: int) -> EndPart | None:
        """Return the end once all before it is in the log, None without one."""
        stream = follow(
            attempt.ref,
            self._tools.runner,
            clock=self._tools.clock,
            from_index=from_index,
        )
        async with aclosing(stream) as parts:
            async for part in parts:
                if isinstance(part, EndPart):
                    return part
                await self._standing.note_answer()
                if isinstance(part, TextPart):
                    event = attempt.speak(part)
                else:
                    event = await asyncio.to_thread(attempt.add, part)
                await self._tools.log.append(event)
        return None

    async def _give_up(self, attempt: Attempt, failure: TurnFailure) -> SettledTurn:
        """Fail an attempt that the runner still has."""
        usage = await self._tools.afoot.end(attempt.ref)
        if usage is not None:
            self._tools.budget.spend(usage)
        return await self._fail(attempt, failure, usage=usage)

    async def _end(self, attempt: Attempt, part: EndPart) -> SettledTurn:
        self._tools.budget.spend(part.usage)
        outcome = part.outcome
        failure = outcome if isinstance(outcome, TurnFailure) else _UNFIT
        if isinstance(outcome, ReviewResult):
            try:
                settled, events = await asyncio.to_thread(
                    attempt.complete, part, outcome, now=self._tools.clock.now()
                )
            except UnfitAnswerError:
                failure = _UNFIT
            else:
                await self._standing.note_completion()
                self._tools.afoot.discard(attempt.ref)
                await self._tools.log.append(*events)
                return settled
        return await self._fail(attempt, failure, usage=part.usage)

    async def _fail(
        self, attempt: Attempt, failure: TurnFailure, *, usage: Usage | None = None
    ) -> SettledTurn:
        aftermath = await self._standing.judge(attempt, failure)
        return await self._settle(attempt, failure.reason, aftermath, usage=usage)

    async def _settle(
        self,
        attempt: Attempt,
        reason: str,
        aftermath: Aftermath,
        *,
        usage: Usage | None = None,
    ) -> SettledTurn:
        settled, events = attempt.fail(
            reason,
            replace(usage or Usage(), turns=0 if aftermath.is_free else 1),
            now=self._tools.clock.now(),
            retry=aftermath.retry,
        )
        if usage is None:
            self._tools.afoot.note_told(attempt.ref)
        else:
            self._tools.afoot.discard(attempt.ref)
        await self._tools.log.append(*events)
        _log.info(
            "turn.failed",
            reason=reason,
            attempt=attempt.ref.attempt,
            will_retry=aftermath.retry is not None,
            **self._names(),
        )
        return settled

    def _names(self) -> dict[str, str]:
        return {"run_id": self._order.run_id, "turn_id": self._order.turn_id}


def _beginning(turn: Turn, previous: Turn | None, runner: TurnRunner) -> list[NewEvent]:
    started = NewEvent(
        TurnStarted(turn, runner.address), TurnRef(turn.id, turn.attempt)
    )
    if previous is None:
        return [started]
    ended = TurnRef(previous.id, previous.attempt)
    return [NewEvent(TurnSuperseded(), ended), started]


def _paused_attempts(previous: Turn | None) -> int:
    if previous is None:
        return 0
    return previous.paused_attempts + _was_free(previous)


def _was_free(failed: Turn) -> bool:
    """Return whether a failed attempt counted towards no limit."""
    return failed.usage.turns == 0
