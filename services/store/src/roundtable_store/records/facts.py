"""What an event means for the records: the typed form of an event's payload."""

from dataclasses import dataclass

from roundtable_store.records.runs import RunState, Usage


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
class RunEnded:
    """The run ended, in this state."""

    state: RunState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """An attempt began."""

    turn_id: str
    attempt: int
    body: bytes


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


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The attempt ended without an answer."""

    turn_id: str
    attempt: int
    reason: str
    is_retried: bool
    usage: Usage


@dataclass(frozen=True, slots=True)
class TurnSuperseded:
    """The attempt's text and findings no longer count."""

    turn_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class FindingAdded:
    """A finding closed."""

    turn_id: str
    attempt: int
    finding_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FindingChanged:
    """A finding was put otherwise."""

    turn_id: str
    attempt: int
    finding_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FindingWithdrawn:
    """A finding no longer counts."""

    turn_id: str
    attempt: int
    finding_id: str


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """The panel's outcome."""

    body: bytes


FindingFact = FindingAdded | FindingChanged | FindingWithdrawn
AnswerFact = TurnSpoke | TurnCompleted | TurnFailed | FindingFact
TurnFact = TurnStarted | AnswerFact | TurnSuperseded
Fact = RunCreated | RunQueued | RunStarted | RunEnded | TurnFact | DecisionSet
