"""A run under way, as its stages have it: what the log says, and whom to ask."""

import asyncio
from dataclasses import dataclass

from roundtable_gateway.conductor.gate import Gate
from roundtable_gateway.conductor.manifest import Manifest
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.record import RunRecord
from roundtable_gateway.conductor.tasks import ReadingSeat, Subject
from roundtable_gateway.conductor.turn_driver import TurnDriver
from roundtable_gateway.conductor.turn_ids import review_id
from roundtable_gateway.conductor.turn_tools import TurnTools
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.event import NewEvent, RunFact
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Panelist, RunSummary, Stage, Turn
from roundtable_gateway.panel.criteria import owned_criteria
from roundtable_gateway.panel.sections import ReadingPlan
from roundtable_gateway.panel.stances import as_reviewed


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What the stages of one run share.

    Attributes:
        reading: Who is shown what of the document.
        record: What the log says so far; it grows as turns settle.
        room_tokens: What the model's window leaves for document and material.
    """

    run: RunSummary
    document: DocumentText
    reading: ReadingPlan
    gate: Gate
    record: RunRecord
    manifest: Manifest
    tools: TurnTools
    room_tokens: int

    @property
    def common_model(self) -> str | None:
        """The model of turns without a seat: all seats' own, else the account's."""
        models = {panelist.model for panelist in self.run.panelists}
        return models.pop() if len(models) == 1 else None

    @property
    def finished_seats(self) -> tuple[Panelist, ...]:
        """The seats whose review is in."""
        return tuple(
            each
            for each in self.run.panelists
            if self.record.has_answer(review_id(self.run.id, each.id))
        )

    @property
    def reviews(self) -> tuple[Turn, ...]:
        """The reviews that are in, in the order of the seats."""
        return tuple(
            self.record.turns[review_id(self.run.id, each.id)]
            for each in self.finished_seats
        )

    @property
    def reviewed_findings(self) -> tuple[Finding, ...]:
        """The findings as they were ahead of the discussion."""
        stances = self.record.stances
        return tuple(
            as_reviewed(each, stances) for each in self.record.findings.values()
        )

    def subject(self, paragraphs: tuple[Paragraph, ...]) -> Subject:
        """Return the document with the paragraphs that are shown of it."""
        return Subject(
            rubric=self.run.rubric,
            document_title=self.run.document.title,
            document=self.document,
            paragraphs=paragraphs,
            brief=self.run.brief,
        )

    def seat(self, panelist: Panelist) -> ReadingSeat:
        """Return a seat with the criteria it answers for."""
        return ReadingSeat(panelist, owned_criteria(panelist.persona, self.run.rubric))

    async def ask(self, stage: Stage, *turns: PlannedTurn) -> bool:
        """Drive a stage's turns to their ends; return whether all were answered."""
        if not all(self.record.is_settled(turn.id) for turn in turns):
            self.manifest.begin(stage)
        await self.drive(*turns)
        return all(self.record.has_answer(turn.id) for turn in turns)

    async def drive(self, *turns: PlannedTurn) -> None:
        """Drive turns side by side to their ends."""
        async with asyncio.TaskGroup() as group:
            for turn in turns:
                begun = self.record.begun(turn.id)
                driver = TurnDriver(turn, self.tools, begun=begun)
                group.create_task(driver.drive())
            # Behind the first step of each: who waits at the barrier is known by then.
            group.create_task(self.tools.pause.tell())

    async def tell(self, stage: Stage, fact: RunFact) -> None:
        """Write a fact of the run down."""
        await self.append(stage, NewEvent(fact))

    async def append(self, stage: Stage, *events: NewEvent) -> None:
        """Write down in one piece what a stage has come to."""
        self.manifest.begin(stage)
        await self.tools.log.append(*events)
