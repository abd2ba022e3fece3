"""Finds runs to drive and drives them: new ones at once, others' when they lapse."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog

from roundtable_gateway.conductor.ports import Claim
from roundtable_gateway.conductor.run_driver import RunDriver
from roundtable_gateway.conductor.run_tools import RunTools
from roundtable_gateway.domain.event import NewEvent, RunQueued
from roundtable_gateway.domain.run import Engine
from roundtable_kit.errors import Aborted, ServiceError

_log = structlog.get_logger()

_LOOK_AGAIN = timedelta(seconds=2)
_SEQUENCE_OF_CREATION = 1
# Runs in a pause do nothing, but each holds its document in memory: of an engine no
# more are driven than so many times those that go on at once.
_PAUSED_SHARE = 4


@dataclass(frozen=True, slots=True)
class _Driving:
    driver: RunDriver
    task: asyncio.Task[None]


class Conductor:
    """Drives up to `runs_at_once` runs of the store.

    Runs in a pause make room for others; those of their own engine up to a limit.

    Args:
        holder: Name of this gateway's place, the same over its restarts, so that a
            restarted gateway takes its own runs back at once.
        incarnation: Name of this very process.
    """

    def __init__(
        self, tools: RunTools, *, holder: str, incarnation: str, runs_at_once: int
    ) -> None:
        self._tools = tools
        self._holder = holder
        self._incarnation = incarnation
        self._runs_at_once = runs_at_once
        self._driving: dict[str, _Driving] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._new_run_ids: set[str] = set()
        self._cancelled_run_ids: set[str] = set()
        self._wake = asyncio.Event()

    def start(self) -> None:
        """Look for runs from now on, this gateway's own of before first."""
        self._own(asyncio.create_task(self._look(), name="conductor"))

    async def stop(self) -> None:
        """Let go of all runs as they are; their turns go on in the runner.

        Their leases stay with this holder, which takes them back when it is up again.
        """
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def notice_new_run(self, run_id: str) -> None:
        """Look for work now: a run has been created."""
        self._new_run_ids.add(run_id)
        self._wake.set()

    def notice_cancel(self, run_id: str) -> None:
        """End a run now if this gateway drives it or nobody does.

        Another gateway that drives it hears of it when it prolongs its lease.
        """
        driving = self._driving.get(run_id)
        if driving is not None:
            driving.driver.cancel_requested.set()
            return
        self._cancelled_run_ids.add(run_id)
        self._wake.set()

    def _own(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._end_cancelled()
                await self._claim_all()
                await self._queue_the_rest()
            except ServiceError as error:
                _log.warning("claim.failed", reason=error.reason)
            except Exception:  # noqa: BLE001 - one run that can't be read must not stop the others
                _log.exception("claim.crashed")
            try:
                async with asyncio.timeout(_LOOK_AGAIN.total_seconds()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _end_cancelled(self) -> None:
        """End runs that wait for room: that needs none."""
        while self._cancelled_run_ids:
            run_id = self._cancelled_run_ids.pop()
            driving = self._driving.get(run_id)
            if driving is not None:
                # It was being claimed when the cancel came.
                driving.driver.cancel_requested.set()
                continue
            claim = await self._claim(run_id)
            if claim is not None:
                await self._drive(claim)

    async def _claim_all(self) -> None:
        while self._has_room():
            claim = await self._claim(except_engines=self._full_engines())
            if claim is None:
                return
            await self._drive(claim)

    def _has_room(self) -> bool:
        driving = self._driving.values()
        going_on = sum(not each.driver.is_paused for each in driving)
        return going_on < self._runs_at_once

    def _full_engines(self) -> list[Engine]:
        most = self._runs_at_once * _PAUSED_SHARE
        driven = Counter(each.driver.engine for each in self._driving.values())
        return [engine for engine, count in driven.items() if count >= most]

    async def _queue_the_rest(self) -> None:
        """Tell the viewers of new runs that there is no room for them yet."""
        while self._new_run_ids:
            claim = await self._claim(self._new_run_ids.pop())
            if claim is not None:
                await self._queue(claim)

    async def _queue(self, claim: Claim) -> None:
        run = claim.detail.run
        try:
            if run.last_sequence == _SEQUENCE_OF_CREATION:
                await self._tools.ledger.append(
                    run.id,
                    fencing_token=claim.fencing_token,
                    first_index=claim.next_index,
                    events=[NewEvent(RunQueued())],
                    progress=None,
                )
        finally:
            await self._tools.ledger.release(run.id, fencing_token=claim.fencing_token)

    async def _claim(
        self, run_id: str | None = None, *, except_engines: Collection[Engine] = ()
    ) -> Claim | None:
        return await self._tools.ledger.claim(
            holder=self._holder,
            incarnation=self._incarnation,
            lease=self._tools.lease,
            run_id=run_id,
            except_engines=except_engines,
        )

    async def _drive(self, claim: Claim) -> None:
        run_id = claim.detail.run.id
        self._new_run_ids.discard(run_id)
        driver = RunDriver(claim, self._tools)
        # After a pause longer than the lease (a laptop's sleep) our own run is handed
        # to us again; the driver of before is shut out by the new token.
        before = self._driving.get(run_id)
        if before is not None:
            before.task.cancel()
            await asyncio.gather(before.task, return_exceptions=True)
            _hand_wish_on(before.driver, to=driver)
        task = asyncio.create_task(self._guard(driver, claim), name=run_id)
        self._driving[run_id] = _Driving(driver, task)
        self._own(task)

    async def _guard(self, driver: RunDriver, claim: Claim) -> None:
        """Drive a run and say what came of it."""
        run_id = claim.detail.run.id
        _log.info("run.claimed", run_id=run_id, fencing_token=claim.fencing_token)
        try:
            await driver.drive()
        except* Aborted:
            _log.warning("run.lost", run_id=run_id)
        except* Exception:  # noqa: BLE001 - this task's supervisor
            # The lease lapses, and the run is claimed again from where its log ends.
            _log.exception("run.dropped", run_id=run_id)
        else:
            _log.info("run.ended", run_id=run_id)
        finally:
            del self._driving[run_id]
            self._wake.set()


def _hand_wish_on(before: RunDriver, *, to: RunDriver) -> None:
    """Have a wish to cancel outlive its driver, but not what it was of.

    A run that was opened again or asked something since is not to end for it.
    """
    if before.cancel_requested.is_set() and before.occasion == to.occasion:
        to.cancel_requested.set()
