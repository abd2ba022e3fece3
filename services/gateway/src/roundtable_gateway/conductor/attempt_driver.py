"""Drives one attempt to its end: asks for it, writes its parts down, settles it."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import structlog

from roundtable_gateway.conductor.attempt import Attempt
from roundtable_gateway.conductor.gate import UnfitAnswerError, UnfoundedAnswerError
from roundtable_gateway.conductor.parts import (
    EndPart,
    TextPart,
    TurnFailure,
    TurnOrder,
)
from roundtable_gateway.conductor.runner_line import BrokenStreamError, follow, start
from roundtable_gateway.conductor.turn_standing import Aftermath, TurnStanding
from roundtable_gateway.conductor.turn_tools import TurnTools
from roundtable_gateway.domain.run import Turn, Usage

_log = structlog.get_logger()

_BUDGET_EXHAUSTED = "budget_exhausted"
_UNFIT = TurnFailure("invalid_output")
_UNFOUNDED = TurnFailure("invalid_output", is_unfounded=True)


class AttemptDriver:
    """Drives an attempt that the log has the beginning of.

    Its methods return the turn as the attempt leaves it: succeeded, failed for good,
    or queued for another attempt.
    """

    def __init__(
        self, attempt: Attempt, tools: TurnTools, *, standing: TurnStanding
    ) -> None:
        self._attempt = attempt
        self._tools = tools
        self._standing = standing

    async def start(self, order: TurnOrder) -> Turn:
        """Ask the runner for the attempt, and follow it."""
        failure = await start(order, self._tools.runner, clock=self._tools.clock)
        if failure is not None:
            return await self._fail(failure)
        return await self.follow(from_index=0)

    async def follow(self, *, from_index: int) -> Turn:
        """Write the attempt's parts down to its end, whatever that is."""
        try:
            end = await self._record(from_index=from_index)
        except UnfitAnswerError:
            return await self._give_up(_UNFIT)
        except BrokenStreamError:
            return await self._give_up(TurnFailure("internal", is_ours=True))
        if end is None:
            return await self._fail(TurnFailure("runner_lost"))
        return await self._end(end)

    async def refuse(self) -> Turn:
        """Fail the attempt without asking: there is nothing left to pay it with."""
        nothing = Aftermath(is_free=True, retry=None)
        return await self._settle(_BUDGET_EXHAUSTED, nothing)

    async def _record(self, *, from_index: int) -> EndPart | None:
        """Return the end once all before it is in the log, None without one."""
        stream = follow(
            self._attempt.ref,
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
                    event = self._attempt.speak(part)
                else:
                    event = await asyncio.to_thread(self._attempt.add, part)
                await self._tools.log.append(event)
        return None

    async def _give_up(self, failure: TurnFailure) -> Turn:
        """Fail an attempt that the runner still has."""
        usage = await self._tools.afoot.end(self._attempt.ref)
        if usage is not None:
            self._tools.budget.spend(usage)
        return await self._fail(failure, usage=usage)

    async def _end(self, part: EndPart) -> Turn:
        self._tools.budget.spend(part.usage)
        if isinstance(part.outcome, TurnFailure):
            return await self._fail(part.outcome, usage=part.usage)
        now = self._tools.clock.now()
        try:
            turn, events = await asyncio.to_thread(
                self._attempt.complete, part, part.outcome, now=now
            )
        except UnfoundedAnswerError:
            return await self._fail(_UNFOUNDED, usage=part.usage)
        except UnfitAnswerError:
            return await self._fail(_UNFIT, usage=part.usage)
        await self._standing.note_completion()
        self._tools.afoot.discard(self._attempt.ref)
        await self._tools.log.append(*events)
        return turn

    async def _fail(self, failure: TurnFailure, *, usage: Usage | None = None) -> Turn:
        aftermath = await self._standing.judge(self._attempt, failure)
        return await self._settle(failure.reason, aftermath, usage=usage)

    async def _settle(
        self, reason: str, aftermath: Aftermath, *, usage: Usage | None = None
    ) -> Turn:
        ref = self._attempt.ref
        turn, events = self._attempt.fail(
            reason,
            replace(usage or Usage(), turns=0 if aftermath.is_free else 1),
            now=self._tools.clock.now(),
            retry=aftermath.retry,
        )
        if usage is None:
            self._tools.afoot.note_told(ref)
        else:
            self._tools.afoot.discard(ref)
        await self._tools.log.append(*events)
        _log.info(
            "turn.failed",
            reason=reason,
            attempt=ref.attempt,
            will_retry=aftermath.retry is not None,
            run_id=self._tools.run.id,
            turn_id=ref.turn_id,
        )
        return turn
