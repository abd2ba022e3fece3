"""Drives one turn to its end, attempt by attempt."""

from roundtable_gateway.conductor.attempt import Attempt
from roundtable_gateway.conductor.attempt_driver import AttemptDriver
from roundtable_gateway.conductor.naps import sleep_until
from roundtable_gateway.conductor.parts import TurnOrder
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.conductor.record import BegunTurn
from roundtable_gateway.conductor.turn_standing import TurnStanding
from roundtable_gateway.conductor.turn_tools import TurnTools
from roundtable_gateway.domain.event import (
    NewEvent,
    TurnRef,
    TurnStarted,
    TurnSuperseded,
)
from roundtable_gateway.domain.run import Turn, TurnState


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
                settled = await self._ask(previous)
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
        driver = self._driver(attempt)
        if begun.next_part == 0:
            # Whoever wrote it down may have gone before the runner was asked; where it
            # was, asking again changes nothing.
            return await driver.start(self._order(begun.turn.attempt))
        return await driver.follow(from_index=begun.next_part)

    async def _ask(self, previous: Turn | None) -> Turn:
        """Write the next attempt down, ask the runner for it, follow it."""
        turn = self._plan.begin(
            attempt=previous.attempt + 1 if previous else 1,
            paused_attempts=_paused_attempts(previous),
            now=self._tools.clock.now(),
        )
        attempt = Attempt(turn, self._plan.settlement)
        is_affordable = await self._tools.budget.take_turn()
        await self._tools.log.append(*tell_begin(turn, previous, self._tools.runner))
        if not is_affordable:
            return await self._driver(attempt).refuse()
        self._tools.afoot.add(attempt.ref, turn.model)
        return await self._driver(attempt).start(self._order(turn.attempt))

    def _driver(self, attempt: Attempt) -> AttemptDriver:
        return AttemptDriver(attempt, self._tools, standing=self._standing)

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


def tell_begin(turn: Turn, previous: Turn | None, runner: TurnRunner) -> list[NewEvent]:
    """Return what the log is told of an attempt that begins, behind another if any."""
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
