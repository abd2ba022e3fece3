"""The rules of a run's log and the state that follows, as the store has them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from roundtable_gateway.conductor.ports import Progress
from roundtable_gateway.domain import event as facts
from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.event import Fact, NewEvent, TurnRef
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import (
    RunDetail,
    RunState,
    RunSummary,
    Turn,
    TurnKind,
    TurnState,
    Usage,
)
from roundtable_gateway.domain.synthesis import Synthesis
from roundtable_kit.errors import FailedPrecondition
from services.gateway.tests.support.samples import NOW

_ENDS = {
    "run.succeeded": RunState.SUCCEEDED,
    "run.incomplete": RunState.INCOMPLETE,
    "run.failed": RunState.FAILED,
    "run.cancelled": RunState.CANCELLED,
}
_UNFINISHED = (TurnState.QUEUED, TurnState.RUNNING)
TERMINAL_TYPES = frozenset(_ENDS)


def illegal(detail: str) -> FailedPrecondition:
    """Return the store's error for an event that must not follow."""
    return FailedPrecondition("ILLEGAL_EVENT", detail)


@dataclass(slots=True)
class Projection:
    """Folds a log, event by event, and refuses what must not follow."""

    run: RunSummary
    is_queued: bool = False
    turns: dict[str, Turn] = field(default_factory=dict)
    findings: dict[str, tuple[TurnRef, Finding]] = field(default_factory=dict)
    next_parts: dict[str, int] = field(default_factory=dict)
    decision: Decision | None = None
    clusters: tuple[Cluster, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    stances: tuple[Stance, ...] = ()
    synthesis: Synthesis | None = None

    @property
    def now(self) -> datetime:
        """When the store writes what comes next: a second later than the last."""
        return NOW + timedelta(seconds=self.run.last_sequence)

    @property
    def is_at_rest(self) -> bool:
        """Whether the last opening has ended and nothing is being answered."""
        return self.run.state.is_ended and not any(
            turn.state in _UNFINISHED for turn in self.turns.values()
        )

    def detail(self) -> RunDetail:
        """Return the run, whole."""
        return RunDetail(
            run=self.run,
            turns=tuple(self.turns.values()),
            findings=tuple(finding for _, finding in self.findings.values()),
            decision=self.decision,
            clusters=self.clusters,
            agenda=self.agenda,
            stances=self.stances,
            synthesis=self.synthesis,
        )

    def copy(self) -> "Projection":
        """Return one that can be moved on without moving this one."""
        return replace(
            self,
            turns=dict(self.turns),
            findings=dict(self.findings),
            next_parts=dict(self.next_parts),
        )

    def move(self, progress: Progress) -> None:
        """Note where the run is."""
        self.run = replace(self.run, stage=progress.stage, manifest=progress.manifest)

    def ask(self, turn: Turn) -> None:
        """Queue a question to a panelist."""
        self.turns[turn.id] = turn

    def apply(self, event: NewEvent) -> None:
        """Take one event."""
        if isinstance(event.fact, facts.RunReopened):
            self._reopen()
            return
        if self.is_at_rest:
            raise illegal("the run is at rest")
        if event.turn is None:
            self._apply_run_fact(event.fact)
        else:
            self._apply_turn_fact(event.fact, event.turn)
            if event.part_index is not None:
                self.next_parts[event.turn.turn_id] = event.part_index + 1
        self.run = replace(self.run, last_sequence=self.run.last_sequence + 1)

    def _reopen(self) -> None:
        self.run = replace(
            self.run,
            state=RunState.RUNNING,
            reason=None,
            reopen_time=self.now,
            last_sequence=self.run.last_sequence + 1,
        )

    def _apply_run_fact(self, fact: Fact) -> None:
        if self.run.state.is_ended:
            raise illegal("the run has ended")
        is_pending = self.run.state is RunState.PENDING
        if isinstance(fact, facts.RunQueued):
            if not is_pending or self.is_queued:
                raise illegal("queued at most once, before the start")
            self.is_queued = True
        elif isinstance(fact, facts.RunStarted):
            if not is_pending:
                raise illegal("started at most once")
            self.run = replace(self.run, state=RunState.RUNNING)
        elif isinstance(fact, facts.RunCancelled) or not is_pending:
            self._apply_started_fact(fact)
        else:
            raise illegal("not started")

    def _apply_started_fact(self, fact: Fact) -> None:
        match fact:
            case facts.RunPaused(pause):
                self.run = replace(self.run, pause=pause)
            case facts.RunResumed():
                if self.run.pause is None:
                    raise illegal("not paused")
                self.run = replace(self.run, pause=None)
            case facts.DecisionSet(decision):
                self.decision, self.synthesis = decision, None
            case facts.ClustersSet(clusters):
                self.clusters = clusters
            case facts.AgendaSet(items):
                self.agenda, self.stances = items, ()
            case facts.SynthesisSet(synthesis):
                self.synthesis = synthesis
            case _:
                self._end(fact)

    def _end(self, fact: Fact) -> None:
        self.run = replace(
            self.run,
            state=_ENDS[fact.type],
            reason=getattr(fact, "reason", None),
            pause=None,
        )
        for turn in list(self.turns.values()):
            if turn.state in _UNFINISHED:
                self.turns[turn.id] = replace(
                    turn, state=TurnState.CANCELLED, end_time=self.now
                )

    def _apply_turn_fact(self, fact: Fact, ref: TurnRef) -> None:
        turn = self.turns.get(ref.turn_id)
        is_answer = turn is not None and turn.kind is TurnKind.ANSWER
        if self.run.state is not RunState.RUNNING and not is_answer:
            raise illegal("the run is not started")
        if isinstance(fact, facts.TurnStarted):
            self._start(fact.turn, turn)
            return
        if isinstance(fact, facts.TurnSuperseded):
            self._supersede(turn, ref)
            return
        if turn is None or turn.attempt != ref.attempt:
            raise illegal("not the turn's latest attempt")
        # What a turn found may be put otherwise once it has succeeded.
        is_moved = isinstance(fact, facts.FindingChanged) and not is_answer
        is_over = turn.state is TurnState.SUCCEEDED and is_moved
        if turn.state is not TurnState.RUNNING and not is_over:
            raise illegal(f"the turn is {turn.state}")
        self._answer(fact, turn, ref)

    def _start(self, turn: Turn, last: Turn | None) -> None:
        if turn.attempt != (last.attempt if last else 0) + 1:
            raise illegal("attempts are numbered one by one")
        if last and not self._may_begin(last):
            raise illegal(f"the turn is {last.state}")
        self.turns[turn.id] = turn
        self.next_parts[turn.id] = 0
        self._spend(Usage(turns=1))

    def _may_begin(self, last: Turn) -> bool:
        if last.state is TurnState.CANCELLED:
            reopened, ended = self.run.reopen_time, last.end_time
            is_past = reopened is not None and ended is not None and ended <= reopened
            return is_past and last.kind is not TurnKind.ANSWER
        if last.state is TurnState.FAILED:
            return last.kind is not TurnKind.ANSWER
        return last.state is TurnState.QUEUED

    def _supersede(self, turn: Turn | None, ref: TurnRef) -> None:
        if turn is None or not 1 <= ref.attempt <= turn.attempt:
            raise illegal("no such attempt")
        if turn.state is TurnState.SUCCEEDED:
            raise illegal("the turn is succeeded")
        if turn.attempt == ref.attempt and turn.state is TurnState.RUNNING:
            self.turns[turn.id] = replace(turn, state=TurnState.QUEUED)
        self.findings = {
            key: value for key, value in self.findings.items() if value[0] != ref
        }

    def _answer(self, fact: Fact, turn: Turn, ref: TurnRef) -> None:
        match fact:
            case facts.TurnCompleted():
                self.turns[turn.id] = fact.turn
                self._spend(replace(fact.turn.usage, turns=0))
            case facts.TurnFailed():
                state = TurnState.QUEUED if fact.will_retry else TurnState.FAILED
                if fact.reason == "cancelled":
                    state = TurnState.CANCELLED
                self.turns[turn.id] = replace(
                    turn,
                    state=state,
                    reason=fact.reason,
                    retry_time=fact.retry_time,
                    usage=fact.usage,
                    end_time=self.now,
                )
                self._spend(replace(fact.usage, turns=fact.usage.turns - 1))
            case facts.StanceChanged():
                self.stances = (*self.stances, fact.stance)
            case _:
                self._note_finding(fact, ref)

    def _note_finding(self, fact: Fact, ref: TurnRef) -> None:
        match fact:
            case facts.FindingAdded():
                if fact.finding.id in self.findings:
                    raise illegal("the finding was added before")
                self.findings[fact.finding.id] = (ref, fact.finding)
            case facts.FindingChanged():
                if fact.finding.id not in self.findings:
                    raise illegal("there is no such finding")
                added_by, _ = self.findings[fact.finding.id]
                self.findings[fact.finding.id] = (added_by, fact.finding)
            case facts.FindingWithdrawn():
                if self.findings.pop(fact.finding_id, None) is None:
                    raise illegal("there is no such finding")

    def _spend(self, usage: Usage) -> None:
        spent = self.run.usage
        self.run = replace(
            self.run,
            usage=Usage(
                input_tokens=spent.input_tokens + usage.input_tokens,
                output_tokens=spent.output_tokens + usage.output_tokens,
                cache_read_tokens=spent.cache_read_tokens + usage.cache_read_tokens,
                cost_usd=(spent.cost_usd or 0.0) + (usage.cost_usd or 0.0),
                turns=spent.turns + usage.turns,
            ),
        )
