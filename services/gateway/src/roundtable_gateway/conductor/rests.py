"""Which failures make an engine rest, and for how long. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

AUTH_REQUIRED = "auth_required"
RATE_LIMITED = "rate_limited"

# The account refuses whatever is asked: no attempt of any turn would fare better.
PAUSING_REASONS = frozenset({AUTH_REQUIRED, RATE_LIMITED})

_FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RestPolicy:
    """Lets rests grow while nothing is answered; the random source spreads them."""

    random: Random

    def rest(self, number: int, *, asked: timedelta | None) -> timedelta:
        """Return how long to ask nothing.

        Args:
            number: How many rests in a row this makes, from 1.
            asked: How long the account asked to wait, if it did; kept to, however
                long, and outdone where keeping to it did not help.
        """
        backoff = _FIRST_REST
        for _ in range(number - 1):
            backoff = min(backoff * 2, LONGEST_REST)
        return max(asked or timedelta(0), backoff * self.random.uniform(0.5, 1.0))
