"""Events of a run over SSE: the contract's JSON of each type.

An event's `data` is flat: the place in the log, then what the type carries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from roundtable_gateway.domain import event as facts
from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.event import Event, Fact
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.run import RunSummary, Turn
from roundtable_gateway.http.schemas.whole_run import RunSynthesis


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunEvent:
    sequence: int
    time: datetime
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _TurnEvent(_RunEvent):
    turn_id: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCreatedEvent(_RunEvent):
    """Always event 1: the run without its lists."""

    type: Literal["run.created"] = "run.created"
    run: RunSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRunEvent(_RunEvent):
    """A run's fact that carries nothing more."""

    type: Literal[
        "run.queued", "run.started", "run.resumed", "run.reopened", "run.succeeded"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPausedEvent(_RunEvent):
    """Why a run waits for something outside, and until when, if anybody knows."""

    type: Literal["run.paused"] = "run.paused"
    reason: str
    resume_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEndedEvent(_RunEvent):
    """An end that is no success, and why."""

    type: Literal["run.incomplete", "run.failed", "run.cancelled"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEvent(_TurnEvent):
    """An attempt began or was answered: the turn."""

    type: Literal["turn.started", "turn.completed"]
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDeltaEvent(_TurnEvent):
    """The next words; a higher draft replaces the text so far."""

    type: Literal["turn.delta"] = "turn.delta"
    text: str
    draft: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFailedEvent(_TurnEvent):
    """Why an attempt failed, whether it is tried again, and when if anybody knows."""

    type: Literal["turn.failed"] = "turn.failed"
    reason: str
    will_retry: bool
    retry_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSupersededEvent(_TurnEvent):
    """The attempt's text and findings no longer count."""

    type: Literal["turn.superseded"] = "turn.superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEvent(_TurnEvent):
    """A finding closed or was put otherwise."""

    type: Literal["finding.added", "finding.changed"]
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWithdrawnEvent(_TurnEvent):
    """A finding no longer counts, and why."""

    type: Literal["finding.withdrawn"] = "finding.withdrawn"
    finding_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSetEvent(_RunEvent):
    """The panel's outcome; again replaces and voids the synthesis before it."""

    type: Literal["decision.set"] = "decision.set"
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersSetEvent(_RunEvent):
    """The findings were put together; again replaces."""

    type: Literal["clusters.set"] = "clusters.set"
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaSetEvent(_RunEvent):
    """What is worth discussing; again replaces, and what was said before is void."""

    type: Literal["agenda.set"] = "agenda.set"
    agenda: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceChangedEvent(_TurnEvent):
    """A panelist answered an item of the agenda."""

    type: Literal["stance.changed"] = "stance.changed"
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisSetEvent(_RunEvent):
    """The moderator's text; again replaces."""

    type: Literal["synthesis.set"] = "synthesis.set"
    synthesis: RunSynthesis


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionSetEvent(_RunEvent):
    """The author answered a finding; may come after the end."""

    type: Literal["disposition.set"] = "disposition.set"
    finding_id: str
    disposition: Disposition
    reason: str | None
    by: str


RunEvent = (
    RunCreatedEvent
    | PlainRunEvent
    | RunPausedEvent
    | RunEndedEvent
    | TurnEvent
    | TurnDeltaEvent
    | TurnFailedEvent
    | TurnSupersededEvent
    | FindingEvent
    | FindingWithdrawnEvent
    | ClustersSetEvent
    | AgendaSetEvent
    | StanceChangedEvent
    | DecisionSetEvent
    | SynthesisSetEvent
    | DispositionSetEvent
)

EVENT_ADAPTER: TypeAdapter[Any] = TypeAdapter(
    Annotated[RunEvent, Field(discriminator="type")]
)


def to_schema(event: Event) -> RunEvent:
    """Return the contract's form of an event."""
    place: dict[str, Any] = {
        "sequence": event.sequence,
        "time": event.time,
        "run_id": event.run_id,
    }
    if event.turn is not None:
        place |= {"turn_id": event.turn.turn_id, "attempt": event.turn.attempt}
    return _with_fact(event.fact, place)


def _with_fact(fact: Fact, place: dict[str, Any]) -> RunEvent:  # noqa: C901, PLR0911, PLR0912 - a line a type
    match fact:
        case facts.TurnDelta():
            return TurnDeltaEvent(**place, text=fact.text, draft=fact.draft)
        case facts.FindingAdded() | facts.FindingChanged():
            return FindingEvent(**place, type=fact.type, finding=fact.finding)
        case facts.FindingWithdrawn():
            return FindingWithdrawnEvent(
                **place, finding_id=fact.finding_id, reason=fact.reason
            )
        case facts.TurnStarted() | facts.TurnCompleted():
            return TurnEvent(**place, type=fact.type, turn=fact.turn)
        case facts.TurnFailed():
            return TurnFailedEvent(
                **place,
                reason=fact.reason,
                will_retry=fact.will_retry,
                retry_time=fact.retry_time,
            )
        case facts.TurnSuperseded():
            return TurnSupersededEvent(**place)
        case facts.RunCreated():
            return RunCreatedEvent(**place, run=fact.run)
        case facts.ClustersSet():
            return ClustersSetEvent(**place, clusters=fact.clusters)
        case facts.AgendaSet():
            return AgendaSetEvent(**place, agenda=fact.items)
        case facts.StanceChanged():
            return StanceChangedEvent(**place, stance=fact.stance)
        case facts.SynthesisSet():
            return SynthesisSetEvent(**place, synthesis=RunSynthesis.of(fact.synthesis))
        case facts.DispositionSet():
            return DispositionSetEvent(
                **place,
                finding_id=fact.finding_id,
                disposition=fact.disposition,
                reason=fact.reason,
                by=fact.by,
            )
        case facts.DecisionSet():
            return DecisionSetEvent(**place, decision=fact.decision)
        case facts.RunPaused(pause):
            return RunPausedEvent(
                **place, reason=pause.reason, resume_time=pause.resume_time
            )
        case (
            facts.RunQueued()
            | facts.RunStarted()
            | facts.RunResumed()
            | facts.RunReopened()
            | facts.RunSucceeded()
        ):
            return PlainRunEvent(**place, type=fact.type)
        case facts.RunIncomplete() | facts.RunFailed() | facts.RunCancelled():
            return RunEndedEvent(**place, type=fact.type, reason=fact.reason)
