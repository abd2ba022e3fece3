"""The persona-runner as the conductor sees it."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import grpc

from roundtable.runner.v1 import (
    turn_service_pb2,
    turn_service_pb2_grpc,
    turn_task_pb2,
)
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.part_converters import part_from_proto
from roundtable_gateway.conductor.parts import Attached, TurnOrder, TurnPart
from roundtable_gateway.conductor.tasks import ReadingSeat, ReviewTask, Subject
from roundtable_gateway.domain.event import TurnRef
from roundtable_gateway.domain.persona import Persona
from roundtable_gateway.domain.run import Engine
from roundtable_kit.errors import NotFound

_ENGINES = {
    Engine.CLAUDE: turn_service_pb2.TURN_ENGINE_CLAUDE,
    Engine.ENDPOINT: turn_service_pb2.TURN_ENGINE_ENDPOINT,
    Engine.REHEARSAL: turn_service_pb2.TURN_ENGINE_REHEARSAL,
}

# Longer than any turn may take; a stream that ends early is attached to again.
_ATTACH_DEADLINE = timedelta(minutes=30)


class RunnerTurns:
    """Implements the conductor's `TurnRunner` over gRPC.

    Args:
        address: The runner's own address, written down with every attempt.
    """

    def __init__(self, channel: grpc.aio.Channel, address: str) -> None:
        self._stub = turn_service_pb2_grpc.TurnServiceStub(channel)
        self.address = address

    async def start(self, order: TurnOrder) -> None:
        """Start an attempt. Raises ResourceExhausted when every slot is taken."""
        with errors_unwrapped():
            await self._stub.StartTurn(_start_request(order))

    async def attach(
        self, ref: TurnRef, from_index: int
    ) -> AsyncGenerator[Attached | TurnPart]:
        """Yield an attempt's parts to its end. Raises NotFound if it isn't there."""
        call = self._stub.AttachTurn(
            turn_service_pb2.AttachTurnRequest(
                turn_id=ref.turn_id, attempt=ref.attempt, from_index=from_index
            ),
            timeout=_ATTACH_DEADLINE.total_seconds(),
        )
        try:
            with errors_unwrapped():
                async for response in call:
                    if not response.parts:
                        yield Attached()
                    for part in response.parts:
                        yield part_from_proto(part)
        finally:
            call.cancel()

    async def cancel(self, run_id: str, ref: TurnRef, *, fencing_token: int) -> None:
        """End an attempt; one that isn't there is left alone."""
        request = turn_service_pb2.CancelTurnRequest(
            run_id=run_id,
            fencing_token=fencing_token,
            turn_id=ref.turn_id,
            attempt=ref.attempt,
        )
        try:
            with errors_unwrapped():
                await self._stub.CancelTurn(request)
        except NotFound:
            return


def _start_request(order: TurnOrder) -> turn_service_pb2.StartTurnRequest:
    if not isinstance(order.task, ReviewTask):
        raise NotImplementedError(order.task.kind)
    return turn_service_pb2.StartTurnRequest(
        run_id=order.run_id,
        fencing_token=order.fencing_token,
        turn_id=order.turn_id,
        attempt=order.attempt,
        engine=_ENGINES[order.engine],
        model=order.model or "",
        effort=order.effort or "",
        review=turn_task_pb2.ReviewTask(
            subject=_subject(order.task.subject), seat=_seat(order.task.seat)
        ),
    )


def _subject(subject: Subject) -> turn_task_pb2.TaskSubject:
    return turn_task_pb2.TaskSubject(
        criteria=[
            turn_task_pb2.RubricCriterion(
                key=criterion.key,
                label=criterion.label,
                question=criterion.question,
                anchors=[
                    turn_task_pb2.ScoreAnchor(score=anchor.score, text=anchor.text)
                    for anchor in criterion.anchors
                ],
                expects=criterion.expects,
            )
            for criterion in subject.rubric.criteria
        ],
        document=_document(subject),
        brief=turn_task_pb2.TaskBrief(
            audience=subject.brief.audience or "",
            goal=subject.brief.goal or "",
            scope=subject.brief.scope or "",
            instructions=subject.brief.instructions or "",
        ),
    )


def _seat(seat: ReadingSeat) -> turn_task_pb2.TaskSeat:
    return turn_task_pb2.TaskSeat(
        panelist_id=seat.panelist.id,
        persona=_persona(seat.panelist.persona),
        owned_criteria=seat.owned_criteria,
    )


def _document(subject: Subject) -> turn_task_pb2.ReviewedDocument:
    text = subject.document.text
    return turn_task_pb2.ReviewedDocument(
        title=subject.document_title,
        document_type=subject.rubric.document_type,
        paragraphs=[
            turn_task_pb2.ReviewedParagraph(
                paragraph_id=paragraph.id, text=text[paragraph.start : paragraph.end]
            )
            for paragraph in subject.paragraphs
        ],
    )


def _persona(persona: Persona) -> turn_task_pb2.PersonaProfile:
    return turn_task_pb2.PersonaProfile(
        name=persona.name,
        role=persona.role,
        summary=persona.summary,
        background=persona.background,
        priorities=persona.priorities,
        pet_peeves=persona.pet_peeves,
        objections=persona.objections,
        convinced_by=persona.convinced_by,
        voice=persona.voice,
        influences=persona.influences,
        authority=persona.authority,
        questions=persona.questions,
        method=persona.method.value,
        strictness=persona.strictness,
    )
