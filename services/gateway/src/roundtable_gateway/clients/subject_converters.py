"""What is read and who reads: the conductor's types -> the runner's messages."""

from roundtable.runner.v1 import turn_task_pb2
from roundtable_gateway.conductor.tasks import ReadingSeat, Subject
from roundtable_gateway.domain.persona import Persona
from roundtable_gateway.domain.run import Brief


def subject_to_proto(subject: Subject) -> turn_task_pb2.TaskSubject:
    """Return the wire's form of what is read."""
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
        brief=brief_to_proto(subject.brief),
    )


def seat_to_proto(seat: ReadingSeat) -> turn_task_pb2.TaskSeat:
    """Return the wire's form of who reads."""
    return turn_task_pb2.TaskSeat(
        panelist_id=seat.panelist.id,
        persona=_persona(seat.panelist.persona),
        owned_criteria=seat.owned_criteria,
    )


def brief_to_proto(brief: Brief) -> turn_task_pb2.TaskBrief:
    """Return the wire's form of what the author asks."""
    return turn_task_pb2.TaskBrief(
        audience=brief.audience or "",
        goal=brief.goal or "",
        scope=brief.scope or "",
        instructions=brief.instructions or "",
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
        paragraph_count=_count_of_whole(subject),
    )


def _count_of_whole(subject: Subject) -> int:
    """Return how many paragraphs there are, zero where all of them are shown."""
    count = len(subject.document.paragraphs)
    return 0 if len(subject.paragraphs) == count else count


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
