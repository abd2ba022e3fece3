"""A run at its account's barrier: which turns wait, and what the log says of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from roundtable_gateway.conductor.account_barrier import AccountBarrier, Passage
from roundtable_gateway.conductor.rests import PAUSING_REASONS
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.conductor.turn_slots import TurnSlots
from roundtable_gateway.domain.event import NewEvent, RunPaused, RunResumed
from roundtable_gateway.domain.run import Pause, RunDetail, TurnState


class RunPause:
    """Brings turns past the barrier, and tells the log when the run waits and goes on.

    The run is paused while some turn of it waits at the closed barrier; a scout counts
    as waiting until it is answered. Turns that go on meanwhile are left alone.

    Args:
        log: None for a run that has ended: questions to it wait without a word, as each
            tells of its own next attempt.
        told: The pause that the log speaks of so far.
        slots: Turns that may go on at once; one that waits at the barrier holds none.
    """

    def __init__(
        self,
        log: RunLog | None,
        barrier: AccountBarrier,
        *,
        told: Pause | None,
        slots: TurnSlots,
    ) -> None:
        self._log = log
        self._barrier = barrier
        self._told = told
        self._slots = slots
        self._waiting: set[str] = set()
        self._telling = asyncio.Lock()

    @property
    def is_on(self) -> bool:
        """Whether the run waits, as far as it was noticed."""
        return self._told is not None

    @asynccontextmanager
    async def slot(self, turn_id: str) -> AsyncIterator[Passage]:
        """Provide a passage and a slot, once there are both."""
        while True:
            passage = await self._pass(turn_id)
            try:
                async with self._slots:
                    # It may have closed while all slots were taken.
                    if self._barrier.admits(passage):
                        yield passage
                        return
            finally:
                self._barrier.leave(passage)

    async def note_answer(self, turn_id: str, passage: Passage) -> None:
        """Let the others follow a turn that its account has let in."""
        self._barrier.open(passage)
        await self.forget(turn_id)

    def note_completion(self) -> None:
        """Tell the barrier that a turn was answered, whole."""
        self._barrier.note_answer()

    def refuse(
        self, reason: str, asked: timedelta | None, *, by: Passage | None
    ) -> Pause:
        """Close the barrier; return why, and until when if anybody knows."""
        return self._barrier.close(reason, asked=asked, by=by)

    def lose(self, passage: Passage) -> Pause | None:
        """Keep the barrier closed where a scout never came to its account.

        Return until when; None for a passage of no scout.
        """
        return self._barrier.lose(passage)

    async def forget(self, turn_id: str) -> None:
        """Count a turn among those that wait no longer."""
        self._waiting.discard(turn_id)
        await self.tell()

    async def tell(self) -> None:
        """Write down what has changed, once for all turns that notice."""
        async with self._telling:
            pause = self._barrier.pause if self._waiting else None
            if pause == self._told:
                return
            fact = RunResumed() if pause is None else RunPaused(pause)
            if self._log is not None:
                await self._log.append(NewEvent(fact))
            self._told = pause

    async def _pass(self, turn_id: str) -> Passage:
        self._waiting.add(turn_id)
        while True:
            seen = self._barrier.pause
            await self.tell()
            with self._slots.one_more_waiting():
                passage = await self._barrier.wait(seen)
            if passage is not None:
                if seen is None:
                    self._waiting.discard(turn_id)
                return passage


def pause_left_by(detail: RunDetail, *, now: datetime) -> Pause | None:
    """Return the pause in which a conductor before this one left a run.

    It may have gone between a turn's refusal and the word of the run's pause.
    """
    if detail.run.pause is not None:
        return detail.run.pause
    refused = [
        turn
        for turn in detail.turns
        if turn.state is TurnState.QUEUED and turn.reason in PAUSING_REASONS
    ]
    latest = max(
        refused, key=lambda turn: (turn.retry_time or now, turn.id), default=None
    )
    if latest is None or latest.retry_time is None or latest.retry_time <= now:
        return None
    return Pause(latest.reason or "", latest.retry_time)
