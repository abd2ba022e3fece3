"""What the tools take; each is a tool's input schema."""

import json
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from roundtable_cli.mcp.parsing import Arguments

LONGEST_WAIT_SECONDS = 3_600
_DEFAULT_WAIT_SECONDS = 300
_LONGEST_TEXT = 2_000_000
_MOST_SEATS = 16
_MOST_FINDINGS = 50


def _list_in_text(value: object) -> object:
    """Read a list that a client sent as the JSON of one, as some do."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


# It becomes part of a URL: nothing that could lead to another one.
RunId = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$", description="The run's id."),
]
_Short = Annotated[str, Field(min_length=1, max_length=200)]
_Long = Annotated[str, Field(min_length=1, max_length=4_000)]
_PageToken = Annotated[
    str | None, Field(description="next_page_token of the answer before, to go on.")
]
_WaitSeconds = Annotated[
    int,
    Field(
        ge=0,
        le=LONGEST_WAIT_SECONDS,
        description="How long to wait for the run's end, with progress. 0 answers at "
        "once. A run that is not at its end by then goes on; follow_run waits again.",
    ),
]
_MaxFindings = Annotated[
    int, Field(ge=0, le=_MOST_FINDINGS, description="How many findings to return.")
]


class ListPersonasArguments(Arguments):
    """Which personas to list."""

    query: Annotated[
        str | None,
        Field(max_length=200, description="Words in name, role or summary."),
    ] = None
    pack: Annotated[
        str | None, Field(max_length=200, description="Only those of this pack.")
    ] = None
    page_token: _PageToken = None


class ListPanelsArguments(Arguments):
    """Which page of the panels to list."""

    page_token: _PageToken = None


class ReviewDocumentArguments(Arguments):
    """A document, who reviews it, and what the author wants to know."""

    path: Annotated[
        str | None,
        Field(
            description="Absolute path of the document on the user's own machine. "
            "Give this or text."
        ),
    ] = None
    text: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=_LONGEST_TEXT,
            description="The document itself, as plain text or Markdown. Give this or "
            "path.",
        ),
    ] = None
    title: Annotated[
        str | None,
        Field(min_length=1, max_length=300, description="What to call the document."),
    ] = None
    panel_id: Annotated[
        str | None, Field(description="A panel of list_panels. This or persona_ids.")
    ] = None
    persona_ids: Annotated[
        list[str] | None,
        BeforeValidator(_list_in_text),
        Field(
            min_length=1,
            max_length=_MOST_SEATS,
            description="Personas of list_personas, one seat each. This or panel_id.",
        ),
    ] = None
    mode: Annotated[
        Literal["review", "roundtable"],
        Field(
            description="review: each panelist reads alone. roundtable: they also "
            "discuss what they disagree on; it takes longer and costs more."
        ),
    ] = "review"
    document_type: Annotated[
        _Short | None,
        Field(
            description="Chooses the rubric: marketing_copy, proposal, prd, "
            "design_doc, contract or other."
        ),
    ] = None
    audience: Annotated[_Long | None, Field(description="Who the document is for.")] = (
        None
    )
    goal: Annotated[_Long | None, Field(description="What it is to achieve.")] = None
    scope: Annotated[
        _Long | None, Field(description="What to look at, and what not.")
    ] = None
    instructions: Annotated[
        _Long | None, Field(description="What else the author asks of the panel.")
    ] = None
    model: Annotated[
        str | None, Field(description="Model for every seat; else the account's own.")
    ] = None
    allow_rehearsal: Annotated[
        bool,
        Field(
            description="Accept rule-based checks, which are not AI, where the gateway "
            "has no account. Ask the user first."
        ),
    ] = False
    wait_seconds: _WaitSeconds = _DEFAULT_WAIT_SECONDS
    cancel_run_with_call: Annotated[
        bool,
        Field(
            description="Cancel the run too when this call is cancelled or the client "
            "goes away while it waits. Otherwise the run goes on."
        ),
    ] = False
    max_findings: _MaxFindings = 10

    @model_validator(mode="after")
    def _one_document_and_one_panel(self) -> Self:
        if (self.path is None) is (self.text is None):
            raise ValueError("path, text: give exactly one of them")
        if (self.panel_id is None) is (self.persona_ids is None):
            raise ValueError(
                "panel_id, persona_ids: give exactly one of them; list_panels and "
                "list_personas name the ids"
            )
        return self


class FollowRunArguments(Arguments):
    """Which run to wait for, and how long."""

    run_id: RunId
    wait_seconds: _WaitSeconds = _DEFAULT_WAIT_SECONDS
    max_findings: _MaxFindings = 10


class GetRunArguments(Arguments):
    """Which run to read, and how much of it."""

    run_id: RunId
    findings_offset: Annotated[
        int, Field(ge=0, description="How many findings to pass over.")
    ] = 0
    max_findings: _MaxFindings = 10
    whole: Annotated[
        bool,
        Field(
            description="Return the whole run, with every field and every turn's text. "
            "It is long: prefer findings_offset, or export_run with save_to."
        ),
    ] = False


class ListRunsArguments(Arguments):
    """Which runs to list."""

    query: Annotated[
        str | None, Field(max_length=200, description="Words in the document's title.")
    ] = None
    state: Annotated[
        Literal["pending", "running", "succeeded", "incomplete", "failed", "cancelled"]
        | None,
        Field(description="Only runs in this state."),
    ] = None
    page_size: Annotated[int, Field(ge=1, le=50)] = 10
    page_token: _PageToken = None


class ExportRunArguments(Arguments):
    """Which run to export, as what, and where to."""

    run_id: RunId
    format: Literal["md", "html", "json", "csv", "docx"] = "md"
    save_to: Annotated[
        str | None,
        Field(
            description="Absolute path of a new file on the user's own machine, ending "
            "in the format's name. An existing file is never overwritten."
        ),
    ] = None
    offset: Annotated[
        int, Field(ge=0, description="next_offset of the answer before, to read on.")
    ] = 0
