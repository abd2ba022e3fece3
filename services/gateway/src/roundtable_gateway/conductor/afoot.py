"""The attempts of a run that a runner may be working on."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import structlog

from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.domain.event import TurnRef
from roundtable_kit.errors import ServiceError

_log = structlog.get_logger()

_CANCEL_DEADLINE = timedelta(seconds=5)


class AttemptsAfoot:
    """Knows what would go on, and cost, if the run just ended.

    Args:
        run_id: The run.
        fencing_token: The claim's token.
        refs: The attempts that a conductor before this one left running.
    """

    def __init__(
        self,
        run_id: str,
        fencing_token: int,
        *,
        runner: TurnRunner,
        refs: Iterable[TurnRef],
    ) -> None:
        self._run_id = run_id
        self._fencing_token = fencing_token
        self._runner = runner
        self._refs = set(refs)

    def add(self, ref: TurnRef) -> None:
        """Note an attempt before the runner is asked for it."""
        self._refs.add(ref)

    def discard(self, ref: TurnRef) -> None:
        """Forget an attempt that has ended."""
        self._refs.discard(ref)

    async def end(self, ref: TurnRef) -> None:
        """End an attempt at the runner.

        A runner that can't be told ends the attempt by itself when nobody watches it.
        """
        self._refs.discard(ref)
        try:
            async with asyncio.timeout(_CANCEL_DEADLINE.total_seconds()):
                await self._runner.cancel(
                    self._run_id, ref, fencing_token=self._fencing_token
                )
        except (ServiceError, TimeoutError):
            _log.warning(
                "turn.cancel_unheard", run_id=self._run_id, turn_id=ref.turn_id
            )

    async def end_all(self) -> None:
        """End whatever is left at the runner."""
        await asyncio.gather(*map(self.end, list(self._refs)))
