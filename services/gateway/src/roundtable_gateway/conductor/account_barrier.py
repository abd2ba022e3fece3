"""The barrier of an engine: while its account refuses, nothing is asked in vain."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from roundtable_gateway.conductor.naps import LONGEST_NAP
from roundtable_gateway.conductor.ports import RunnerWatch
from roundtable_gateway.conductor.rests import (
    AUTH_REQUIRED,
    LONGEST_REST,
    RATE_LIMITED,
    RestPolicy,
)
from roundtable_gateway.domain.run import Account, Engine, Pause
from roundtable_kit.clock import Clock
from roundtable_kit.errors import ServiceError

_LOOK_AGAIN = timedelta(seconds=2)
# Turns that fail together each tell a time of their own; what differs by less is one.
_SAME_TIME = timedelta(seconds=5)
_NOW = timedelta(0)


class Passage:
    """Leave for one turn to be asked for."""


@dataclass(slots=True)
class _Closure:
    """A pause from the inside.

    Attributes:
        pause: What viewers are told.
        earliest: Nothing is asked before, unless the account is seen to have changed.
        was_out: Whether the runner was seen without a working account meanwhile.
    """

    pause: Pause
    earliest: datetime
    since: datetime
    was_out: bool = False


class AccountBarrier:
    """Lets the turns of one engine pass, over all runs of this gateway.

    A turn that its account refused closes it. When the reason may have gone, one turn
    goes first, the scout; the others follow as soon as it is answered, and wait on if
    it is refused, too. Whoever waits first looks after time and account: the barrier
    has no task of its own.
    """

    def __init__(
        self, engine: Engine, *, runner: RunnerWatch, rests: RestPolicy, clock: Clock
    ) -> None:
        self._engine = engine
        self._runner = runner
        self._rests = rests
        self._clock = clock
        self._closure: _Closure | None = None
        self._scout: Passage | None = None
        self._is_scout_off = False
        self._rests_in_a_row = 0
        self._changed = asyncio.Event()

    @property
    def pause(self) -> Pause | None:
        """Why turns wait; None while they pass."""
        return None if self._closure is None else self._closure.pause

    def restore(self, pause: Pause) -> None:
        """Close again for a pause that a conductor before this one has told of."""
        if self._closure is None:
            now = self._clock.now()
            self._become(_Closure(pause, pause.resume_time or now, since=now))

    def admits(self, passage: Passage) -> bool:
        """Return whether a passage still holds."""
        return self._closure is None or self._scout is passage

    async def wait(self, seen: Pause | None) -> Passage | None:
        """Return leave to pass, or None as soon as the pause is not the one seen."""
        if seen is None:
            return Passage() if self._closure is None else None
        while self._scout is not None and self.pause is seen:
            await self._wait_for_change(None)
        if self.pause is not seen:
            return None
        scout = self._scout = Passage()
        try:
            self._is_scout_off = await self._until_due()
        finally:
            if not self._is_scout_off:
                self.leave(scout)
        return scout if self._is_scout_off else None

    def close(
        self, reason: str, *, asked: timedelta | None, by: Passage | None
    ) -> Pause:
        """Return the pause that a refused turn makes or finds.

        Args:
            reason: One of `PAUSING_REASONS`.
            asked: How long the account asked to wait, if it did.
            by: What the turn passed with; None for one of a conductor before this one.
        """
        closure = self._closure
        if closure is None or (by is not None and self._scout is by):
            self._rests_in_a_row += 1
            self._scout = None
            closure = self._close(reason, asked)
        elif not self._is_scout_off and self._outdoes(reason, asked, closure):
            closure = self._close(reason, asked)
        return closure.pause

    def open(self, by: Passage) -> None:
        """Let all turns pass, if the scout brings the news."""
        if self._scout is by:
            self._scout = None
            self._become(None)

    def leave(self, passage: Passage) -> None:
        """Make room for another scout where this one brings no news."""
        if self._scout is passage:
            self._scout = None
            self._is_scout_off = False
            self._tell_all()

    def note_answer(self) -> None:
        """Begin anew with short rests: a turn was answered."""
        if self._closure is None:
            self._rests_in_a_row = 0

    def _outdoes(self, reason: str, asked: timedelta | None, closure: _Closure) -> bool:
        if reason != closure.pause.reason:
            # No reset time mends an account.
            return reason == AUTH_REQUIRED
        told = closure.pause.resume_time
        if asked is None or told is None:
            return False
        return self._clock.now() + asked > told + _SAME_TIME

    def _close(self, reason: str, asked: timedelta | None) -> _Closure:
        now = self._clock.now()
        earliest = now + self._rests.rest(self._rests_in_a_row, asked=asked)
        resume_time = earliest if reason == RATE_LIMITED else None
        closure = _Closure(Pause(reason, resume_time), earliest, since=now)
        self._become(closure)
        return closure

    def _become(self, closure: _Closure | None) -> None:
        self._closure = closure
        self._is_scout_off = False
        self._tell_all()

    def _tell_all(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _wait_for_change(self, at_most: timedelta | None) -> None:
        seconds = None if at_most is None else at_most.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _until_due(self) -> bool:
        """Return True when a turn may be asked for, False when the pause is another."""
        closure = self._closure
        while closure is not None and self._closure is closure:
            left = await self._left(closure)
            if left <= _NOW:
                return self._closure is closure
            await self._wait_for_change(min(left, LONGEST_NAP))
        return False

    async def _left(self, closure: _Closure) -> timedelta:
        """Return how long to wait before looking again; nothing when it is time."""
        now = self._clock.now()
        if closure.pause.reason != AUTH_REQUIRED:
            return closure.earliest - now
        is_there, is_working = await self._look()
        if not is_there or is_working is False:
            closure.was_out = True
        if not is_there:
            return _LOOK_AGAIN
        if is_working is False:
            # Somebody may mend it where the runner can't see, at the provider's.
            is_worth_a_try = now - closure.since >= LONGEST_REST
            return _NOW if is_worth_a_try else _LOOK_AGAIN
        return _NOW if closure.was_out else min(closure.earliest - now, _LOOK_AGAIN)

    async def _look(self) -> tuple[bool, bool | None]:
        """Return whether the runner has an account of this engine, and if it works."""
        if self._engine is Engine.REHEARSAL:
            return True, None
        try:
            state = await self._runner.look()
        except ServiceError:
            # It restarts; the account is as it was until it says otherwise.
            return False, None
        if state.account is Account.NONE:
            return False, None
        is_endpoint = state.account is Account.ENDPOINT
        return is_endpoint is (self._engine is Engine.ENDPOINT), state.is_working


class AccountBarriers:
    """The barriers of all engines, made as they are asked for."""

    def __init__(self, *, runner: RunnerWatch, rests: RestPolicy, clock: Clock) -> None:
        self._runner = runner
        self._rests = rests
        self._clock = clock
        self._barriers: dict[Engine, AccountBarrier] = {}

    def of(self, engine: Engine) -> AccountBarrier:
        """Return an engine's barrier."""
        if engine not in self._barriers:
            self._barriers[engine] = AccountBarrier(
                engine, runner=self._runner, rests=self._rests, clock=self._clock
            )
        return self._barriers[engine]
