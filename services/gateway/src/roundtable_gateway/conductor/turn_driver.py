"""Drives one turn to its end: attempts, parts, events."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from roundtable_gateway.conductor.afoot import AttemptsAfoot
from roundtable_gateway.conductor.attempt import Attempt
from roundtable_gateway.conductor.budget import BudgetMeter
from roundtable_gateway.conductor.gate import UnfitAnswerError, UnfoundedAnswerError
from roundtable_gateway.conductor.naps import sleep_until
from roundtable_gateway.conductor.parts import (
    EndPart,
    TextPart,
    TurnFailure,
    TurnOrder,
)
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.conductor.record import BegunTurn
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
from roundtable_gateway.domain.run import RunSummary, Turn, TurnState, Usage
from roundtable_kit.clock import Clock

_log = structlog.get_logger()

_BUDGET_EXHAUSTED = "budget_exhausted"
_UNFIT = TurnFailure("invalid_output")
_UNFOUNDED = TurnFailure("invalid_output", is_unfounded=True)


@dataclass(frozen=True, slots=True)
class TurnTools:
    """What all turns of a run share."""

    run: RunSummary
    fencing_token: int
    log: RunLog
    runner: TurnRunner
    afoot: AttemptsAfoot
    retries: RetryPolicy
    budget: BudgetMeter
    clock: Clock
    pause: RunPause


class TurnDriver:
    """Drives one turn from where the log has it.

    Args:
        plan: What is asked.
        begun: What the log has of the turn, None when it was never begun.
    """

    def __init__(
        self, plan: PlannedTurn, tools: TurnTools, *, begun: BegunTurn | None
    ) -> None:
        self._plan = plan
        self._tools = tools
        self._begun = begun
        self._standing = TurnStanding(
            plan.id,
            pause=tools.pause,
            retries=tools.retries,
            budget=tools.budget,
            clock=tools.clock,
        )

    async def drive(self) -> Turn:
        """Return the turn once it has succeeded or failed for good."""
        settled = await self._drive()
        await self._standing.end()
        return settled

    async def _drive(self) -> Turn:
        settled = None
        if self._begun is not None:
            settled = self._begun.turn
            if self._begun.turn.state is TurnState.RUNNING:
                # It has a slot at the runner, which ends what nobody watches.
                settled = await self._resume(self._begun)
        while settled is None or settled.state is TurnState.QUEUED:
            previous = settled
            await self._wait_for_retry(previous)
            async with self._standing.slot():
                settled = await self._attempt(previous)
        return settled

    async def _wait_for_retry(self, previous: Turn | None) -> None:
        """Wait for the time of the next attempt; a pause ends at the barrier."""
        if previous is None or previous.retry_time is None or _was_free(previous):
            return
        await sleep_until(previous.retry_time, self._tools.clock)

    async def _resume(self, begun: BegunTurn) -> Turn:
        """Attach to an attempt that the runner may still have."""
        settlement = self._plan.settlement
        attempt = Attempt(begun.turn, settlement, findings=begun.findings)
        if begun.next_part == 0:
            # Whoever wrote it down may have gone before the runner was asked; where it
            # was, asking again changes nothing.
            return await self._start(attempt)
        return await self._follow(attempt, from_index=begun.next_part)

    async def _attempt(self, previous: Turn | None) -> Turn:
        """Write the next attempt down, ask the runner for it, follow it."""
        turn = self._plan.begin(
            attempt=previous.attempt + 1 if previous else 1,
            paused_attempts=_paused_attempts(previous),
            now=self._tools.clock.now(),
        )
        attempt = Attempt(turn, self._plan.settlement)
        is_affordable = await self._tools.budget.take_turn()
        await self._tools.log.append(*_beginning(turn, previous, self._tools.runner))
        if not is_affordable:
            return await self._settle(
                attempt, _BUDGET_EXHAUSTED, Aftermath(is_free=True, retry=None)
            )
        self._tools.afoot.add(attempt.ref, turn.model)
        return await self._start(attempt)

    async def _start(self, attempt: Attempt) -> Turn:
        """Ask the runner for an attempt, and follow it."""
        order = self._order(attempt.ref.attempt)
        failure = await start(order, self._tools.runner, clock=self._tools.clock)
        if failure is not None:
            return await self._fail(attempt, failure)
        return await self._follow(attempt, from_index=0)

    def _order(self, attempt: int) -> TurnOrder:
        run = self._tools.run
        return TurnOrder(
            run_id=run.id,
            fencing_token=self._tools.fencing_token,
            turn_id=self._plan.id,
            attempt=attempt,
            engine=run.engine,
            model=self._plan.model,
            effort=run.effort,
            task=self._plan.task,
        )

    async def _follow(self, attempt: Attempt, *, from_index: int) -> Turn:
        """Write an attempt's parts down to its end, whatever that is."""
        try:
            end = await self._record(attempt, from_index=from_index)
        except UnfitAnswerError:
            return await self._give_up(attempt, _UNFIT)
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

    async def _give_up(self, attempt: Attempt, failure: TurnFailure) -> Turn:
        """Fail an attempt that the runner still has."""
        usage = await self._tools.afoot.end(attempt.ref)
        if usage is not None:
            self._tools.budget.spend(usage)
        return await self._fail(attempt, failure, usage=usage)

    async def _end(self, attempt: Attempt, part: EndPart) -> Turn:
        self._tools.budget.spend(part.usage)
        if isinstance(part.outcome, TurnFailure):
            return await self._fail(attempt, part.outcome, usage=part.usage)
        try:
            turn, events = await asyncio.to_thread(
                attempt.complete, part, part.outcome, now=self._tools.clock.now()
            )
        except UnfitAnswerError as error:
            is_unfounded = isinstance(error, UnfoundedAnswerError)
            failure = _UNFOUNDED if is_unfounded else _UNFIT
            return await self._fail(attempt, failure, usage=part.usage)
        await self._standing.note_completion()
        self._tools.afoot.discard(attempt.ref)
        await self._tools.log.append(*events)
        return turn

    async def _fail(
        self, attempt: Attempt, failure: TurnFailure, *, usage: Usage | None = None
    ) -> Turn:
        aftermath = await self._standing.judge(attempt, failure)
        return await self._settle(attempt, failure.reason, aftermath, usage=usage)

    async def _settle(
        self,
        attempt: Attempt,
        reason: str,
        aftermath: Aftermath,
        *,
        usage: Usage | None = None,
    ) -> Turn:
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
            run_id=self._tools.run.id,
            turn_id=self._plan.id,
        )
        return settled


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
