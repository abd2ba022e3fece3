"""Drives one seat's turn to its end: attempts, parts, events."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from roundtable_gateway.conductor.afoot import AttemptsAfoot
from roundtable_gateway.conductor.attempt import Attempt, SettledTurn
from roundtable_gateway.conductor.budget import BudgetMeter
from roundtable_gateway.conductor.gate import Gate, UnfitAnswerError
from roundtable_gateway.conductor.parts import (
    EndPart,
    ReviewOrder,
    TextPart,
    TurnFailure,
    TurnPart,
    TurnResult,
)
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.domain.event import (
    NewEvent,
    TurnRef,
    TurnStarted,
    TurnSuperseded,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState, Usage
from roundtable_kit.clock import Clock
from roundtable_kit.errors import (
    NotFound,
    ResourceExhausted,
    ServiceError,
    Unavailable,
)

_log = structlog.get_logger()

_ASK_AGAIN = timedelta(seconds=0.5)
# A runner that restarts is back long before; one that isn't has lost the attempt.
_LONGEST_ABSENCE = timedelta(seconds=60)


class _BrokenStreamError(Exception):
    """The runner's stream failed in a way that attaching again does not mend."""


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
    slots: asyncio.Semaphore


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
        self, order: ReviewOrder, tools: TurnTools, *, begun: BegunTurn | None
    ) -> None:
        self._order = order
        self._tools = tools
        self._begun = begun
        self._retry_delay = timedelta(0)

    async def drive(self) -> SettledTurn:
        """Return the turn once it has succeeded or failed for good."""
        settled = None
        if self._begun is not None:
            settled = SettledTurn(self._begun.turn, self._begun.findings)
            if self._begun.turn.state is TurnState.RUNNING:
                # It has a slot at the runner, which ends what nobody watches.
                settled = await self._resume(self._begun)
        while settled is None or settled.turn.state is TurnState.QUEUED:
            await asyncio.sleep(self._retry_delay.total_seconds())
            async with self._tools.slots:
                settled = await self._attempt(settled.turn if settled else None)
        return settled

    async def _resume(self, begun: BegunTurn) -> SettledTurn:
        """Attach to an attempt that the runner may still have."""
        attempt = Attempt(begun.turn, self._tools.gate, findings=begun.findings)
        return await self._follow(attempt, from_index=begun.next_part)

    async def _attempt(self, previous: Turn | None) -> SettledTurn:
        """Write the next attempt down, ask the runner for it, follow it."""
        number = previous.attempt + 1 if previous else 1
        self._order = replace(self._order, attempt=number)
        turn = Turn(
            id=self._order.turn_id,
            kind=TurnKind.REVIEW,
            panelist_id=self._order.panelist_id,
            round=1,
            attempt=number,
            state=TurnState.RUNNING,
            start_time=self._tools.clock.now(),
        )
        attempt = Attempt(turn, self._tools.gate)
        await self._tools.log.append(*_beginning(turn, previous, self._tools.runner))
        if not self._tools.budget.take_turn():
            return await self._fail(attempt, TurnFailure("budget_exhausted"))
        self._tools.afoot.add(attempt.ref)
        failure = await self._ask()
        if failure is not None:
            return await self._fail(attempt, failure)
        return await self._follow(attempt, from_index=0)

    async def _ask(self) -> TurnFailure | None:
        """Start the attempt; return why it could not be."""
        deadline = self._tools.clock.monotonic() + _LONGEST_ABSENCE.total_seconds()
        while True:
            try:
                await self._tools.runner.start(self._order)
            except ResourceExhausted as error:
                # Another gateway's turns hold the slots; ours keeps its place.
                await asyncio.sleep((error.retry_after or _ASK_AGAIN).total_seconds())
            except Unavailable:
                if self._tools.clock.monotonic() > deadline:
                    return TurnFailure("unreachable")
                await asyncio.sleep(_ASK_AGAIN.total_seconds())
            except ServiceError as error:
                _log.error("turn.refused", reason=error.reason, **self._names())
                return TurnFailure("internal")
            else:
                return None

    async def _follow(self, attempt: Attempt, *, from_index: int) -> SettledTurn:
        """Write an attempt's parts down to its end, whatever that is."""
        try:
            end = await self._record(attempt, from_index=from_index)
        except UnfitAnswerError:
            return await self._give_up(attempt, "invalid_output")
        except _BrokenStreamError:
            return await self._give_up(attempt, "internal")
        if end is None:
            return await self._fail(attempt, TurnFailure("runner_lost"))
        return await self._end(attempt, end)

    async def _record(self, attempt: Attempt, *, from_index: int) -> EndPart | None:
        """Return the end once all before it is in the log, None without one."""
        async with aclosing(self._parts(attempt.ref, from_index)) as parts:
            async for part in parts:
                if isinstance(part, EndPart):
                    return part
                if isinstance(part, TextPart):
                    event = attempt.speak(part)
                else:
                    event = await asyncio.to_thread(attempt.add, part)
                await self._tools.log.append(event)
        return None

    async def _give_up(self, attempt: Attempt, reason: str) -> SettledTurn:
        """Fail an attempt that the runner still has."""
        await self._tools.afoot.end(attempt.ref)
        return await self._fail(attempt, TurnFailure(reason))

    async def _parts(self, ref: TurnRef, from_index: int) -> AsyncGenerator[TurnPart]:
        """Yield parts through cut streams; end early when the attempt is lost."""
        deadline: float | None = None
        while True:
            try:
                stream = self._tools.runner.attach(ref, from_index)
                async with aclosing(stream) as parts:
                    async for part in parts:
                        deadline = None
                        from_index = part.index + 1
                        yield part
            except NotFound:
                self._tools.afoot.discard(ref)
                return
            except Unavailable:
                _log.info("turn.cut", **self._names())
            except ServiceError as error:
                _log.error("turn.broken", reason=error.reason, **self._names())
                raise _BrokenStreamError from error
            now = self._tools.clock.monotonic()
            deadline = deadline or now + _LONGEST_ABSENCE.total_seconds()
            if now > deadline:
                return
            await asyncio.sleep(_ASK_AGAIN.total_seconds())

    async def _end(self, attempt: Attempt, part: EndPart) -> SettledTurn:
        self._tools.afoot.discard(attempt.ref)
        self._tools.budget.spend(part.usage)
        failure = part.outcome
        if isinstance(failure, TurnResult):
            try:
                settled, events = await asyncio.to_thread(
                    attempt.complete, part, failure, now=self._tools.clock.now()
                )
            except UnfitAnswerError:
                failure = TurnFailure("invalid_output")
            else:
                await self._tools.log.append(*events)
                return settled
        return await self._fail(attempt, failure, usage=part.usage)

    async def _fail(
        self, attempt: Attempt, failure: TurnFailure, *, usage: Usage | None = None
    ) -> SettledTurn:
        retry_delay = self._tools.retries.delay(
            failure.reason, attempt=attempt.ref.attempt, asked=failure.retry_delay
        )
        settled, events = attempt.fail(
            failure,
            usage or Usage(),
            now=self._tools.clock.now(),
            retry_delay=retry_delay,
        )
        await self._tools.log.append(*events)
        _log.info(
            "turn.failed",
            reason=failure.reason,
            attempt=attempt.ref.attempt,
            will_retry=retry_delay is not None,
            **self._names(),
        )
        self._retry_delay = retry_delay or timedelta(0)
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
