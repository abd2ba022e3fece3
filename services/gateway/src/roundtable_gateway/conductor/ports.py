"""What the conductor needs of the world: the store's ledger and the runner."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from roundtable_gateway.conductor.parts import Attached, TurnOrder, TurnPart
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import NewEvent, TurnRef
from roundtable_gateway.domain.finding import Rejection
from roundtable_gateway.domain.run import Engine, ManifestEntry, RunDetail, Stage, Usage
from roundtable_gateway.domain.runner import RunnerState


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in this conductor's hand.

    Attributes:
        fencing_token: Shuts out every conductor with a lower one.
        next_index: Position of the next event this claim appends.
        next_parts: By turn id, the first of the runner's parts of the turn's latest
            attempt that is not in the log.
    """

    detail: RunDetail
    owner: str
    fencing_token: int
    next_index: int
    next_parts: dict[str, int]
    is_cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is in the process."""

    stage: Stage
    manifest: tuple[ManifestEntry, ...]


class Ledger(Protocol):
    """The store as the conductor sees it.

    Every method raises Unavailable when the store is away; those that take a fencing
    token raise Aborted when another conductor has the run.
    """

    async def claim(
        self,
        *,
        holder: str,
        incarnation: str,
        lease: timedelta,
        run_id: str | None = None,
        except_engines: Collection[Engine] = (),
    ) -> Claim | None:
        """Claim a run, the oldest that can be claimed unless one is named.

        Unless one is named, runs of some engines may be left out.
        A run that an earlier incarnation of the holder has can be claimed at once.
        """
        ...

    async def renew(self, run_id: str, *, fencing_token: int, lease: timedelta) -> bool:
        """Prolong a lease and return whether the run is to be cancelled."""
        ...

    async def release(self, run_id: str, *, fencing_token: int) -> None:
        """Give a lease back."""
        ...

    async def append(
        self,
        run_id: str,
        *,
        fencing_token: int,
        first_index: int,
        events: Sequence[NewEvent],
        progress: Progress | None,
    ) -> None:
        """Append events; they are durable on return, written once however often."""
        ...

    async def read_text(self, document_id: str) -> DocumentText:
        """Read a document's text."""
        ...

    async def day_usage(self, day: date) -> Usage:
        """Return what all runs have used on a day in UTC."""
        ...

    async def list_rejections(self, run_id: str) -> Sequence[Rejection]:
        """Return what the author rejected in other runs on the document.

        The last word is first, also where it took a rejection back.
        """
        ...


class TurnRunner(Protocol):
    """The persona-runner as the conductor sees it.

    Every method raises Unavailable when the runner is away.
    """

    @property
    def address(self) -> str:
        """Where the runner is reached."""
        ...

    async def start(self, order: TurnOrder) -> None:
        """Start an attempt. Raises ResourceExhausted when every slot is taken."""
        ...

    def attach(
        self, ref: TurnRef, from_index: int
    ) -> AsyncGenerator[Attached | TurnPart]:
        """Yield an attempt's parts to its end. Raises NotFound if it isn't there."""
        ...

    async def cancel(self, run_id: str, ref: TurnRef, *, fencing_token: int) -> None:
        """End an attempt; one that isn't there is left alone."""
        ...


class RunnerWatch(Protocol):
    """The persona-runner's word on its account."""

    async def look(self) -> RunnerState:
        """Return how the runner is now. Raises Unavailable when it is away."""
        ...
