"""Drives one claimed run through its stages to its one end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import structlog

from roundtable_gateway.conductor.afoot import AttemptsAfoot
from roundtable_gateway.conductor.budget import BudgetMeter
from roundtable_gateway.conductor.ports import Claim, Progress
from roundtable_gateway.conductor.preparation import prepare
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.questions import answer, give_up
from roundtable_gateway.conductor.record import RunRecord
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.conductor.run_pause import RunPause, pause_left_by
from roundtable_gateway.conductor.run_tools import RunTools
from roundtable_gateway.conductor.turn_tools import TurnTools
from roundtable_gateway.conductor.walk import INTAKE_RAN, walk
from roundtable_gateway.domain.event import (
    NewEvent,
    RunCancelled,
    RunFact,
    RunFailed,
    RunStarted,
    TurnRef,
)
from roundtable_gateway.domain.run import Engine, RunState, Stage, TurnKind, TurnState
from roundtable_gateway.panel.sections import SectionTooLongError
from roundtable_kit.errors import Aborted, Unavailable

_log = structlog.get_logger()

_CANCELLED = RunCancelled("CANCELLED_BY_OWNER")

_T = TypeVar("_T")


class RunDriver:
    """Drives one claim; a driver that is cancelled leaves the run to others."""

    def __init__(self, claim: Claim, tools: RunTools) -> None:
        self._claim = claim
        self._run = claim.detail.run
        self._tools = tools
        self._record = RunRecord(claim)
        self._log = RunLog(claim, tools.ledger, self._record)
        self._afoot = AttemptsAfoot(
            self._run.id,
            claim.fencing_token,
            runner=tools.runner,
            models={
                TurnRef(turn.id, turn.attempt): turn.model
                for turn in claim.detail.turns
                if turn.state is TurnState.RUNNING
            },
        )
        self._barrier = tools.barriers.of(self._run.engine)
        self._pause = RunPause(
            None if self._run.state.is_ended else self._log,
            self._barrier,
            told=self._run.pause,
            slots=tools.slots,
        )
        self.cancel_requested = asyncio.Event()
        if claim.is_cancel_requested:
            self.cancel_requested.set()

    @property
    def engine(self) -> Engine:
        """What answers the run."""
        return self._run.engine

    @property
    def occasion(self) -> tuple[datetime | None, int]:
        """What it was claimed for: an opening of the run, or questions to it."""
        answers = [t for t in self._claim.detail.turns if t.kind is TurnKind.ANSWER]
        return self._run.reopen_time, len(answers)

    @property
    def is_paused(self) -> bool:
        """Whether the run waits for something outside."""
        return self._pause.is_on

    async def drive(self) -> None:
        """Return when the run has ended, or its questions are answered if it had.

        Raises an ExceptionGroup that holds Aborted when another conductor has the run.
        """
        has_ended = self._run.state.is_ended
        async with asyncio.TaskGroup() as helpers:
            writer = helpers.create_task(self._log.write(), name="run-log")
            keeper = helpers.create_task(self._keep_lease(), name="run-lease")
            try:
                await (self._answer_all() if has_ended else self._drive_to_end())
            finally:
                writer.cancel()
                keeper.cancel()
        if has_ended:
            await self._release()

    async def _drive_to_end(self) -> None:
        """Append the one terminal fact; nothing else in the conductor does."""
        end = await self._until_cancelled(self._walk_or_fail)
        events = await self._end_attempts()
        await self._log.append(*events, NewEvent(end or _CANCELLED))

    async def _answer_all(self) -> None:
        """Bring the questions to an end each; the run does not end again."""
        await self._until_cancelled(self._answer)
        if self.cancel_requested.is_set():
            # The record says all behind this append, whatever was being written.
            await self._log.append(*await self._end_attempts())
            await give_up(self._record, self._turn_tools(), reason="cancelled")

    async def _until_cancelled(self, work: Callable[[], Awaitable[_T]]) -> _T | None:
        """Return what the work comes to, None when it is told to stop."""
        if self.cancel_requested.is_set():
            return None
        working = asyncio.ensure_future(work())
        asked = asyncio.create_task(self.cancel_requested.wait(), name="run-cancel")
        try:
            await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            working.cancel()
            asked.cancel()
            await asyncio.gather(working, asked, return_exceptions=True)

    async def _end_attempts(self) -> list[NewEvent]:
        """End what the runner has of the run and return what the log is told of it."""
        ended = await self._afoot.end_all()
        for attempt in ended:
            self._tools.day.spend(attempt.usage)
        return [attempt.event() for attempt in ended]

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(self._tools.lease.total_seconds() / 3)
            try:
                is_cancel_requested = await self._tools.ledger.renew(
                    self._run.id,
                    fencing_token=self._claim.fencing_token,
                    lease=self._tools.lease,
                )
            except Unavailable:
                # The token, not the lease, keeps a second conductor out of the log.
                continue
            if is_cancel_requested:
                self.cancel_requested.set()

    async def _walk_or_fail(self) -> RunFact:
        """Walk the stages; a fault of ours ends the run, lest it repeat for ever."""
        try:
            if self._run.state is RunState.PENDING:
                self._log.note(Progress(Stage.REVIEW, (INTAKE_RAN,)))
                await self._log.append(NewEvent(RunStarted()))
            return await walk(await self._prepare())
        except SectionTooLongError:
            # The settings are others than when the run was created.
            return RunFailed("DOCUMENT_TOO_LONG_FOR_MODEL")
        except Exception:
            if self._log.is_closed:
                raise
            _log.exception("run.crashed", run_id=self._run.id)
            return RunFailed("INTERNAL")

    async def _answer(self) -> None:
        """Answer what was asked; a fault of ours fails it, lest it repeat for ever."""
        try:
            await answer(await self._prepare())
        except Exception:
            if self._log.is_closed:
                raise
            _log.exception("question.crashed", run_id=self._run.id)
            await give_up(self._record, self._turn_tools(), reason="internal")

    async def _release(self) -> None:
        """Give the lease back, so that the next question waits for nothing."""
        try:
            await self._tools.ledger.release(
                self._run.id, fencing_token=self._claim.fencing_token
            )
        except (Unavailable, Aborted):
            # It lapses, or the next question has been claimed meanwhile.
            return

    async def _prepare(self) -> Proceedings:
        left = pause_left_by(self._claim.detail, now=self._tools.clock.now())
        if left is not None:
            self._barrier.restore(left)
        return await prepare(
            self._record,
            self._turn_tools(),
            ledger=self._tools.ledger,
            window_tokens=self._tools.window_tokens,
        )

    def _turn_tools(self) -> TurnTools:
        return TurnTools(
            run=self._run,
            fencing_token=self._claim.fencing_token,
            log=self._log,
            runner=self._tools.runner,
            afoot=self._afoot,
            retries=self._tools.retries,
            budget=BudgetMeter(self._run.budget, self._run.usage, day=self._tools.day),
            clock=self._tools.clock,
            pause=self._pause,
        )
