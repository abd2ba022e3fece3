"""The attempts of a run that a runner may be working on."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from roundtable_gateway.conductor.parts import EndPart
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.domain.event import NewEvent, TurnFailed, TurnRef
from roundtable_gateway.domain.run import Usage
from roundtable_kit.errors import ServiceError

_log = structlog.get_logger()

_CANCEL_DEADLINE = timedelta(seconds=5)
# The end is there as soon as the attempt is cancelled.
_END_DEADLINE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class EndedAttempt:
    """An attempt that was ended from here, of which the log knows no end yet."""

    ref: TurnRef
    model: str | None
    usage: Usage

    def event(self) -> NewEvent:
        """Return what the log is told of it."""
        failed = TurnFailed(
            "cancelled",
            will_retry=False,
            retry_time=None,
            usage=replace(self.usage, turns=1),
            model=self.model,
        )
        return NewEvent(failed, self.ref)


class AttemptsAfoot:
    """Knows what would go on, and cost, if the run just ended.

    Args:
        run_id: The run.
        fencing_token: The claim's token.
        models: What the attempts that a conductor before this one left running ask.
    """

    def __init__(
        self,
        run_id: str,
        fencing_token: int,
        *,
        runner: TurnRunner,
        models: Mapping[TurnRef, str | None],
    ) -> None:
        self._run_id = run_id
        self._fencing_token = fencing_token
        self._runner = runner
        self._models = dict(models)
        self._told: set[TurnRef] = set()

    def add(self, ref: TurnRef, model: str | None) -> None:
        """Note an attempt before the runner is asked for it."""
        self._models[ref] = model

    def discard(self, ref: TurnRef) -> None:
        """Forget an attempt that has ended."""
        self._models.pop(ref, None)

    def note_told(self, ref: TurnRef) -> None:
        """Note that the log is told of an end, although the runner may go on."""
        self._told.add(ref)

    async def end(self, ref: TurnRef) -> Usage | None:
        """End an attempt at the runner and return what it has used, if that is known.

        A runner that can't be told ends the attempt by itself when nobody watches it.
        """
        usage = None
        try:
            async with asyncio.timeout(_CANCEL_DEADLINE.total_seconds()):
                await self._runner.cancel(
                    self._run_id, ref, fencing_token=self._fencing_token
                )
            async with asyncio.timeout(_END_DEADLINE.total_seconds()):
                usage = await self._read_usage(ref)
        except (ServiceError, TimeoutError):
            _log.warning(
                "turn.cancel_unheard", run_id=self._run_id, turn_id=ref.turn_id
            )
        self.discard(ref)
        return usage

    async def end_all(self) -> list[EndedAttempt]:
        """End whatever is left at the runner; return what the log should be told."""
        models = dict(self._models)
        usages = await asyncio.gather(*map(self.end, models))
        return [
            EndedAttempt(ref, model, usage)
            for (ref, model), usage in zip(models.items(), usages, strict=True)
            if usage is not None and ref not in self._told
        ]

    async def _read_usage(self, ref: TurnRef) -> Usage | None:
        async with aclosing(self._runner.attach(ref, 0)) as parts:
            async for part in parts:
                if isinstance(part, EndPart):
                    return part.usage
        return None
