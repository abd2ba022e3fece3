"""Which failed attempts are tried again, and when.

An account that refuses (`rests.PAUSING_REASONS`) is no matter of attempts: the run
pauses. An answer that fits no schema was asked for again by the runner, in the same
turn; one that rests on nothing only the conductor can see. A request that was refused
would be refused again.
"""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from roundtable_gateway.conductor.parts import TurnFailure

# The world may be better in a moment.
_ATTEMPTS = {
    "overloaded": 5,
    "timeout": 3,
    "unreachable": 3,
    "cli_crashed": 3,
    "runner_lost": 3,
}
_ATTEMPTS_OF_OURS = 3
_ATTEMPTS_OF_UNFOUNDED = 2
_FIRST_DELAY = timedelta(seconds=1)
_GROWTH = 4


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Decides by a failure's reason; the random source spreads the delays."""

    random: Random

    def delay(self, failure: TurnFailure, *, attempt: int) -> timedelta | None:
        """Return how long to wait before the next attempt, None for no other.

        Args:
            failure: Why the attempt failed.
            attempt: Number of the attempt among those that count, from 1.
        """
        if attempt >= _attempts(failure):
            return None
        backoff = _FIRST_DELAY * float(_GROWTH ** (attempt - 1))
        spread = backoff * self.random.uniform(0.5, 1.0)
        return max(spread, failure.retry_delay or timedelta(0))


def _attempts(failure: TurnFailure) -> int:
    """Return how often a turn is asked at most that fails like this."""
    if failure.is_ours:
        return _ATTEMPTS_OF_OURS
    if failure.is_unfounded:
        return _ATTEMPTS_OF_UNFOUNDED
    return _ATTEMPTS.get(failure.reason, 1)
