"""The deadlines of one turn, as one timeout that moves."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import FailureReason


class Watchdog:
    """Waits for a message's first token, then from token to token.

    Args:
        deadlines: How long each of it may take.
        on_first_token: Called when the model speaks, more than once.
    """

    def __init__(
        self, deadlines: Deadlines, *, on_first_token: Callable[[], None]
    ) -> None:
        self._deadlines = deadlines
        self._on_first_token = on_first_token
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + deadlines.total.total_seconds()
        self._timeout = asyncio.timeout_at(self._limit(deadlines.first_token))
        self._had_token = False

    def watch(self) -> asyncio.Timeout:
        """Return the context in which the turn is watched."""
        return self._timeout

    def await_first_token(self) -> None:
        """Wait for a message's first token as long as that may take."""
        self._had_token = False
        self._move(self._deadlines.first_token)

    def alive(self, *, has_token: bool) -> None:
        """Note a sign of life; it buys time only in the middle of a message."""
        if has_token:
            self._had_token = True
            self._on_first_token()
            self._move(self._deadlines.idle)
        elif self._had_token:
            # The message is over, and another may follow.
            self.await_first_token()

    def failure(self, *, has_token: bool) -> TurnFailed:
        """Return which of the deadlines has struck."""
        if self._loop.time() >= self._end:
            what = f"The turn was not over after {_words(self._deadlines.total)}."
        elif has_token:
            what = f"The model fell silent for {_words(self._deadlines.idle)}."
        else:
            what = f"No word came within {_words(self._deadlines.first_token)}."
        return TurnFailed.because(FailureReason.TIMEOUT, what)

    def _move(self, patience: timedelta) -> None:
        if not self._timeout.expired():
            self._timeout.reschedule(self._limit(patience))

    def _limit(self, patience: timedelta) -> float:
        return min(self._loop.time() + patience.total_seconds(), self._end)


def _words(duration: timedelta) -> str:
    return f"{duration.total_seconds():g} s"
