"""All attempts of this runner: who may start, who is shut out, what is kept."""

import asyncio
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from roundtable_kit.errors import Aborted, NotFound, ResourceExhausted, Unavailable
from roundtable_runner.rpc.attempt import Attempt, Watch
from roundtable_runner.turn.delimiters import Delimiters
from roundtable_runner.turn.engine import Engine
from roundtable_runner.turn.parts import (
    FailureReason,
    TurnFailure,
    TurnResult,
)
from roundtable_runner.turn.task import EngineKind, TurnAttempt
from roundtable_runner.turn.timers import Timers
from roundtable_runner.turn.turn import Turn

_log = structlog.get_logger()

# How soon a slot may be free; a turn takes some ten seconds.
_SLOT_RETRY = timedelta(seconds=2)
_STOP_RETRY = timedelta(seconds=5)
# After the kill: longer than a process takes to be reaped.
_REAP_SECONDS = 10.0

_CANCELLED = TurnFailure(FailureReason.CANCELLED, "The turn was cancelled.")
_SUPERSEDED = TurnFailure(
    FailureReason.CANCELLED, "A later attempt took this one's place."
)
_STOPPED = TurnFailure(FailureReason.RUNNER_LOST, "The runner was stopped.")
_CRASHED = TurnFailure(FailureReason.INTERNAL, "The runner failed; its log says why.")


@dataclass(frozen=True, slots=True)
class RegistryLimits:
    """How much is run and kept.

    Attributes:
        slots: Attempts that may run at once.
        unwatched: How long an attempt runs on with nobody watching.
        kept: How long an attempt is kept after its end.
        kept_attempts: How many are kept after their end; the oldest go first.
        fenced_runs: Runs whose last fencing token is remembered.
    """

    slots: int = 9
    unwatched: timedelta = timedelta(seconds=60)
    kept: timedelta = timedelta(minutes=10)
    kept_attempts: int = 500
    fenced_runs: int = 10_000


class TurnRegistry:
    """Starts, keeps and ends attempts; each runs in a task that it owns."""

    def __init__(
        self,
        engines: Mapping[EngineKind, Engine],
        *,
        limits: RegistryLimits,
        timers: Timers,
    ) -> None:
        self._engines = engines
        self._limits = limits
        self._timers = timers
        self._watch = Watch(limits.unwatched, timers, self._end_unwatched)
        self._attempts: dict[str, dict[int, Attempt]] = {}
        self._running: set[Attempt] = set()
        self._finished: OrderedDict[Attempt, None] = OrderedDict()
        self._fences: OrderedDict[str, int] = OrderedDict()
        self._delimiters = Delimiters()
        self._is_stopping = False

    @property
    def busy(self) -> int:
        """Attempts that run."""
        return len(self._running)

    def start(self, spec: TurnAttempt) -> None:
        """Start an attempt; the same again changes nothing.

        Raises:
            Unavailable: STOPPING, this runner is on its way out.
            Aborted: FENCED, another conductor has the run; SUPERSEDED, a later
                attempt is known.
            ResourceExhausted: NO_FREE_SLOT.
        """
        self._check_fence(spec.run_id, spec.fencing_token)
        siblings = self._attempts.get(spec.turn_id, {})
        if spec.number in siblings:
            return
        if self._is_stopping:
            raise Unavailable(
                "STOPPING", "The runner is stopping.", retry_after=_STOP_RETRY
            )
        if any(number > spec.number for number in siblings):
            raise Aborted("SUPERSEDED", "A later attempt of this turn is known.")
        earlier = [attempt for attempt in siblings.values() if not attempt.is_over]
        # An earlier attempt hands its slot on.
        if self.busy - len(earlier) >= self._limits.slots:
            raise ResourceExhausted(
                "NO_FREE_SLOT", "Every slot is taken.", retry_after=_SLOT_RETRY
            )
        for attempt in earlier:
            attempt.cancel(_SUPERSEDED)
        self._launch(spec, earlier)

    def find(self, turn_id: str, number: int) -> Attempt:
        """Return an attempt. Raises NotFound with TURN_NOT_FOUND."""
        attempt = self._attempts.get(turn_id, {}).get(number)
        if attempt is None:
            raise NotFound("TURN_NOT_FOUND", "This runner does not have the attempt.")
        return attempt

    async def cancel(
        self, turn_id: str, number: int, *, run_id: str, fencing_token: int
    ) -> None:
        """End an attempt; its process is gone when this returns.

        Raises:
            Aborted: FENCED, another conductor has the run.
            NotFound: TURN_NOT_FOUND.
        """
        self._check_fence(run_id, fencing_token)
        attempt = self.find(turn_id, number)
        attempt.cancel(_CANCELLED)
        await attempt.wait_until_over()

    def refuse_new_work(self) -> None:
        """Start nothing from now on."""
        self._is_stopping = True

    async def stop(self, grace: timedelta) -> None:
        """Let attempts run on within the grace, then end them all."""
        self.refuse_new_work()
        await self._wait_for_running(grace.total_seconds())
        for attempt in list(self._running):
            attempt.cancel(_STOPPED)
        await self._wait_for_running(_REAP_SECONDS)

    async def _wait_for_running(self, seconds: float) -> None:
        tasks = [attempt.task for attempt in self._running if attempt.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    def _launch(self, spec: TurnAttempt, earlier: list[Attempt]) -> None:
        attempt = Attempt(spec, self._watch)
        turn = Turn(
            spec.task,
            draw_delimiter=self._delimiters.of(spec.run_id),
            emit=attempt.emit,
            timers=self._timers,
        )
        self._attempts.setdefault(spec.turn_id, {})[spec.number] = attempt
        self._running.add(attempt)
        attempt.task = asyncio.create_task(
            self._run(turn, spec, earlier), name=f"turn-{spec.turn_id}-{spec.number}"
        )
        attempt.task.add_done_callback(self._ended(attempt, turn))

    async def _run(
        self, turn: Turn, spec: TurnAttempt, earlier: list[Attempt]
    ) -> TurnResult | TurnFailure:
        for attempt in earlier:
            await attempt.wait_until_over()
        engine = self._engines[spec.engine]
        return await turn.run(engine, model=spec.model, effort=spec.effort)

    def _ended(
        self, attempt: Attempt, turn: Turn
    ) -> Callable[[asyncio.Task[TurnResult | TurnFailure]], None]:
        begin = self._timers.time()

        def end(task: asyncio.Task[TurnResult | TurnFailure]) -> None:
            outcome = _outcome(attempt, task)
            attempt.end(outcome, turn.usage)
            self._running.discard(attempt)
            self._keep(attempt)
            _log.info(
                "turn.finished",
                run_id=attempt.spec.run_id,
                turn_id=attempt.spec.turn_id,
                attempt=attempt.spec.number,
                kind=attempt.spec.task.kind,
                engine=attempt.spec.engine.value,
                reason=outcome.reason if isinstance(outcome, TurnFailure) else None,
                parts=attempt.part_count,
                output_tokens=turn.usage.output_tokens,
                duration_ms=round((self._timers.time() - begin) * 1000),
            )

        return end

    def _keep(self, attempt: Attempt) -> None:
        self._finished[attempt] = None
        when = self._timers.time() + self._limits.kept.total_seconds()
        self._timers.call_at(when, lambda: self._drop(attempt))
        if len(self._finished) > self._limits.kept_attempts:
            self._drop(next(iter(self._finished)))

    def _drop(self, attempt: Attempt) -> None:
        if attempt not in self._finished:
            return
        del self._finished[attempt]
        siblings = self._attempts[attempt.spec.turn_id]
        del siblings[attempt.spec.number]
        if not siblings:
            del self._attempts[attempt.spec.turn_id]

    def _end_unwatched(self, attempt: Attempt) -> None:
        seconds = self._limits.unwatched.total_seconds()
        # A timeout, so that a conductor that comes back tries it again.
        attempt.cancel(
            TurnFailure(
                FailureReason.TIMEOUT, f"Nobody watched the turn for {seconds:g} s."
            )
        )

    def _check_fence(self, run_id: str, token: int) -> None:
        last = self._fences.get(run_id, token)
        if token < last:
            raise Aborted("FENCED", "Another conductor has taken the run over.")
        self._fences[run_id] = token
        self._fences.move_to_end(run_id)
        if len(self._fences) > self._limits.fenced_runs:
            self._fences.popitem(last=False)


def _outcome(
    attempt: Attempt, task: asyncio.Task[TurnResult | TurnFailure]
) -> TurnResult | TurnFailure:
    if task.cancelled():
        return attempt.cancellation or _STOPPED
    error = task.exception()
    if error is None:
        return task.result()
    # Where, and not what: an error's text may hold the document's.
    frames = traceback.format_tb(error.__traceback__)
    _log.error("turn.crashed", error=type(error).__name__, frames=frames)
    return _CRASHED
