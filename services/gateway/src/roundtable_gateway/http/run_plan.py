"""Turns a request for a run into the run: seats, rubric, engine, checked."""

from dataclasses import replace
from datetime import UTC, datetime

from roundtable_gateway.domain.document import Document
from roundtable_gateway.domain.persona import Rubric
from roundtable_gateway.domain.run import (
    Engine,
    RunState,
    RunSummary,
    Stage,
    Usage,
)
from roundtable_gateway.http.run_options import choose_options
from roundtable_gateway.http.schemas.run import CreateRunBody
from roundtable_gateway.http.seating import Seating
from roundtable_gateway.packs.catalogue import DEFAULT_DOCUMENT_TYPE, Catalogue
from roundtable_gateway.packs.errors import UnknownEntryError
from roundtable_kit.errors import FieldViolation, InvalidArgument


def plan_run(
    body: CreateRunBody,
    document: Document,
    *,
    seating: Seating,
    catalogue: Catalogue,
    engine: Engine,
) -> RunSummary:
    """Return the run that a body asks for; the store sets what is its own to set.

    Raises InvalidArgument naming the field for a document type or option that is not
    there.
    """
    options = choose_options(body, seating.panel)
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
        discussion_rounds=options.discussion_rounds,
        control=options.control,
        brief=brief,
        budget=body.budget.to_domain(),
        document=document,
        panelists=seating.panelists,
        rubric=_rubric(body, catalogue),
        usage=Usage(),
        manifest=(),
        last_sequence=0,
        create_time=datetime.now(UTC),
        start_time=None,
        end_time=None,
        reopen_time=None,
    )


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
