"""The facts of a run's log, one class each; their union is `Fact`."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.run import Pause, RunSummary, Turn, Usage
from roundtable_gateway.domain.synthesis import Synthesis


@dataclass(frozen=True, slots=True)
class RunCreated:
    """The run was created; always event 1."""

    type: ClassVar[Literal["run.created"]] = "run.created"
    run: RunSummary


@dataclass(frozen=True, slots=True)
class RunQueued:
    """The run waits for a conductor; at most once."""

    type: ClassVar[Literal["run.queued"]] = "run.queued"


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A conductor began the run."""

    type: ClassVar[Literal["run.started"]] = "run.started"


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The run waits for something outside; again when the reason or time changes."""

    type: ClassVar[Literal["run.paused"]] = "run.paused"
    pause: Pause


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The run goes on; follows a pause."""

    type: ClassVar[Literal["run.resumed"]] = "run.resumed"


@dataclass(frozen=True, slots=True)
class RunReopened:
    """An ended run goes on, for what failed; the store's own fact."""

    type: ClassVar[Literal["run.reopened"]] = "run.reopened"


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """An attempt began; precedes all else of it."""

    type: ClassVar[Literal["turn.started"]] = "turn.started"
    turn: Turn
    runner_address: str = ""


@dataclass(frozen=True, slots=True)
class TurnDelta:
    """The panelist spoke; a higher draft replaces the text so far."""

    type: ClassVar[Literal["turn.delta"]] = "turn.delta"
    text: str
    draft: int


@dataclass(frozen=True, slots=True)
class FindingAdded:
    """A finding closed."""

    type: ClassVar[Literal["finding.added"]] = "finding.added"
    finding: Finding


@dataclass(frozen=True, slots=True)
class FindingChanged:
    """A finding was put otherwise."""

    type: ClassVar[Literal["finding.changed"]] = "finding.changed"
    finding: Finding


@dataclass(frozen=True, slots=True)
class FindingWithdrawn:
    """A finding no longer counts."""

    type: ClassVar[Literal["finding.withdrawn"]] = "finding.withdrawn"
    finding_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class TurnCompleted:
    """The attempt was answered."""

    type: ClassVar[Literal["turn.completed"]] = "turn.completed"
    turn: Turn


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The attempt ended without an answer.

    Attributes:
        will_retry: Whether the turn is tried again.
        retry_time: When, if anybody knows.
        usage: What it used; no turns where it counts towards no limit.
        model: The model that was asked, None for the account's default.
    """

    type: ClassVar[Literal["turn.failed"]] = "turn.failed"
    reason: str
    will_retry: bool
    retry_time: datetime | None
    usage: Usage
    model: str | None = None


@dataclass(frozen=True, slots=True)
class TurnSuperseded:
    """The attempt's text and findings no longer count."""

    type: ClassVar[Literal["turn.superseded"]] = "turn.superseded"


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """The panel's outcome; precedes the end. It voids the synthesis before it."""

    type: ClassVar[Literal["decision.set"]] = "decision.set"
    decision: Decision


@dataclass(frozen=True, slots=True)
class ClustersSet:
    """The findings were put together; again replaces."""

    type: ClassVar[Literal["clusters.set"]] = "clusters.set"
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class AgendaSet:
    """What is worth discussing; again replaces, and what was said before is void."""

    type: ClassVar[Literal["agenda.set"]] = "agenda.set"
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True)
class StanceChanged:
    """A panelist answered an item."""

    type: ClassVar[Literal["stance.changed"]] = "stance.changed"
    stance: Stance


@dataclass(frozen=True, slots=True)
class SynthesisSet:
    """The moderator's text; again replaces."""

    type: ClassVar[Literal["synthesis.set"]] = "synthesis.set"
    synthesis: Synthesis


@dataclass(frozen=True, slots=True)
class DispositionSet:
    """The author answered a finding; the store's own fact, also after the end."""

    type: ClassVar[Literal["disposition.set"]] = "disposition.set"
    finding_id: str
    disposition: Disposition
    reason: str | None
    by: str


@dataclass(frozen=True, slots=True)
class RunSucceeded:
    """The end: every seat and stage finished."""

    type: ClassVar[Literal["run.succeeded"]] = "run.succeeded"


@dataclass(frozen=True, slots=True)
class RunIncomplete:
    """The end: some seat or stage did not finish."""

    type: ClassVar[Literal["run.incomplete"]] = "run.incomplete"
    reason: str


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The end: no seat finished."""

    type: ClassVar[Literal["run.failed"]] = "run.failed"
    reason: str


@dataclass(frozen=True, slots=True)
class RunCancelled:
    """The end: at the author's word."""

    type: ClassVar[Literal["run.cancelled"]] = "run.cancelled"
    reason: str


RunFact = (
    RunCreated
    | RunQueued
    | RunStarted
    | RunPaused
    | RunResumed
    | RunReopened
    | ClustersSet
    | AgendaSet
    | DecisionSet
    | SynthesisSet
    | DispositionSet
    | RunSucceeded
    | RunIncomplete
    | RunFailed
    | RunCancelled
)
TurnFact = (
    TurnStarted
    | TurnDelta
    | FindingAdded
    | FindingChanged
    | FindingWithdrawn
    | StanceChanged
    | TurnCompleted
    | TurnFailed
    | TurnSuperseded
)
Fact = RunFact | TurnFact


@dataclass(frozen=True, slots=True)
class TurnRef:
    """One attempt of one turn."""

    turn_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Event:
    """A fact with its place in the log; `turn` is None for the run's own facts."""

    sequence: int
    time: datetime
    run_id: str
    turn: TurnRef | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to append.

    Attributes:
        part_index: Index of the runner's part that caused it, where one did.
    """

    fact: Fact
    turn: TurnRef | None = None
    part_index: int | None = None
