"""A persona-runner in memory: attempts that go on whether anybody watches or not."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from datetime import timedelta

from roundtable_gateway.conductor.parts import (
    Attached,
    CitedSentence,
    ClusterResult,
    EndPart,
    SynthesisResult,
    TurnFailure,
    TurnOrder,
    TurnPart,
)
from roundtable_gateway.conductor.tasks import (
    AnswerTask,
    ClusterTask,
    DiscussionTask,
    RepairTask,
    SynthesisTask,
)
from roundtable_gateway.domain.event import TurnRef
from roundtable_gateway.domain.run import Usage
from roundtable_kit.errors import (
    NotFound,
    ResourceExhausted,
    ServiceError,
    Unavailable,
)

Script = Sequence[Sequence[TurnPart]] | Callable[[TurnOrder], Sequence[TurnPart]]


def key_of(order: TurnOrder) -> str:
    """Return the key of an order's script."""
    task = order.task
    match task:
        case ClusterTask() | SynthesisTask():
            return task.kind.value
        case DiscussionTask():
            return f"round{task.round}_{task.seat.panelist.id}"
        case AnswerTask():
            return f"answer_{task.seat.panelist.id}"
        case RepairTask():
            reader = order.turn_id.removeprefix(f"{order.run_id}-2-")
            return f"repair_{reader.replace('-', '_')}"
        case _:
            reader = order.turn_id.removeprefix(f"{order.run_id}-1-")
            return reader.replace("-", "_")


def _play(script: Script, order: TurnOrder) -> Sequence[TurnPart]:
    if callable(script):
        return script(order)
    return script[min(order.attempt, len(script)) - 1]


def _synthesize(order: TurnOrder) -> Sequence[TurnPart]:
    assert isinstance(order.task, SynthesisTask)
    cited = [
        spoken.finding.id
        for cluster in order.task.clusters
        for spoken in cluster.findings
    ]
    sentence = CitedSentence("Mend it.", tuple(cited))
    return [EndPart(0, SynthesisResult((sentence,), ()), Usage(input_tokens=1))]


def _tell_apart(_: TurnOrder) -> Sequence[TurnPart]:
    return [EndPart(0, ClusterResult(()), Usage(input_tokens=1))]


_DEFAULTS: dict[str, Script] = {"synthesis": _synthesize, "cluster": _tell_apart}


class FakeRunner:
    """Implements the conductor's `TurnRunner`; what it answers is scripted by turn.

    A script has the parts of each attempt, or makes them of the order. Its key says of
    which turn it is: "A" and "control" for reviews, "A_s1" for a sweep, with "repair_"
    in front for their repairs; "cluster", "round2_A", "synthesis", "answer_A". Without
    a script no pair is the same, and a synthesis cites all there is.

    Attributes:
        address: Where it is reached.
        starts: How often each attempt was really begun.
        attaches: Every attach, with the index it began from.
        cancels: The attempts that were ended from outside.
        is_away: Every call raises Unavailable, and streams are cut.
        full_answers: How many starts it still refuses for want of a slot.
        start_error: Raised by `start`, once.
        attach_error: Raised by `attach`, once.
        spent: What an attempt has used that is ended from outside.
    """

    def __init__(self, **scripts: Script) -> None:
        self._scripts: dict[str, Script] = {**_DEFAULTS, **scripts}
        self._attempts: dict[TurnRef, Sequence[TurnPart]] = {}
        self._held: dict[TurnRef, int] = {}
        self._closed: dict[TurnRef, int] = {}
        self._changed = asyncio.Event()
        self._cuts = 0
        self.address = "127.0.0.1:7403"
        self.starts: Counter[TurnRef] = Counter()
        self.orders: list[TurnOrder] = []
        self.attaches: list[tuple[TurnRef, int]] = []
        self.cancels: list[TurnRef] = []
        self.is_away = False
        self.full_answers = 0
        self.start_error: ServiceError | None = None
        self.attach_error: ServiceError | None = None
        self.spent = Usage()
        self.watching: Counter[TurnRef] = Counter()

    @property
    def attempts(self) -> set[TurnRef]:
        """The attempts that it has."""
        return set(self._attempts)

    def hold(self, ref: TurnRef, at: int) -> None:
        """Keep parts from an index on back until `go`."""
        self._held[ref] = at

    def close_streams_at(self, ref: TurnRef, index: int) -> None:
        """End the next stream of an attempt cleanly ahead of a part."""
        self._closed[ref] = index

    def go(self, ref: TurnRef) -> None:
        """Give out what was held back."""
        self._held.pop(ref, None)
        self._wake()

    def go_away(self) -> None:
        """Cut all streams and answer nothing."""
        self.is_away = True
        self._cuts += 1
        self._wake()

    def come_back(self, *, with_attempts: bool) -> None:
        """Answer again, after a cut or after a restart."""
        self.is_away = False
        if not with_attempts:
            self._attempts.clear()
        self._wake()

    def lose(self, ref: TurnRef) -> None:
        """Forget an attempt."""
        self._attempts.pop(ref, None)

    def adopt(self, refs: Iterable[TurnRef], *, of: "FakeRunner") -> None:
        """Have attempts that another has begun."""
        for ref in refs:
            self._attempts[ref] = of._attempts[ref]

    def take_unheard(self, ref: TurnRef) -> None:
        """Have an attempt whose conductor never learned that it was begun."""
        self._attempts[ref] = ()

    async def until_watched(self, ref: TurnRef) -> None:
        """Wait until somebody watches an attempt."""
        while not self.watching[ref]:
            self._changed.clear()
            await self._changed.wait()

    async def until_unwatched(self, ref: TurnRef) -> None:
        """Wait until nobody watches an attempt."""
        while self.watching[ref]:
            self._changed.clear()
            await self._changed.wait()

    async def start(self, order: TurnOrder) -> None:
        """Start an attempt; the same again changes nothing."""
        await self._enter()
        if self.start_error is not None:
            error, self.start_error = self.start_error, None
            raise error
        if self.full_answers:
            self.full_answers -= 1
            raise ResourceExhausted(
                "NO_SLOT", "Full.", retry_after=timedelta(milliseconds=1)
            )
        ref = TurnRef(order.turn_id, order.attempt)
        if ref not in self._attempts:
            self._attempts[ref] = _play(self._scripts[key_of(order)], order)
            self.starts[ref] += 1
            self.orders.append(order)

    async def attach(
        self, ref: TurnRef, from_index: int
    ) -> AsyncGenerator[Attached | TurnPart]:
        """Yield an attempt's parts from an index on."""
        self.attaches.append((ref, from_index))
        await self._enter()
        if self.attach_error is not None:
            error, self.attach_error = self.attach_error, None
            raise error
        if ref not in self._attempts:
            raise NotFound("TURN_NOT_FOUND", "No such attempt.")
        self.watching[ref] += 1
        self._wake()
        cuts = self._cuts
        try:
            yield Attached()
            for part in self._attempts[ref][from_index:]:
                if self._closed.get(ref) == part.index:
                    del self._closed[ref]
                    return
                await self._until_free(ref, part.index, cuts=cuts)
                yield part
                await asyncio.sleep(0)
        finally:
            self.watching[ref] -= 1
            self._wake()

    async def cancel(self, run_id: str, ref: TurnRef, *, fencing_token: int) -> None:
        """End an attempt."""
        await self._enter()
        if ref in self._attempts:
            self.cancels.append(ref)
            self._attempts[ref] = (EndPart(0, TurnFailure("cancelled"), self.spent),)
            self.go(ref)

    async def _until_free(self, ref: TurnRef, index: int, *, cuts: int) -> None:
        while self._cuts == cuts and index >= self._held.get(ref, index + 1):
            self._changed.clear()
            await self._changed.wait()
        if self._cuts != cuts:
            raise Unavailable("UNREACHABLE", "The stream was cut.")

    async def _enter(self) -> None:
        await asyncio.sleep(0)
        if self.is_away:
            raise Unavailable("UNREACHABLE", "The runner is away.")

    def _wake(self) -> None:
        self._changed.set()
