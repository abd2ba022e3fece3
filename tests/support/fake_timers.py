"""An event loop's time in a test's hands."""

from collections.abc import Callable


class FakeTimers:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = 0.0
        self._timers: list[_FakeTimer] = []

    def time(self) -> float:
        """Return the time."""
        return self._now

    def call_at(self, when: float, callback: Callable[[], object], /) -> "_FakeTimer":
        """Call back when the time is moved to or past a moment."""
        timer = _FakeTimer(when, callback)
        self._timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Move the time, calling back what falls due on the way."""
        end = self._now + seconds
        while due := [timer for timer in self._timers if timer.is_due(end)]:
            timer = min(due, key=lambda timer: timer.when)
            self._timers.remove(timer)
            self._now = max(self._now, timer.when)
            timer.callback()
        self._now = end


class _FakeTimer:
    def __init__(self, when: float, callback: Callable[[], object]) -> None:
        self.when = when
        self.callback = callback
        self._is_cancelled = False

    def cancel(self) -> None:
        """Call nothing."""
        self._is_cancelled = True

    def is_due(self, moment: float) -> bool:
        """Tell whether to call back at a moment."""
        return not self._is_cancelled and self.when <= moment
