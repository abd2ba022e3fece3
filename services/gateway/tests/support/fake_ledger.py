"""A store in memory: ordered logs, fencing, first_index dedupe, leases."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from roundtable_gateway.conductor.ports import Claim, Progress
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import NewEvent, RunReopened
from roundtable_gateway.domain.finding import Disposition, Rejection
from roundtable_gateway.domain.run import (
    Engine,
    RunDetail,
    RunSummary,
    Turn,
    Usage,
)
from roundtable_kit.errors import Aborted, FailedPrecondition, Unavailable
from services.gateway.tests.support.log_projection import TERMINAL_TYPES, Projection
from services.gateway.tests.support.samples import DOCUMENT_TEXT


@dataclass(slots=True)
class _Row:
    """A run as the store keeps it."""

    created: RunSummary
    projection: Projection
    log: list[NewEvent] = field(default_factory=list)
    token: int = 0
    appended: int = 0
    boundaries: list[int] = field(default_factory=list)
    holder: tuple[str, str] | None = None
    is_cancel_requested: bool = False


class FakeLedger:
    """Implements the conductor's `Ledger` by the rules of the store's contract.

    Attributes:
        is_away: Every call raises Unavailable.
        spent: What all runs have used today.
        is_deaf: Appends are written, but their answers are lost.
        before_day_usage: Called ahead of every look at the day.
        before_append: Called ahead of every append that gets through.
        text: The text of every document.
        rejections: What the author rejected in earlier runs, the last word first.
    """

    def __init__(self, *runs: RunSummary) -> None:
        self._rows: dict[str, _Row] = {}
        self._grown = asyncio.Event()
        self.is_away = False
        self.is_deaf = False
        self.spent = Usage()
        self.text = DOCUMENT_TEXT
        self.rejections: tuple[Rejection, ...] = ()
        self.before_day_usage: Callable[[], None] = lambda: None
        self.before_append: Callable[[], None] = lambda: None
        self.calls: list[str] = []
        for run in runs:
            self.create(run)

    def create(self, run: RunSummary) -> None:
        """Create a run."""
        self._rows[run.id] = _Row(run, Projection(run))

    def log(self, run_id: str = "run_1") -> list[NewEvent]:
        """Return what is behind run.created."""
        return list(self._rows[run_id].log)

    def types(self, run_id: str = "run_1") -> list[str]:
        """Return the types of what is behind run.created."""
        return [event.fact.type for event in self.log(run_id)]

    def detail(self, run_id: str = "run_1") -> RunDetail:
        """Return a run, whole."""
        return self._rows[run_id].projection.detail()

    def boundaries(self, run_id: str = "run_1") -> list[int]:
        """Return how long the log was behind each append."""
        return list(self._rows[run_id].boundaries)

    def reopen(self, run_id: str = "run_1") -> None:
        """Open an ended run again, as a retry does."""
        row = self._rows[run_id]
        row.log.append(NewEvent(RunReopened()))
        row.projection.apply(row.log[-1])
        row.holder, row.is_cancel_requested = None, False

    def ask(self, turn: Turn, run_id: str = "run_1") -> None:
        """Queue a question to a panelist of a run at rest, or one more of them."""
        row = self._rows[run_id]
        row.projection.ask(turn)
        row.holder, row.is_cancel_requested = None, False

    def answer_finding(
        self, finding_id: str, disposition: Disposition, run_id: str = "run_1"
    ) -> None:
        """Give the author's answer to a finding."""
        findings = self._rows[run_id].projection.findings
        added_by, finding = findings[finding_id]
        findings[finding_id] = added_by, replace(finding, disposition=disposition)

    def request_cancel(self, run_id: str = "run_1") -> None:
        """Note that somebody wants the run to end."""
        self._rows[run_id].is_cancel_requested = True

    def lapse(self, run_id: str = "run_1") -> None:
        """Let a lease lapse."""
        self._rows[run_id].holder = None

    def hand_over(self, run_id: str = "run_1") -> None:
        """Give a run to a conductor somewhere else."""
        row = self._rows[run_id]
        row.holder, row.token = ("there", "9"), row.token + 1

    def is_held(self, run_id: str = "run_1") -> bool:
        """Return whether anybody has the run."""
        return self._rows[run_id].holder is not None

    def fork(self, length: int, run_id: str = "run_1") -> "FakeLedger":
        """Return a ledger whose run has only the log's first events, held by nobody."""
        row = self._rows[run_id]
        other = FakeLedger(row.created)
        other.text, other.rejections = self.text, self.rejections
        kept = other._rows[run_id]
        kept.log = row.log[:length]
        for event in kept.log:
            kept.projection.apply(event)
        kept.token, kept.is_cancel_requested = row.token, row.is_cancel_requested
        return other

    async def until(self, event_type: str, run_id: str = "run_1") -> None:
        """Wait until the log holds an event of a type."""
        await self.until_true(lambda: event_type in self.types(run_id))

    async def until_ended(self, run_id: str = "run_1") -> None:
        """Wait until the log holds a terminal event."""
        await self.until_true(lambda: not TERMINAL_TYPES.isdisjoint(self.types(run_id)))

    async def until_true(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true; looked at whenever anybody calls."""
        while not condition():
            self._grown.clear()
            await self._grown.wait()

    def _enter(self, name: str) -> None:
        self.calls.append(name)
        self._grown.set()
        if self.is_away:
            raise Unavailable("UNREACHABLE", "The store is away.")

    async def claim(
        self,
        *,
        holder: str,
        incarnation: str,
        lease: timedelta,
        run_id: str | None = None,
        except_engines: Collection[Engine] = (),
    ) -> Claim | None:
        """Claim a run."""
        self._enter("claim")
        for row in self._rows.values():
            run = row.projection.run
            is_free = row.holder is None or (
                row.holder[0] == holder and row.holder[1] != incarnation
            )
            is_meant = (
                run.engine not in except_engines if run_id is None else run_id == run.id
            )
            if row.projection.is_at_rest or not is_free or not is_meant:
                continue
            row.holder = (holder, incarnation)
            row.token += 1
            row.appended = 0
            return Claim(
                detail=row.projection.detail(),
                owner="owner@localhost",
                fencing_token=row.token,
                next_index=0,
                next_parts=dict(row.projection.next_parts),
                is_cancel_requested=row.is_cancel_requested,
            )
        return None

    async def renew(self, run_id: str, *, fencing_token: int, lease: timedelta) -> bool:
        """Prolong a lease."""
        self._enter("renew")
        return self._fenced(run_id, fencing_token).is_cancel_requested

    async def release(self, run_id: str, *, fencing_token: int) -> None:
        """Give a lease back."""
        self._enter("release")
        self._fenced(run_id, fencing_token).holder = None

    async def append(
        self,
        run_id: str,
        *,
        fencing_token: int,
        first_index: int,
        events: Sequence[NewEvent],
        progress: Progress | None,
    ) -> None:
        """Append what is not there yet, all of it or nothing."""
        await asyncio.sleep(0)
        self._enter("append")
        self.before_append()
        row = self._fenced(run_id, fencing_token)
        if first_index > row.appended:
            raise FailedPrecondition("APPEND_GAP", f"Next is {row.appended}.")
        new = events[row.appended - first_index :]
        projection = row.projection.copy()
        for event in new:
            projection.apply(event)
        if progress is not None:
            projection.move(progress)
        row.projection = projection
        row.log.extend(new)
        row.boundaries.append(len(row.log))
        row.appended += len(new)
        self._grown.set()
        if self.is_deaf:
            raise Unavailable("DEADLINE_EXCEEDED", "The answer was lost.")

    async def read_text(self, document_id: str) -> DocumentText:
        """Read what every document says."""
        self._enter("read_text")
        return self.text

    async def day_usage(self, day: date) -> Usage:
        """Return what a test says."""
        self.before_day_usage()
        self._enter("day_usage")
        return self.spent

    async def list_rejections(self, run_id: str) -> Sequence[Rejection]:
        """Return what a test says was rejected before."""
        self._enter("list_rejections")
        return self.rejections

    def _fenced(self, run_id: str, fencing_token: int) -> _Row:
        row = self._rows[run_id]
        if row.holder is None or row.token != fencing_token:
            raise Aborted("FENCED", "The claim is over.")
        return row
