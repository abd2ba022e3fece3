"""The line to the runner: through its restarts, and through cut streams."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

import structlog

from roundtable_gateway.conductor.parts import (
    Attached,
    TurnFailure,
    TurnOrder,
    TurnPart,
)
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.domain.event import TurnRef
from roundtable_kit.clock import Clock
from roundtable_kit.errors import (
    NotFound,
    ResourceExhausted,
    ServiceError,
    Unavailable,
)

_log = structlog.get_logger()

_ASK_AGAIN = timedelta(seconds=0.5)
# A runner that restarts is back long before; one that isn't has lost the attempt.
_LONGEST_ABSENCE = timedelta(seconds=60)


class BrokenStreamError(Exception):
    """The runner's stream failed in a way that attaching again does not mend."""


async def start(
    order: TurnOrder, runner: TurnRunner, *, clock: Clock
) -> TurnFailure | None:
    """Start an attempt; return why it could not be."""
    deadline = clock.monotonic() + _LONGEST_ABSENCE.total_seconds()
    while True:
        try:
            await runner.start(order)
        except ResourceExhausted as error:
            # Another gateway's turns hold the slots; ours keeps its place.
            await asyncio.sleep((error.retry_after or _ASK_AGAIN).total_seconds())
        except Unavailable:
            if clock.monotonic() > deadline:
                return TurnFailure("unreachable")
            await asyncio.sleep(_ASK_AGAIN.total_seconds())
        except ServiceError as error:
            _log.error("turn.refused", reason=error.reason, turn_id=order.turn_id)
            return TurnFailure("internal", is_ours=True)
        else:
            return None


async def follow(
    ref: TurnRef, runner: TurnRunner, *, clock: Clock, from_index: int
) -> AsyncGenerator[TurnPart]:
    """Yield an attempt's parts through cut streams; end early when it is lost.

    A runner may say nothing for long while the turn is alive: only its absence counts.
    Raises BrokenStreamError.
    """
    deadline: float | None = None
    while True:
        try:
            async with aclosing(runner.attach(ref, from_index)) as parts:
                async for part in parts:
                    deadline = None
                    if isinstance(part, Attached):
                        continue
                    from_index = part.index + 1
                    yield part
        except NotFound:
            return
        except Unavailable:
            _log.info("turn.cut", turn_id=ref.turn_id)
        except ServiceError as error:
            _log.error("turn.broken", reason=error.reason, turn_id=ref.turn_id)
            raise BrokenStreamError from error
        now = clock.monotonic()
        deadline = deadline or now + _LONGEST_ABSENCE.total_seconds()
        if now > deadline:
            return
        await asyncio.sleep(_ASK_AGAIN.total_seconds())
