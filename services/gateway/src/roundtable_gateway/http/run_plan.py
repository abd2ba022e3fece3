"""Turns a request for a run into the run: seats, rubric, engine, checked."""

from dataclasses import replace
from datetime import UTC, datetime
from string import ascii_uppercase

from roundtable_gateway.domain.document import Document
from roundtable_gateway.domain.persona import Persona, Rubric, Seat
from roundtable_gateway.domain.run import (
    Engine,
    Mode,
    Panelist,
    RunState,
    RunSummary,
    Stage,
    Usage,
)
from roundtable_gateway.http.schemas.run import CreateRunBody
from roundtable_gateway.packs.catalogue import DEFAULT_DOCUMENT_TYPE, Catalogue
from roundtable_gateway.packs.errors import UnknownEntryError
from roundtable_kit.errors import FieldViolation, InvalidArgument


def plan_run(
    body: CreateRunBody, document: Document, *, catalogue: Catalogue, engine: Engine
) -> RunSummary:
    """Return the run that a body asks for; the store sets what is its own to set.

    Raises InvalidArgument naming the field for a panel, persona, document type or
    option that is not there.
    """
    _check_options(body)
    brief = replace(
        body.brief.to_domain(),
        document_type=body.brief.document_type or DEFAULT_DOCUMENT_TYPE,
    )
    return RunSummary(
        id="",
        state=RunState.PENDING,
        reason=None,
        stage=Stage.INTAKE,
        pause=None,
        queue_position=None,
        engine=engine,
        effort=body.effort,
        mode=body.mode,
        discussion_rounds=0,
        control=False,
        brief=brief,
        budget=body.budget.to_domain(),
        document=document,
        panelists=_panelists(body, catalogue),
        rubric=_rubric(body, catalogue),
        usage=Usage(),
        manifest=(),
        last_sequence=0,
        create_time=datetime.now(UTC),
        start_time=None,
        end_time=None,
        reopen_time=None,
    )


def _check_options(body: CreateRunBody) -> None:
    if body.mode is not Mode.REVIEW:
        raise _wrong("mode", "This version walks mode review; send review.")
    if body.discussion_rounds:
        raise _wrong("discussion_rounds", "Mode review has no discussion; send 0.")
    if body.control:
        raise _wrong("control", "This version has no control reader; send false.")


def _panelists(body: CreateRunBody, catalogue: Catalogue) -> tuple[Panelist, ...]:
    seats = _seats(body, catalogue)
    if len(set(seats)) < len(seats):
        raise _wrong("persona_ids", "No persona may sit twice with the same model.")
    return tuple(
        Panelist(
            id=letter,
            persona=_persona(seat.persona_id, catalogue),
            model=seat.model or body.model,
        )
        for letter, seat in zip(ascii_uppercase, seats, strict=False)
    )


def _seats(body: CreateRunBody, catalogue: Catalogue) -> tuple[Seat, ...]:
    if body.panel_id is None:
        return tuple(Seat(persona_id) for persona_id in body.persona_ids or ())
    try:
        return catalogue.panel(body.panel_id).seats
    except UnknownEntryError as error:
        raise _wrong("panel_id", "There is no such panel; GET /panels.") from error


def _persona(persona_id: str, catalogue: Catalogue) -> Persona:
    try:
        return catalogue.persona(persona_id)
    except UnknownEntryError as error:
        detail = f"There is no persona {persona_id!r}; GET /personas."
        raise _wrong("persona_ids", detail) from error


def _rubric(body: CreateRunBody, catalogue: Catalogue) -> Rubric:
    document_type = body.brief.document_type or DEFAULT_DOCUMENT_TYPE
    try:
        return catalogue.rubric(document_type)
    except UnknownEntryError as error:
        known = ", ".join(catalogue.document_types())
        raise _wrong("brief.document_type", f"Send one of: {known}.") from error


def _wrong(field: str, detail: str) -> InvalidArgument:
    return InvalidArgument(
        "INVALID_FIELD",
        f"Something is wrong with: {field}.",
        violations=[FieldViolation(field, detail)],
    )
