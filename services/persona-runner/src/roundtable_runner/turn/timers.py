"""Time as an event loop offers it, passed in so that tests can hold it."""

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Call nothing."""
        ...


class Timers(Protocol):
    """What an event loop offers of time; a loop is one."""

    def time(self) -> float:
        """Return the loop's time in seconds."""
        ...

    def call_at(self, when: float, callback: Callable[[], object], /) -> Timer:
        """Call back at a time of the loop."""
        ...
