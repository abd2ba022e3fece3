"""A turn that a stage wants to have answered."""

from dataclasses import dataclass
from datetime import datetime

from roundtable_gateway.conductor.settlement.settlement import Settlement
from roundtable_gateway.conductor.tasks import ClusterTask, SynthesisTask, Task
from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.run import Turn, TurnState


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """What is asked, of which model, and what becomes of the answer.

    Attributes:
        id: The same for every conductor that plans it.
        model: None for the account's default.
        question: The author's, where the turn answers one.
    """

    id: str
    task: Task
    settlement: Settlement
    model: str | None
    round: int = 1
    question: str | None = None

    def begin(self, *, attempt: int, paused_attempts: int, now: datetime) -> Turn:
        """Return an attempt that begins."""
        seat, shown = self.task.seat, self._shown
        return Turn(
            id=self.id,
            kind=self.task.kind,
            panelist_id=seat.panelist.id if seat else None,
            round=self.round,
            attempt=attempt,
            state=TurnState.RUNNING,
            start_time=now,
            model=self.model,
            paused_attempts=paused_attempts,
            first_paragraph_id=shown[0].id if shown else None,
            last_paragraph_id=shown[-1].id if shown else None,
            question=self.question,
        )

    @property
    def _shown(self) -> tuple[Paragraph, ...]:
        if isinstance(self.task, ClusterTask | SynthesisTask):
            return ()
        return self.task.subject.paragraphs
