"""Personas and rubrics: the store's messages <-> the domain."""

from roundtable.store.v1 import run_pb2
from roundtable_gateway.clients.enums import named
from roundtable_gateway.domain.persona import (
    Anchor,
    Criterion,
    Method,
    Persona,
    Rubric,
)


def persona_to_proto(persona: Persona) -> run_pb2.Persona:
    """Return the wire's form of a persona."""
    return run_pb2.Persona(
        persona_id=persona.id,
        version=persona.version,
        name=persona.name,
        role=persona.role,
        pack=persona.pack,
        summary=persona.summary,
        background=persona.background,
        priorities=persona.priorities,
        pet_peeves=persona.pet_peeves,
        objections=persona.objections,
        convinced_by=persona.convinced_by,
        voice=persona.voice,
        influences=persona.influences,
        authority=persona.authority,
        owns=persona.owns,
        ignores=persona.ignores,
        questions=persona.questions,
        method=persona.method.value,
        strictness=persona.strictness,
        is_built_in=persona.built_in,
        etag=persona.etag,
    )


def persona_from_proto(message: run_pb2.Persona) -> Persona:
    """Return the persona of a message."""
    return Persona(
        id=message.persona_id,
        version=message.version,
        name=message.name,
        role=message.role,
        pack=message.pack,
        summary=message.summary,
        background=message.background,
        priorities=tuple(message.priorities),
        pet_peeves=tuple(message.pet_peeves),
        objections=tuple(message.objections),
        convinced_by=message.convinced_by,
        voice=message.voice,
        influences=message.influences,
        authority=message.authority,
        owns=tuple(message.owns),
        ignores=tuple(message.ignores),
        questions=tuple(message.questions),
        method=named(Method, message.method),
        strictness=message.strictness,
        built_in=message.is_built_in,
        etag=message.etag,
    )


def rubric_to_proto(rubric: Rubric) -> run_pb2.Rubric:
    """Return the wire's form of a rubric."""
    return run_pb2.Rubric(
        document_type=rubric.document_type,
        criteria=[
            run_pb2.Criterion(
                key=criterion.key,
                label=criterion.label,
                question=criterion.question,
                anchors=[
                    run_pb2.Anchor(score=anchor.score, text=anchor.text)
                    for anchor in criterion.anchors
                ],
                expects=criterion.expects,
            )
            for criterion in rubric.criteria
        ],
    )


def rubric_from_proto(message: run_pb2.Rubric) -> Rubric:
    """Return the rubric of a message."""
    return Rubric(
        document_type=message.document_type,
        criteria=tuple(
            Criterion(
                key=criterion.key,
                label=criterion.label,
                question=criterion.question,
                anchors=tuple(
                    Anchor(score=anchor.score, text=anchor.text)
                    for anchor in criterion.anchors
                ),
                expects=tuple(criterion.expects),
            )
            for criterion in message.criteria
        ),
    )
