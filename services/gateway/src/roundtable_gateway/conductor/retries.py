"""Which failed attempts are tried again, and when."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

# The world may be better in a moment.
_TRANSIENT = frozenset(
    {
        "rate_limited",
        "overloaded",
        "timeout",
        "unreachable",
        "cli_crashed",
        "runner_lost",
        "internal",
    }
)
_TRANSIENT_ATTEMPTS = 3
# The same question may get a better answer once; a third time it rarely does.
_INVALID_OUTPUT_ATTEMPTS = 2
_FIRST_DELAY = timedelta(seconds=1)
_GROWTH = 4
# Beyond this a run would rather end with what it has.
_LONGEST_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Decides by a failure's reason; the random source spreads the delays."""

    random: Random

    def delay(
        self, reason: str, *, attempt: int, asked: timedelta | None
    ) -> timedelta | None:
        """Return how long to wait before the next attempt, None for no other.

        Args:
            reason: One of the contract's reasons of a failed turn.
            attempt: Number of the attempt that failed, from 1.
            asked: How long the endpoint asked to wait, if it did.
        """
        if reason == "invalid_output":
            return timedelta(0) if attempt < _INVALID_OUTPUT_ATTEMPTS else None
        if reason not in _TRANSIENT or attempt >= _TRANSIENT_ATTEMPTS:
            return None
        if asked is not None:
            return asked if asked <= _LONGEST_DELAY else None
        backoff = _FIRST_DELAY * float(_GROWTH ** (attempt - 1))
        return backoff * self.random.uniform(0.5, 1.0)
