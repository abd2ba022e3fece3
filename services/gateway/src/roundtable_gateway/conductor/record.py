"""What a run's log says so far: where a conductor begins, and what it adds itself."""

from dataclasses import dataclass, replace

from roundtable_gateway.conductor.ports import Claim
from roundtable_gateway.domain import event as facts
from roundtable_gateway.domain.event import NewEvent, TurnRef
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import RunSummary, Turn, TurnKind, TurnState, Usage
from roundtable_gateway.panel.standing import without_answers

_ENDED_WITHOUT_ANSWER = (TurnState.FAILED, TurnState.CANCELLED)


@dataclass(frozen=True, slots=True)
class BegunTurn:
    """A turn of which the log has an attempt.

    Attributes:
        turn: The turn as the log has it.
        findings: The findings of its latest attempt, in the log's order.
        next_part: First of the latest attempt's parts that is not in the log.
    """

    turn: Turn
    findings: tuple[Finding, ...]
    next_part: int


class RunRecord:
    """The fold of a run's log, and the only memory of its walk.

    Whatever a stage has to know stands here, so that a conductor that takes a run over
    stands where the one before it stood. What the author has answered meanwhile is
    left aside: it may come at any time, and the panel's own decision stands beside it.

    Attributes:
        turns: By id, in the log's order.
        findings: Those that count, by id, in the log's order.
    """

    def __init__(self, claim: Claim) -> None:
        detail = claim.detail
        self.turns = {
            turn.id: _due_again(turn) if _is_due_again(turn, detail.run) else turn
            for turn in detail.turns
        }
        self.findings = {
            finding.id: finding for finding in without_answers(detail.findings)
        }
        self.clusters = detail.clusters
        self.agenda = detail.agenda
        self.stances = detail.stances
        self.decision = detail.decision
        self.synthesis = detail.synthesis
        self._next_parts = claim.next_parts

    def begun(self, turn_id: str) -> BegunTurn | None:
        """Return what there is of a turn, None where no attempt was made."""
        turn = self.turns.get(turn_id)
        if turn is None or turn.attempt == 0:
            return None
        return BegunTurn(
            turn=turn,
            findings=tuple(self.findings_of(turn_id)),
            next_part=self._next_parts.get(turn_id, 0),
        )

    def has_answer(self, turn_id: str) -> bool:
        """Return whether a turn was answered."""
        turn = self.turns.get(turn_id)
        return turn is not None and turn.state is TurnState.SUCCEEDED

    def is_settled(self, turn_id: str) -> bool:
        """Return whether nothing more is to be asked of a turn."""
        turn = self.turns.get(turn_id)
        return turn is not None and turn.state not in (
            TurnState.QUEUED,
            TurnState.RUNNING,
        )

    def findings_of(self, turn_id: str) -> list[Finding]:
        """Return the findings that a turn has handed in and that count."""
        return [each for each in self.findings.values() if each.turn_id == turn_id]

    def note(self, event: NewEvent) -> None:
        """Take an event that is in the log."""
        match event.fact, event.turn:
            case ((facts.TurnStarted(turn) | facts.TurnCompleted(turn)), _):
                self.turns[turn.id] = turn
            case facts.TurnFailed() as failed, TurnRef(turn_id):
                self.turns[turn_id] = _failed(self.turns[turn_id], failed)
            case facts.TurnSuperseded(), TurnRef(turn_id):
                for finding in self.findings_of(turn_id):
                    del self.findings[finding.id]
            case ((facts.FindingAdded(finding) | facts.FindingChanged(finding)), _):
                self.findings[finding.id] = finding
            case facts.FindingWithdrawn(finding_id), _:
                self.findings.pop(finding_id, None)
            case facts.StanceChanged(stance), _:
                self.stances = (*self.stances, stance)
            case fact, _:
                self._note_outcome(fact)

    def _note_outcome(self, fact: facts.Fact) -> None:
        match fact:
            case facts.ClustersSet(clusters):
                self.clusters = clusters
            case facts.AgendaSet(items):
                self.agenda, self.stances = items, ()
            case facts.DecisionSet(decision):
                self.decision, self.synthesis = decision, None
            case facts.SynthesisSet(synthesis):
                self.synthesis = synthesis


def _failed(turn: Turn, failed: facts.TurnFailed) -> Turn:
    """Return a turn as a failed attempt leaves it."""
    return replace(
        turn,
        state=TurnState.QUEUED if failed.will_retry else TurnState.FAILED,
        reason=failed.reason,
        usage=failed.usage,
        retry_time=failed.retry_time,
    )


def _is_due_again(turn: Turn, run: RunSummary) -> bool:
    """Return whether a turn ended without an answer before the run was opened again.

    What the author has asked is no part of the run: it may be asked again.
    """
    if run.reopen_time is None or turn.kind is TurnKind.ANSWER:
        return False
    if turn.state not in _ENDED_WITHOUT_ANSWER:
        return False
    return turn.end_time is None or turn.end_time <= run.reopen_time


def _due_again(turn: Turn) -> Turn:
    """Return a turn whose attempts so far count towards no limit."""
    return replace(
        turn,
        state=TurnState.QUEUED,
        retry_time=None,
        paused_attempts=turn.attempt - 1,
        usage=Usage(),
    )
