"""What a run would take, over HTTP."""

from typing import Any

import httpx
import pytest

from roundtable_gateway.domain.run import Engine
from services.gateway.tests.support.http_harness import WRITE, Gateway, catalogue
from services.gateway.tests.support.problems import check_problem, wrong_fields

_SEATS = [persona.id for persona in catalogue().personas()[:3]]


async def _estimate(
    gateway: Gateway, text: str = "Ship it.", **changes: Any
) -> httpx.Response:
    document = await gateway.http.post(
        "/api/v1/documents",
        headers=WRITE,
        files={"file": ("plan.md", text.encode())},
    )
    body = {
        "document_id": document.json()["id"],
        "persona_ids": _SEATS,
        "mode": "review",
        **changes,
    }
    return await gateway.http.post("/api/v1/runs/estimate", headers=WRITE, json=body)


async def test_estimate_costs_nothing(gateway: Gateway) -> None:
    """Turns and tokens are told, nothing is created, and nobody is woken."""
    response = await _estimate(gateway)

    told = response.json()
    assert response.status_code == 200
    assert told.keys() == {
        *("turns", "input_tokens", "output_tokens", "cost_usd", "seconds"),
        *("turns_at_most", "without_discussion"),
    }
    assert told["turns_at_most"] > told["turns"] >= len(_SEATS)
    assert min(told["input_tokens"], told["output_tokens"]) > 0
    assert (gateway.runs.logs, gateway.notices.new) == ({}, [])


async def test_more_is_asked_for_more_is_told(gateway: Gateway) -> None:
    """A roundtable takes more turns than a review, a longer document more tokens."""
    review = (await _estimate(gateway)).json()

    roundtable = (await _estimate(gateway, mode="roundtable")).json()
    longer = (await _estimate(gateway, "Ship it. " * 10_000)).json()

    assert roundtable["turns"] > review["turns"]
    assert longer["input_tokens"] > review["input_tokens"]
    quiet = roundtable["without_discussion"]
    assert review["without_discussion"] is None
    assert quiet.keys() == review.keys() - {"turns_at_most", "without_discussion"}
    assert review["turns"] < quiet["turns"] < roundtable["turns"]


async def test_money_is_told_of_a_model_with_a_price(gateway: Gateway) -> None:
    """Where every seat's model is listed; a longer document costs more."""
    gateway.engines.engine = Engine.CLAUDE

    short = (await _estimate(gateway, model="claude-sonnet-4-5")).json()
    long = (
        await _estimate(gateway, "Ship it. " * 10_000, model="claude-sonnet-4-5")
    ).json()
    unlisted = (await _estimate(gateway, model="claude-of-old")).json()

    assert 0 < short["cost_usd"] < long["cost_usd"]
    assert unlisted["cost_usd"] is None


@pytest.mark.parametrize("engine", Engine)
async def test_what_nobody_knows_is_null(gateway: Gateway, engine: Engine) -> None:
    """No price is made up, nor the pace of rules or of somebody's own model."""
    gateway.engines.engine = engine

    told = (await _estimate(gateway)).json()

    assert told["cost_usd"] is None
    assert (told["seconds"] is not None) is (engine is Engine.CLAUDE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_id": "doc_none"}, "document_id"),
        ({"persona_ids": ["none"]}, "persona_ids"),
        ({"discussion_rounds": 1}, "discussion_rounds"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
async def test_what_can_not_be_run_is_not_estimated(
    gateway: Gateway, changes: dict[str, Any], field: str
) -> None:
    """The same 422 as of the run itself."""
    response = await _estimate(gateway, **changes)

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]
