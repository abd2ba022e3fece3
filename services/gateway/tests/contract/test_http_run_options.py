"""How far a run goes: what is asked for, else the panel's, else the mode's."""

import re
from dataclasses import replace
from typing import Any

import pytest

from roundtable_gateway.domain.run import Mode
from roundtable_gateway.http.run_options import RunOptions, choose_options
from roundtable_gateway.http.schemas.run import CreateRunBody
from services.gateway.tests.support.http_harness import WRITE, Gateway, catalogue
from services.gateway.tests.support.problems import check_problem, wrong_fields

_PANEL = replace(catalogue().panels()[0], discussion_rounds=2, control=False)


def _body(mode: Mode, **asked: Any) -> CreateRunBody:
    return CreateRunBody(document_id="doc_1", persona_ids=["ciso"], mode=mode, **asked)


@pytest.mark.parametrize(
    ("mode", "asked", "rounds", "control"),
    [
        (Mode.REVIEW, {}, 0, False),
        (Mode.REVIEW, {"discussion_rounds": 0, "control": True}, 0, True),
        (Mode.ROUNDTABLE, {}, 1, True),
        (Mode.ROUNDTABLE, {"discussion_rounds": 0, "control": False}, 0, False),
        (Mode.ROUNDTABLE, {"discussion_rounds": 2}, 2, True),
    ],
)
def test_mode_says_what_nobody_asked_for(
    mode: Mode,
    asked: dict[str, Any],
    rounds: int,
    control: bool,  # noqa: FBT001 - a row of the table
) -> None:
    """Without a panel: a roundtable discusses once beside a control."""
    assert choose_options(_body(mode, **asked), None) == RunOptions(rounds, control)


@pytest.mark.parametrize(
    ("mode", "asked", "rounds", "control"),
    [
        (Mode.ROUNDTABLE, {}, 2, False),
        (Mode.ROUNDTABLE, {"discussion_rounds": 1, "control": True}, 1, True),
    ],
)
def test_panel_has_its_word_before_the_mode(
    mode: Mode,
    asked: dict[str, Any],
    rounds: int,
    control: bool,  # noqa: FBT001 - a row of the table
) -> None:
    """What the run asks for still comes first."""
    assert choose_options(_body(mode, **asked), _PANEL) == RunOptions(rounds, control)


def test_review_takes_neither_discussion_nor_control_from_its_panel() -> None:
    """They are a roundtable's, unless the control is asked for."""
    panel = replace(_PANEL, control=True)

    assert choose_options(_body(Mode.REVIEW), panel) == RunOptions(0, control=False)
    asked = _body(Mode.REVIEW, control=True)
    assert choose_options(asked, panel) == RunOptions(0, control=True)


async def test_created_roundtable_says_how_far_it_goes(gateway: Gateway) -> None:
    """Mode, rounds and control stand in the run."""
    document = await gateway.http.post(
        "/api/v1/documents", headers=WRITE, json={"title": "Plan", "text": "Ship it."}
    )
    body = {
        "document_id": document.json()["id"],
        "persona_ids": [catalogue().personas()[0].id],
        "mode": "roundtable",
        "brief": {"scope": "Not the prices."},
    }

    response = await gateway.http.post("/api/v1/runs", headers=WRITE, json=body)

    run = response.json()
    assert (response.status_code, run["mode"]) == (201, "roundtable")
    assert (run["discussion_rounds"], run["control"]) == (1, True)
    assert run["brief"]["scope"] == "Not the prices."


async def test_document_that_no_model_can_take_is_refused(gateway: Gateway) -> None:
    """422 with both figures before anything is spent; nothing was created."""
    document = await gateway.http.post(
        "/api/v1/documents",
        headers=WRITE,
        files={"file": ("long.md", b"word " * 120_000)},
    )
    body = {
        "document_id": document.json()["id"],
        "persona_ids": [catalogue().personas()[0].id],
        "mode": "review",
    }

    response = await gateway.http.post("/api/v1/runs", headers=WRITE, json=body)

    problem = check_problem(response, 422, "DOCUMENT_TOO_LONG_FOR_MODEL")
    assert wrong_fields(problem) == ["document_id"]
    needed, window = re.findall(r"\d{3},\d{3}", problem["errors"][0]["detail"])
    assert int(needed.replace(",", "")) > int(window.replace(",", "")) == 200_000
    assert gateway.runs.logs == {}
