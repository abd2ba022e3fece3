"""What failures say of an account, and how long a refusing one is left alone. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

AUTH_REQUIRED = "auth_required"
RATE_LIMITED = "rate_limited"

# The account refuses whatever is asked: no attempt of any turn would fare better.
PAUSING_REASONS = frozenset({AUTH_REQUIRED, RATE_LIMITED})

# The account has let the turn in; whatever went wrong was not its refusal.
ANSWERED_REASONS = frozenset(
    {
        "invalid_output",
        "refused",
        "output_too_long",
        "context_too_long",
        "model_not_found",
        "overloaded",
    }
)

_FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class RestPolicy:
    """Lets rests grow while nothing is answered; the random source spreads them."""

    random: Random

    def rest(self, number: int) -> timedelta:
        """Return how long to ask nothing, given how many rests in a row this makes."""
        backoff = _FIRST_REST
        for _ in range(number - 1):
            backoff = min(backoff * 2, LONGEST_REST)
        return backoff * self.random.uniform(0.5, 1.0)
