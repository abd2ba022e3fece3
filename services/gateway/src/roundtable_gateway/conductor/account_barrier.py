"""The barrier of an engine: while its account refuses, nothing is asked in vain."""

import asyncio
from datetime import timedelta

from roundtable_gateway.conductor.closure import Closure
from roundtable_gateway.conductor.naps import LONGEST_NAP
from roundtable_gateway.conductor.ports import RunnerWatch
from roundtable_gateway.conductor.rests import (
    AUTH_REQUIRED,
    RATE_LIMITED,
    RestPolicy,
)
from roundtable_gateway.domain.run import Account, Engine, Pause
from roundtable_gateway.domain.runner import RunnerState
from roundtable_kit.clock import Clock
from roundtable_kit.errors import ServiceError

# Turns that fail together each tell a time of their own; what differs by less is one.
_SAME_TIME = timedelta(seconds=5)
_NOW = timedelta(0)


class Passage:
    """Leave for one turn to be asked for."""


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
        self._closure: Closure | None = None
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
            due = pause.resume_time or now
            self._become(Closure(pause, since=now, rest_until=now, due=due))

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

    def lose(self, by: Passage) -> Pause | None:
        """Return the pause that a scout makes which never came to its account.

        It brings no news but that it is too early; None for one that is no scout.
        """
        if self._closure is None or self._scout is not by:
            return None
        return self.close(self._closure.pause.reason, asked=None, by=by)

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

    def _outdoes(self, reason: str, asked: timedelta | None, closure: Closure) -> bool:
        if reason != closure.pause.reason:
            # No reset time mends an account.
            return reason == AUTH_REQUIRED
        told = closure.pause.resume_time
        if asked is None or told is None:
            return False
        return self._clock.now() + asked > told + _SAME_TIME

    def _close(self, reason: str, asked: timedelta | None) -> Closure:
        now = self._clock.now()
        rest = self._rests.rest(self._rests_in_a_row)
        # What was asked is kept to, however long, and outdone where it did not help.
        due = now + max(asked or _NOW, rest)
        pause = Pause(reason, due if reason == RATE_LIMITED else None)
        closure = Closure(pause, since=now, rest_until=now + rest, due=due)
        self._become(closure)
        return closure

    def _become(self, closure: Closure | None) -> None:
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

    async def _left(self, closure: Closure) -> timedelta:
        """Return how long to wait before looking again; nothing when it is time."""
        left = closure.due - self._clock.now()
        is_limit_over = left <= _NOW and closure.pause.reason == RATE_LIMITED
        if is_limit_over or self._engine is Engine.REHEARSAL:
            return left
        state = await self._look()
        return closure.left(state, now=self._clock.now())

    async def _look(self) -> RunnerState | None:
        """Return what the runner says, None while it has no account of this engine."""
        try:
            state = await self._runner.look()
        except ServiceError:
            # It restarts; the account is as it was until it says otherwise.
            return None
        is_endpoint = state.account is Account.ENDPOINT
        is_ours = is_endpoint is (self._engine is Engine.ENDPOINT)
        return state if is_ours and state.account is not Account.NONE else None


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
