"""What an event means for the records: the typed form of an event's payload."""

from dataclasses import dataclass
from datetime import datetime

from roundtable_store.records.findings import Disposition
from roundtable_store.records.runs import RunState, TurnState, Usage

# The reason of an attempt that was ended with its run.
_CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class RunCreated:
    """The run was created."""


@dataclass(frozen=True, slots=True)
class RunQueued:
    """The run waits for a conductor."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A conductor began the run."""


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The run waits for something outside, as the opaque body says."""

    body: bytes


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The run goes on."""


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run ended, in this state."""

    state: RunState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunReopened:
    """An ended run goes on."""


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """An attempt began; no model is the account's default.

    Attributes:
        is_answer: Whether it answers a question of the author's.
    """

    turn_id: str
    attempt: int
    body: bytes
    model: str = ""
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class TurnSpoke:
    """The panelist spoke; nothing of it is kept but the event."""

    turn_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class TurnCompleted:
    """The attempt was answered."""

    turn_id: str
    attempt: int
    body: bytes
    usage: Usage
    model: str = ""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The attempt ended without an answer.

    Attributes:
        is_retried: Whether the turn is queued again.
        usage: What it used; no turns where it counts towards no limit.
        retry_time: When it is tried again, if anybody knows.
    """

    turn_id: str
    attempt: int
    reason: str
    is_retried: bool
    usage: Usage
    retry_time: datetime | None = None
    model: str = ""

    @property
    def state(self) -> TurnState:
        """What the turn becomes."""
        if self.is_retried:
            return TurnState.QUEUED
        is_cancelled = self.reason == _CANCELLED
        return TurnState.CANCELLED if is_cancelled else TurnState.FAILED


@dataclass(frozen=True, slots=True)
class TurnSuperseded:
    """The attempt's text and findings no longer count."""

    turn_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class FindingAdded:
    """A finding closed; the author may have rejected it in an earlier run."""

    turn_id: str
    attempt: int
    finding_id: str
    body: bytes
    disposition: Disposition = Disposition.OPEN
    disposition_reason: str | None = None


@dataclass(frozen=True, slots=True)
class FindingChanged:
    """A finding was put otherwise, and may be one that was rejected before only now."""

    turn_id: str
    attempt: int
    finding_id: str
    body: bytes
    disposition: Disposition = Disposition.OPEN
    disposition_reason: str | None = None


@dataclass(frozen=True, slots=True)
class FindingWithdrawn:
    """A finding no longer counts."""

    turn_id: str
    attempt: int
    finding_id: str


@dataclass(frozen=True, slots=True)
class StanceChanged:
    """A panelist answered an item of the agenda."""

    turn_id: str
    attempt: int
    body: bytes


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """The panel's outcome; what the moderator wrote of one before is void."""

    body: bytes


@dataclass(frozen=True, slots=True)
class ClustersSet:
    """The findings were put together."""

    body: bytes


@dataclass(frozen=True, slots=True)
class AgendaSet:
    """What is worth discussing; what was said of an agenda before is void."""

    body: bytes


@dataclass(frozen=True, slots=True)
class SynthesisSet:
    """The moderator's text."""

    body: bytes


@dataclass(frozen=True, slots=True)
class DispositionSet:
    """The author answered a finding."""

    finding_id: str
    disposition: Disposition
    reason: str | None


FindingFact = FindingAdded | FindingChanged | FindingWithdrawn
AnswerFact = TurnSpoke | TurnCompleted | TurnFailed | FindingFact | StanceChanged
TurnFact = TurnStarted | AnswerFact | TurnSuperseded
PanelFact = DecisionSet | ClustersSet | AgendaSet | SynthesisSet
RowFact = FindingFact | StanceChanged | PanelFact | DispositionSet
StartedFact = TurnFact | RunPaused | RunResumed | PanelFact
RunFact = (
    RunCreated
    | RunQueued
    | RunStarted
    | RunPaused
    | RunResumed
    | RunEnded
    | RunReopened
)
Fact = RunFact | TurnFact | PanelFact | DispositionSet
