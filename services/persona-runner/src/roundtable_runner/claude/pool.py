"""Processes started ahead, so that a turn finds one that is ready.

Each is generic (model, persona and schema are told to it by its turn), serves one turn
and is then discarded: nothing of one turn can be in another.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from roundtable_runner.claude.account import Access
from roundtable_runner.claude.fingerprint import Fingerprint, take_fingerprint
from roundtable_runner.claude.launching import CliLauncher
from roundtable_runner.claude.process import CliProcess
from roundtable_runner.claude.readiness import wait_until_ready

_log = structlog.get_logger()

# One may be ended by whoever needs memory; when a turn has been served it starts anew.
_FORGIVEN_DEATHS = 1

# Returns what turns to come will be paid with; None when there is nothing.
AccessSource = Callable[[], Awaitable[Access | None]]


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How the pool behaves.

    Attributes:
        size: Processes that are to wait; 0 for none.
        age: How long one may wait before another takes its place.
        look: How often the pool looks after itself without being told to.
        ready: How long a process may take to be ready.
        patience: How long refilling stands back for turns without a first token.
        pause: How long after a failed start the next one is tried, and after a death
            that follows on another with no turn served in between.
    """

    size: int
    age: timedelta = timedelta(minutes=30)
    look: timedelta = timedelta(seconds=5)
    ready: timedelta = timedelta(seconds=30)
    patience: timedelta = timedelta(seconds=5)
    pause: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Parked:
    process: CliProcess
    fingerprint: Fingerprint
    since: float


class WarmPool:
    """Keeps processes ready for the account of turns to come; used once each.

    Args:
        launcher: Starts them.
        source: Names the account they are started for.
        limits: How many, and for how long.
    """

    def __init__(
        self, launcher: CliLauncher, source: AccessSource, *, limits: PoolLimits
    ) -> None:
        self._launcher = launcher
        self._source = source
        self._limits = limits
        self._parked: deque[_Parked] = deque()
        self._hurry = asyncio.Event()
        self._in_wait: set[object] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._keeper: asyncio.Task[None] | None = None
        self._deaths = 0

    @property
    def warm(self) -> int:
        """Processes that wait for a turn."""
        return sum(parked.process.is_running for parked in self._parked)

    def start(self) -> None:
        """Begin to fill."""
        if self._limits.size:
            self._keeper = asyncio.create_task(self._keep(), name="warm-pool")

    async def stop(self) -> None:
        """Kill what waits; nothing is left behind."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        await self._discard(lambda _: True)

    async def take(self, access: Access) -> CliProcess:
        """Return a process for one turn; it is the caller's to kill.

        One that waited where there is one, else one that has just been started.
        Raises OSError when the machine can't start any.
        """
        wanted = take_fingerprint(access)
        self._hurry.set()
        for parked in list(self._parked):
            if parked.fingerprint == wanted and parked.process.is_running:
                self._parked.remove(parked)
                self._deaths = 0
                return parked.process
        return await self._launcher.start(access)

    def stand_back(self) -> Callable[[], None]:
        """Start nothing while a turn waits for its first token.

        What is returned says that it has come; again changes nothing.
        """
        turn = object()
        self._in_wait.add(turn)
        self._quiet.clear()

        def release() -> None:
            self._in_wait.discard(turn)
            if not self._in_wait:
                self._quiet.set()

        return release

    async def _keep(self) -> None:
        while True:
            self._hurry.clear()
            try:
                await self._look_after()
            except Exception as error:  # noqa: BLE001 - what fails once is tried again
                _log.error("pool.failed", error=type(error).__name__)
                await self._rest()
            # Woken by a turn, or to see what time has brought.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._limits.look.total_seconds()):
                    await self._hurry.wait()

    async def _look_after(self) -> None:
        access = await self._source()
        wanted = None if access is None else take_fingerprint(access)
        dead = sum(not parked.process.is_running for parked in self._parked)
        await self._discard(lambda parked: self._is_stale(parked, wanted))
        self._deaths += dead
        if dead and self._deaths > _FORGIVEN_DEATHS:
            # What can't live until it is wanted is not started over and over.
            _log.error("pool.died", deaths=self._deaths)
            await self._rest()
        elif access is not None and len(self._parked) < self._limits.size:
            await self._add(access)
            self._hurry.set()

    async def _rest(self) -> None:
        await asyncio.sleep(self._limits.pause.total_seconds())

    async def _add(self, access: Access) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.patience.total_seconds()):
                await self._quiet.wait()
        fingerprint = take_fingerprint(access)
        process = await self._launcher.start(access)
        try:
            async with asyncio.timeout(self._limits.ready.total_seconds()):
                await wait_until_ready(process)
        except BaseException:
            await process.kill()
            raise
        since = asyncio.get_running_loop().time()
        self._parked.append(_Parked(process, fingerprint, since))

    def _is_stale(self, parked: _Parked, wanted: Fingerprint | None) -> bool:
        age = asyncio.get_running_loop().time() - parked.since
        return (
            parked.fingerprint != wanted
            or not parked.process.is_running
            or age > self._limits.age.total_seconds()
        )

    async def _discard(self, is_unwanted: Callable[[_Parked], bool]) -> None:
        for parked in [parked for parked in self._parked if is_unwanted(parked)]:
            # Gone meanwhile: a turn has taken it.
            if parked in self._parked:
                self._parked.remove(parked)
                await parked.process.kill()
