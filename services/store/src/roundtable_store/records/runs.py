"""Runs, turns and findings as the store keeps them: keys, state, and opaque bodies."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from roundtable_kit.errors import FailedPrecondition, NotFound
from roundtable_store.records.findings import FindingRecord


class RunState(StrEnum):
    """The life of a run."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        """Whether a terminal event is the last word."""
        return self not in (RunState.PENDING, RunState.RUNNING)

    @property
    def is_retriable(self) -> bool:
        """Whether a run that ended so has something that failed."""
        return self.is_ended and self is not RunState.SUCCEEDED


class TurnState(StrEnum):
    """The life of a turn."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Usage:
    """What an attempt has used, or attempts together; no cost is no known price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cost_usd: float | None = None
    turns: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum; a cost that is known nowhere stays unknown."""
        costs = [c for c in (self.cost_usd, other.cost_usd) if c is not None]
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cost_usd=sum(costs) if costs else None,
            turns=self.turns + other.turns,
        )


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to create; `body` is opaque, as the caller described it.

    Attributes:
        engine: Its number on the wire, by which a claim may leave runs out.
    """

    owner: str
    document_id: str
    title: str
    engine: int
    body: bytes


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run without its lists.

    Attributes:
        body: What was fixed when it was created.
        reopen_time: When it was last opened again; None when it never was.
        is_at_rest: Whether its last opening has ended and nothing is being answered.
        progress: Where it is in the process; None before its conductor said so.
        pause: Why it waits for something outside; None while it doesn't.
        queue_position: Pending runs in front of it; None unless it is pending.
    """

    run_id: str
    owner: str
    document_id: str
    state: RunState
    reason: str
    usage: Usage
    last_sequence: int
    create_time: datetime
    start_time: datetime | None
    end_time: datetime | None
    reopen_time: datetime | None
    is_at_rest: bool
    is_cancel_requested: bool
    queue_position: int | None
    progress: bytes | None
    pause: bytes | None
    body: bytes


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn at its latest attempt.

    Attributes:
        retry_time: When a queued turn is tried again, if anybody knows.
        usage: What a failed attempt used; None where `body` says it.
        deltas: Payloads of what was spoken, in order; none where `body` holds the text.
    """

    turn_id: str
    attempt: int
    state: TurnState
    reason: str
    next_part_index: int
    end_time: datetime | None
    retry_time: datetime | None
    usage: Usage | None
    body: bytes
    deltas: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with all that belongs to it, of one moment.

    Attributes:
        stances: What was said of the agenda that stands, in order.
    """

    run: RunRecord
    turns: tuple[TurnRecord, ...]
    findings: tuple[FindingRecord, ...]
    stances: tuple[bytes, ...]
    decision: bytes | None
    clusters: bytes | None
    agenda: bytes | None
    synthesis: bytes | None


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs to list; None is all.

    Attributes:
        query: Part of the document's title, case ignored.
    """

    query: str | None = None
    state: RunState | None = None
    document_id: str | None = None


def run_not_found() -> NotFound:
    """Return the error for a run that is not there or not the caller's."""
    return NotFound("RUN_NOT_FOUND", "There is no such run.")


def run_not_at_rest() -> FailedPrecondition:
    """Return the error for deleting or asking what still goes on."""
    return FailedPrecondition(
        "RUN_NOT_AT_REST", "A run still goes on; cancel it or wait for its end."
    )


def run_not_retriable() -> FailedPrecondition:
    """Return the error for opening a run again of which nothing failed, or not yet."""
    return FailedPrecondition(
        "RUN_NOT_RETRIABLE",
        "Only a run that ended incomplete, failed or cancelled can be tried again, and"
        " only while none of its panelists answers a question.",
    )


def run_ended() -> FailedPrecondition:
    """Return the error for changing a run that has ended, or ending one at rest."""
    return FailedPrecondition("RUN_ENDED", "The run has ended.")
