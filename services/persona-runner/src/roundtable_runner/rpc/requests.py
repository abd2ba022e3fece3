"""Reads requests into the domain's types; what is wrong is told by its field."""

import re
from collections.abc import Iterable

from roundtable.runner.v1 import account_service_pb2, turn_service_pb2, turn_task_pb2
from roundtable_kit.errors import FieldViolation, InvalidArgument
from roundtable_runner.turn.task import (
    Brief,
    Criterion,
    Effort,
    EngineKind,
    Paragraph,
    Persona,
    ReviewTask,
    TurnAttempt,
)
from roundtable_runner.turn.user_message import METHODS

_ENGINES = {
    turn_service_pb2.TURN_ENGINE_CLAUDE: EngineKind.CLAUDE,
    turn_service_pb2.TURN_ENGINE_ENDPOINT: EngineKind.ENDPOINT,
    turn_service_pb2.TURN_ENGINE_REHEARSAL: EngineKind.REHEARSAL,
}
_KEY = re.compile(r"[a-z][a-z_]{0,39}")
# It becomes an argument of the CLI: nothing that could be read as a flag.
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]{0,127}")
_EFFORTS = frozenset(effort.value for effort in Effort)
_MAX_STRICTNESS = 5


def read_start(request: turn_service_pb2.StartTurnRequest) -> TurnAttempt:
    """Return the attempt to start. Raises InvalidArgument."""
    check = _Check()
    check.that(bool(request.run_id), "run_id", "is required")
    check.that(bool(request.turn_id), "turn_id", "is required")
    check.that(request.attempt >= 1, "attempt", "is 1 or more")
    check.that(request.fencing_token >= 0, "fencing_token", "is 0 or more")
    check.that(request.engine in _ENGINES, "engine", "is CLAUDE, ENDPOINT or REHEARSAL")
    check.model(request.model)
    check.that(request.effort in _EFFORTS, "effort", "is low, medium, high or empty")
    has_review = request.WhichOneof("task") == "review"
    check.that(has_review, "task", "is required")
    if has_review:
        _check_review(request.review, check)
    check.done()
    return TurnAttempt(
        run_id=request.run_id,
        fencing_token=request.fencing_token,
        turn_id=request.turn_id,
        number=request.attempt,
        engine=_ENGINES[request.engine],
        model=request.model,
        task=_review(request.review),
        effort=Effort(request.effort),
    )


def check_attach(request: turn_service_pb2.AttachTurnRequest) -> None:
    """Raise InvalidArgument when a field is wrong."""
    check = _Check()
    check.that(request.from_index >= 0, "from_index", "is 0 or more")
    check.done()


def check_test(request: account_service_pb2.TestAccountRequest) -> None:
    """Raise InvalidArgument when a field is wrong."""
    check = _Check()
    check.model(request.model)
    check.done()


class _Check:
    def __init__(self) -> None:
        self._violations: list[FieldViolation] = []

    def that(self, is_right: bool, field: str, detail: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not is_right:
            self._violations.append(FieldViolation(field, detail))

    def model(self, name: str) -> None:
        is_right = not name or _MODEL.fullmatch(name) is not None
        self.that(is_right, "model", "is no model's name")

    def done(self) -> None:
        if self._violations:
            raise InvalidArgument(
                "INVALID_REQUEST",
                "The request has wrong fields.",
                violations=self._violations,
            )


def _check_review(review: turn_task_pb2.ReviewTask, check: _Check) -> None:
    seat, subject = review.seat, review.subject
    persona, document = seat.persona, subject.document
    check.that(bool(seat.panelist_id), "review.seat.panelist_id", "is required")
    check.that(bool(persona.name), "review.seat.persona.name", "is required")
    check.that(bool(persona.role), "review.seat.persona.role", "is required")
    check.that(persona.method in METHODS, "review.seat.persona.method", "is not known")
    check.that(
        1 <= persona.strictness <= _MAX_STRICTNESS,
        "review.seat.persona.strictness",
        "is 1 to 5",
    )
    keys = [criterion.key for criterion in subject.criteria]
    check.that(bool(keys), "review.subject.criteria", "is empty")
    check.that(
        len(set(keys)) == len(keys), "review.subject.criteria", "has a key twice"
    )
    check.that(_are_keys(keys), "review.subject.criteria", "has a key that is none")
    check.that(
        bool(seat.owned_criteria) and set(seat.owned_criteria) <= set(keys),
        "review.seat.owned_criteria",
        "is some of the criteria's keys",
    )
    check.that(
        _are_keys([document.document_type]),
        "review.subject.document.document_type",
        "is no document type",
    )
    _check_paragraphs(document.paragraphs, check)


def _check_paragraphs(
    paragraphs: Iterable[turn_task_pb2.ReviewedParagraph], check: _Check
) -> None:
    field = "review.subject.document.paragraphs"
    number = 0
    for number, paragraph in enumerate(paragraphs, start=1):
        where, text = f"{field}[{number - 1}]", paragraph.text
        check.that(
            paragraph.paragraph_id == f"P{number}",
            f"{where}.paragraph_id",
            f"is P{number}",
        )
        is_one = "\n\n" not in text and text.strip("\n") == text
        check.that(bool(text) and is_one, f"{where}.text", "holds a blank line")
    check.that(number > 0, field, "is empty")


def _are_keys(keys: Iterable[str]) -> bool:
    return all(_KEY.fullmatch(key) for key in keys)


def _review(review: turn_task_pb2.ReviewTask) -> ReviewTask:
    seat, subject = review.seat, review.subject
    return ReviewTask(
        panelist_id=seat.panelist_id,
        persona=_persona(seat.persona),
        criteria=tuple(_criterion(criterion) for criterion in subject.criteria),
        owned_criteria=tuple(seat.owned_criteria),
        document_type=subject.document.document_type,
        paragraphs=tuple(
            Paragraph(paragraph.paragraph_id, paragraph.text)
            for paragraph in subject.document.paragraphs
        ),
        brief=Brief(
            audience=subject.brief.audience,
            goal=subject.brief.goal,
            scope=subject.brief.scope,
            instructions=subject.brief.instructions,
        ),
    )


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
