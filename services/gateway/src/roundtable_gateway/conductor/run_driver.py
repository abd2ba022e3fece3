"""Drives one claimed run through its stages to its one end."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from roundtable_gateway.conductor.account_barrier import AccountBarriers
from roundtable_gateway.conductor.afoot import AttemptsAfoot
from roundtable_gateway.conductor.budget import BudgetMeter, DayBudget
from roundtable_gateway.conductor.conclusion import INTAKE_RAN, End, conclude
from roundtable_gateway.conductor.gate import Gate
from roundtable_gateway.conductor.parts import TurnOrder
from roundtable_gateway.conductor.ports import Claim, Ledger, Progress, TurnRunner
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.conductor.run_pause import RunPause, pause_left_by
from roundtable_gateway.conductor.tasks import ReadingSeat, ReviewTask, Subject
from roundtable_gateway.conductor.turn_driver import BegunTurn, TurnDriver, TurnTools
from roundtable_gateway.conductor.turn_slots import TurnSlots
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import (
    NewEvent,
    RunCancelled,
    RunFailed,
    RunStarted,
    TurnRef,
)
from roundtable_gateway.domain.run import Engine, Panelist, RunState, Stage, TurnState
from roundtable_gateway.panel.criteria import owned_criteria
from roundtable_kit.clock import Clock
from roundtable_kit.errors import Unavailable

_log = structlog.get_logger()

_ASK_AGAIN = timedelta(seconds=0.5)


@dataclass(frozen=True, slots=True)
class RunTools:
    """What all runs of a conductor share.

    Attributes:
        lease: How long a claim lasts; it is prolonged three times as often.
        slots: Turns that may go on at once over all runs.
        barriers: Where turns wait while an account refuses.
        day: What all runs may spend in a day.
    """

    ledger: Ledger
    runner: TurnRunner
    retries: RetryPolicy
    clock: Clock
    lease: timedelta
    slots: TurnSlots
    barriers: AccountBarriers
    day: DayBudget


class RunDriver:
    """Drives one claim; a driver that is cancelled leaves the run to others."""

    def __init__(self, claim: Claim, tools: RunTools) -> None:
        self._claim = claim
        self._run = claim.detail.run
        self._tools = tools
        self._log = RunLog(claim, tools.ledger)
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
            self._log, self._barrier, told=self._run.pause, slots=tools.slots
        )
        self.cancel_requested = asyncio.Event()
        if claim.is_cancel_requested:
            self.cancel_requested.set()

    @property
    def engine(self) -> Engine:
        """What answers the run."""
        return self._run.engine

    @property
    def is_paused(self) -> bool:
        """Whether the run waits for something outside."""
        return self._pause.is_on

    async def drive(self) -> None:
        """Return when the run has ended.

        Raises an ExceptionGroup that holds Aborted when another conductor has the run.
        """
        async with asyncio.TaskGroup() as helpers:
            writer = helpers.create_task(self._log.write(), name="run-log")
            keeper = helpers.create_task(self._keep_lease(), name="run-lease")
            try:
                await self._drive_to_end()
            finally:
                writer.cancel()
                keeper.cancel()

    async def _drive_to_end(self) -> None:
        """Append the one terminal fact; nothing else in the conductor does."""
        end = None
        if not self.cancel_requested.is_set():
            end = await self._walk_until_cancelled()
        ended = await self._afoot.end_all()
        for attempt in ended:
            self._tools.day.spend(attempt.usage)
        facts = (RunCancelled("CANCELLED_BY_OWNER"),) if end is None else end.facts
        progress = None if end is None else end.progress
        events = [*(attempt.event() for attempt in ended), *map(NewEvent, facts)]
        await self._log.append(*events, progress=progress)

    async def _walk_until_cancelled(self) -> End | None:
        """Return the end that the walk comes to, None when it is told to stop."""
        walk = asyncio.create_task(self._walk_or_fail(), name="run-walk")
        asked = asyncio.create_task(self.cancel_requested.wait(), name="run-cancel")
        try:
            await asyncio.wait({walk, asked}, return_when=asyncio.FIRST_COMPLETED)
            return walk.result() if walk.done() else None
        finally:
            walk.cancel()
            asked.cancel()
            await asyncio.gather(walk, asked, return_exceptions=True)

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

    async def _walk_or_fail(self) -> End:
        """Walk the stages; a fault of ours ends the run, lest it repeat for ever."""
        try:
            return await self._walk()
        except Exception:
            if self._log.is_closed:
                raise
            _log.exception("run.crashed", run_id=self._run.id)
            return End((RunFailed("INTERNAL"),))

    async def _walk(self) -> End:
        """Walk the stages of mode review: intake, review, gate, decision."""
        if self._run.state is RunState.PENDING:
            progress = Progress(Stage.REVIEW, (INTAKE_RAN,))
            await self._log.append(NewEvent(RunStarted()), progress=progress)
        left = pause_left_by(self._claim.detail, now=self._tools.clock.now())
        if left is not None:
            self._barrier.restore(left)
        document = await self._read_document()
        tools = TurnTools(
            log=self._log,
            runner=self._tools.runner,
            afoot=self._afoot,
            gate=await asyncio.to_thread(Gate, document, self._run),
            retries=self._tools.retries,
            budget=BudgetMeter(self._run.budget, self._run.usage, day=self._tools.day),
            clock=self._tools.clock,
            pause=self._pause,
        )
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._turn_driver(panelist, document, tools).drive())
                for panelist in self._run.panelists
            ]
            # Behind the first step of each: who waits at the barrier is known by then.
            group.create_task(self._pause.tell())
        return conclude(self._run, [task.result() for task in tasks])

    async def _read_document(self) -> DocumentText:
        while True:
            try:
                return await self._tools.ledger.read_text(self._run.document.id)
            except Unavailable:
                await asyncio.sleep(_ASK_AGAIN.total_seconds())

    def _turn_driver(
        self, panelist: Panelist, document: DocumentText, tools: TurnTools
    ) -> TurnDriver:
        turn_id = f"{self._run.id}-1-{panelist.id}"
        order = TurnOrder(
            run_id=self._run.id,
            fencing_token=self._claim.fencing_token,
            turn_id=turn_id,
            attempt=0,
            engine=self._run.engine,
            model=panelist.model,
            effort=self._run.effort,
            task=ReviewTask(
                Subject(
                    rubric=self._run.rubric,
                    document_title=self._run.document.title,
                    document=document,
                    paragraphs=document.paragraphs,
                    brief=self._run.brief,
                ),
                ReadingSeat(
                    panelist, owned_criteria(panelist.persona, self._run.rubric)
                ),
            ),
        )
        return TurnDriver(order, tools, begun=self._begun(turn_id))

    def _begun(self, turn_id: str) -> BegunTurn | None:
        detail = self._claim.detail
        turn = next((turn for turn in detail.turns if turn.id == turn_id), None)
        if turn is None:
            return None
        return BegunTurn(
            turn=turn,
            findings=tuple(
                finding for finding in detail.findings if finding.turn_id == turn_id
            ),
            next_part=self._claim.next_parts.get(turn_id, 0),
        )
