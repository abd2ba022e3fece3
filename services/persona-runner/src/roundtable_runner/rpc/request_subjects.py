"""Reads what is read and who reads it."""

import re
from collections.abc import Iterable

from roundtable.runner.v1 import turn_task_pb2
from roundtable_runner.rpc.request_check import RequestCheck
from roundtable_runner.turn.prompts.seat import METHODS
from roundtable_runner.turn.task_subject import (
    Brief,
    Criterion,
    Paragraph,
    Persona,
    TaskSeat,
    TaskSubject,
)

_KEY = re.compile(r"[a-z][a-z_]{0,39}")
_PARAGRAPH_ID = re.compile(r"P([1-9][0-9]{0,8})")
_MAX_STRICTNESS = 5


def check_subject(subject: turn_task_pb2.TaskSubject, check: RequestCheck) -> None:
    """Note what is wrong with a subject."""
    keys = [criterion.key for criterion in subject.criteria]
    check.distinct(keys, "criteria")
    check.that(all(map(is_key, keys)), "criteria", "has a key that is none")
    document = check.at("document")
    check_document_type(subject.document.document_type, document)
    _check_paragraphs(subject.document.paragraphs, document)
    count = subject.document.paragraph_count
    is_right = count == 0 or count >= len(subject.document.paragraphs)
    document.that(is_right, "paragraph_count", "is less than are shown")


def check_document_type(document_type: str, check: RequestCheck) -> None:
    """Note a document type that is none."""
    check.that(is_key(document_type), "document_type", "is no document type")


def check_seat(
    seat: turn_task_pb2.TaskSeat,
    subject: turn_task_pb2.TaskSubject,
    check: RequestCheck,
) -> None:
    """Note what is wrong with a seat that reads a subject."""
    check.given(seat.panelist_id, "panelist_id")
    keys = {criterion.key for criterion in subject.criteria}
    check.that(
        bool(seat.owned_criteria) and set(seat.owned_criteria) <= keys,
        "owned_criteria",
        "is some of the criteria's keys",
    )
    persona, at = seat.persona, check.at("persona")
    at.given(persona.name, "name")
    at.given(persona.role, "role")
    at.one_of(persona.method, METHODS, "method")
    is_right = 1 <= persona.strictness <= _MAX_STRICTNESS
    at.that(is_right, "strictness", "is 1 to 5")


def is_key(key: str) -> bool:
    """Tell whether a text can be the key of a criterion or a document type."""
    return _KEY.fullmatch(key) is not None


def read_subject(subject: turn_task_pb2.TaskSubject) -> TaskSubject:
    """Return a subject that was checked."""
    return TaskSubject(
        criteria=tuple(_criterion(criterion) for criterion in subject.criteria),
        document_type=subject.document.document_type,
        paragraphs=tuple(
            Paragraph(paragraph.paragraph_id, paragraph.text)
            for paragraph in subject.document.paragraphs
        ),
        brief=read_brief(subject.brief),
        paragraph_count=subject.document.paragraph_count,
    )


def read_brief(brief: turn_task_pb2.TaskBrief) -> Brief:
    """Return a brief; any will do."""
    return Brief(
        audience=brief.audience,
        goal=brief.goal,
        scope=brief.scope,
        instructions=brief.instructions,
    )


def read_seat(seat: turn_task_pb2.TaskSeat) -> TaskSeat:
    """Return a seat that was checked."""
    return TaskSeat(
        panelist_id=seat.panelist_id,
        persona=_persona(seat.persona),
        owned_criteria=tuple(seat.owned_criteria),
    )


def _check_paragraphs(
    paragraphs: Iterable[turn_task_pb2.ReviewedParagraph], check: RequestCheck
) -> None:
    expected = None
    for at, paragraph in check.each("paragraphs", paragraphs):
        found = _PARAGRAPH_ID.fullmatch(paragraph.paragraph_id)
        number = 0 if found is None else int(found[1])
        if expected is None:
            # Part of a long document begins at any number.
            at.that(number > 0, "paragraph_id", "is P and a number")
            expected = number
        else:
            at.that(number == expected, "paragraph_id", f"is P{expected}")
        expected += 1
        text = paragraph.text
        is_one = "\n\n" not in text and text.strip("\n") == text
        at.that(bool(text) and is_one, "text", "holds a blank line")
    check.that(expected is not None, "paragraphs", "is empty")


def _persona(persona: turn_task_pb2.PersonaProfile) -> Persona:
    return Persona(
        name=persona.name,
        role=persona.role,
        summary=persona.summary,
        background=persona.background,
        priorities=tuple(persona.priorities),
        pet_peeves=tuple(persona.pet_peeves),
        objections=tuple(persona.objections),
        convinced_by=persona.convinced_by,
        voice=persona.voice,
        influences=persona.influences,
        authority=persona.authority,
        questions=tuple(persona.questions),
        method=persona.method,
        strictness=persona.strictness,
    )


def _criterion(criterion: turn_task_pb2.RubricCriterion) -> Criterion:
    return Criterion(
        key=criterion.key,
        label=criterion.label,
        question=criterion.question,
        anchors=tuple((anchor.score, anchor.text) for anchor in criterion.anchors),
        expects=tuple(criterion.expects),
    )
