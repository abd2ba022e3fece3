"""One closing of an account's barrier: what it waits for, and for how long. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from roundtable_gateway.conductor.rests import AUTH_REQUIRED, LONGEST_REST
from roundtable_gateway.domain.run import Account, Pause
from roundtable_gateway.domain.runner import RunnerState

_LOOK_AGAIN = timedelta(seconds=2)
_NOW = timedelta(0)


@dataclass(slots=True)
class Closure:
    """Learns from what the runner says of its account while nothing is asked.

    Attributes:
        pause: What viewers are told.
        since: When it was closed.
        rest_until: Nothing is asked before, unless the account is seen to be another.
        due: When it is time whatever the runner says of a limit.
        account: Whose refusal this is, as the first look found it.
        was_out: Whether the runner was seen without a working account meanwhile.
    """

    pause: Pause
    since: datetime
    rest_until: datetime
    due: datetime
    account: tuple[Account, datetime] | None = None
    was_out: bool = False

    def left(self, state: RunnerState | None, *, now: datetime) -> timedelta:
        """Return how long to wait before the next look; nothing when it is time.

        Args:
            state: What the runner says; None while it has no account of the engine.
            now: The moment of the look.
        """
        is_another = state is not None and self._is_another(state)
        if self.pause.reason == AUTH_REQUIRED:
            return self._left_of_trouble(state, is_another=is_another, now=now)
        return self._left_of_limit(state, is_another=is_another, now=now)

    def _is_another(self, state: RunnerState) -> bool:
        account = state.account, state.since
        if self.account is None:
            self.account = account
        return account != self.account

    def _left_of_limit(
        self, state: RunnerState | None, *, is_another: bool, now: datetime
    ) -> timedelta:
        if state is not None and state.is_working is not False:
            is_open = state.limit_reset_time is None and now >= self.rest_until
            if is_another or is_open:
                return _NOW
        return min(self.due - now, _LOOK_AGAIN)

    def _left_of_trouble(
        self, state: RunnerState | None, *, is_another: bool, now: datetime
    ) -> timedelta:
        if state is None:
            self.was_out = True
            return _LOOK_AGAIN
        if state.is_working is False:
            self.was_out = True
            # Somebody may mend it where the runner can't see, at the provider's.
            is_worth_a_try = now - self.since >= LONGEST_REST
            return _NOW if is_worth_a_try else _LOOK_AGAIN
        is_mended = self.was_out or is_another
        return _NOW if is_mended else min(self.due - now, _LOOK_AGAIN)
