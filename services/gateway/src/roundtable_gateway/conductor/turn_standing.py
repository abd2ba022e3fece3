"""How a turn stands with its account: leave to ask, and what comes of a failure."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roundtable_gateway.conductor.account_barrier import Passage
from roundtable_gateway.conductor.attempt import Attempt, Retry
from roundtable_gateway.conductor.budget import BudgetMeter
from roundtable_gateway.conductor.parts import TurnFailure
from roundtable_gateway.conductor.rests import ANSWERED_REASONS, PAUSING_REASONS
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_pause import RunPause
from roundtable_kit.clock import Clock

# A scout that is lost on the way is nobody's turn, but may have cost something.
_FREE_SCOUTINGS = 5


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What comes of a failed attempt.

    Attributes:
        is_free: Whether it counts towards no limit.
        retry: The next attempt; None for no other.
    """

    is_free: bool
    retry: Retry | None


class TurnStanding:
    """Brings one turn's attempts past the barrier, and its news of the account there.

    Args:
        pause: The run's.
        retries: Decides on failures that are no matter of the account.
    """

    def __init__(
        self,
        turn_id: str,
        *,
        pause: RunPause,
        retries: RetryPolicy,
        budget: BudgetMeter,
        clock: Clock,
    ) -> None:
        self._turn_id = turn_id
        self._pause = pause
        self._retries = retries
        self._budget = budget
        self._clock = clock
        self._passage: Passage | None = None
        self._free_scoutings = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Provide leave to ask and a slot, once there are both."""
        async with self._pause.slot(self._turn_id) as passage:
            self._passage = passage
            yield

    async def note_answer(self) -> None:
        """Let those at the barrier know that the account has let the turn in."""
        passage, self._passage = self._passage, None
        if passage is not None:
            await self._pause.note_answer(self._turn_id, passage)

    async def note_completion(self) -> None:
        """Let them know that it was answered, whole."""
        await self.note_answer()
        self._pause.note_completion()

    async def judge(self, attempt: Attempt, failure: TurnFailure) -> Aftermath:
        """Return what comes of a failure, for this turn and those at the barrier."""
        if failure.reason in PAUSING_REASONS:
            passage, self._passage = self._passage, None
            pause = self._pause.refuse(failure.reason, failure.retry_delay, by=passage)
            return self._free(attempt, Retry(pause.resume_time))
        if failure.reason in ANSWERED_REASONS:
            await self.note_answer()
        lost = self._lose_scout()
        if lost is not None and self._free_scoutings < _FREE_SCOUTINGS:
            self._free_scoutings += 1
            return self._free(attempt, lost)
        delay = self._retries.delay(failure, attempt=attempt.counted)
        retry = None if delay is None else Retry(self._clock.now() + delay)
        return Aftermath(is_free=False, retry=retry)

    async def end(self) -> None:
        """Wait for nothing any more."""
        await self._pause.forget(self._turn_id)

    def _lose_scout(self) -> Retry | None:
        """Return when the next may go, where this one never came to its account."""
        passage, self._passage = self._passage, None
        pause = None if passage is None else self._pause.lose(passage)
        return None if pause is None else Retry(pause.resume_time)

    def _free(self, attempt: Attempt, retry: Retry) -> Aftermath:
        self._budget.give_turn_back(attempt.start_time)
        return Aftermath(is_free=True, retry=retry)
