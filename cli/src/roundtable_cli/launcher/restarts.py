"""Decides whether a service that died is started again, and after what wait."""

from collections import deque
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class RestartPolicy:
    """How often a service may die and how long each restart waits.

    Attributes:
        limit: Deaths within the window that are forgiven.
        window: How long a death counts.
        first_delay: Wait before the first restart; it doubles with each death.
    """

    limit: int = 5
    window: timedelta = timedelta(minutes=1)
    first_delay: timedelta = timedelta(milliseconds=500)


class Restarts:
    """The deaths of one service."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._policy = policy
        self._deaths: deque[float] = deque()

    def delay_after_death(self, now: float) -> timedelta | None:
        """Count a death and return the wait before the restart, None if there is none.

        Args:
            now: Seconds on a clock that only goes forward.
        """
        oldest = now - self._policy.window.total_seconds()
        while self._deaths and self._deaths[0] <= oldest:
            self._deaths.popleft()
        self._deaths.append(now)
        deaths = len(self._deaths)
        if deaths > self._policy.limit:
            return None
        return self._policy.first_delay * (1 << (deaths - 1))
