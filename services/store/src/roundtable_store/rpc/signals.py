"""Wakes watchers of a run when something of it has been committed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from roundtable_kit.errors import Unavailable


class RunSignals:
    """Who waits for which run; all of it on the loop."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._is_closed = False

    @property
    def watcher_count(self) -> int:
        """How many watch at present."""
        return sum(len(watchers) for watchers in self._watchers.values())

    @contextmanager
    def subscribe(self, run_id: str) -> Iterator["Watcher"]:
        """Provide a watcher that misses nothing from now on."""
        woken = asyncio.Event()
        self._watchers.setdefault(run_id, set()).add(woken)
        try:
            yield Watcher(self, woken)
        finally:
            self._watchers[run_id].discard(woken)
            if not self._watchers[run_id]:
                del self._watchers[run_id]

    def notify(self, run_ids: frozenset[str]) -> None:
        """Wake all who watch one of the runs."""
        for run_id in run_ids:
            for woken in self._watchers.get(run_id, ()):
                woken.set()

    def close(self) -> None:
        """End every watch, and each that comes."""
        self._is_closed = True
        self.notify(frozenset(self._watchers))

    def require_open(self) -> None:
        """Refuse to watch once closed (STORE_STOPPING)."""
        if self._is_closed:
            raise Unavailable("STORE_STOPPING", "The store is stopping.")


class Watcher:
    """One who waits for a run."""

    def __init__(self, signals: RunSignals, woken: asyncio.Event) -> None:
        self._signals = signals
        self._woken = woken

    def begin_look(self) -> None:
        """Forget what woke it: whatever comes from now on wakes it again."""
        self._signals.require_open()
        self._woken.clear()

    async def wait(self) -> None:
        """Return once something was committed since the last look began."""
        await self._woken.wait()
