"""The contract as a document: whole, current, and true of what is served."""

import json
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from roundtable_gateway import openapi
from roundtable_gateway.domain.event import RunFact, TurnFact
from roundtable_gateway.http.schemas.event import EVENT_ADAPTER
from services.gateway.tests.support.http_harness import Gateway
from services.gateway.tests.support.log_samples import SAMPLE_EVENTS, events_as_json
from services.gateway.tests.support.samples import run_summary

_COMMITTED = Path(__file__).parents[2] / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the contract as it is rendered now."""
    rendered: dict[str, Any] = json.loads(openapi.render())
    return rendered


def test_committed_contract_is_current() -> None:
    """The page's types come from the file: `python -m roundtable_gateway.openapi`."""
    assert _COMMITTED.read_text(encoding="utf-8") == openapi.render()


def test_contract_is_written_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module writes the file that it is given."""
    target = tmp_path / "contract.json"
    monkeypatch.setattr(sys, "argv", ["openapi", str(target)])

    openapi.main()

    assert target.read_text(encoding="utf-8") == openapi.render()


async def test_served_contract_is_the_committed_one(gateway: Gateway) -> None:
    """What is served and what is committed are one."""
    response = await gateway.http.get("/openapi.json")

    assert response.json() == json.loads(_COMMITTED.read_text(encoding="utf-8"))


def test_contract_is_openapi_3_1(document: dict[str, Any]) -> None:
    """Its schemas are JSON Schema, and every reference leads somewhere."""
    assert document["openapi"].startswith("3.1.")
    Draft202012Validator.check_schema(document["components"]["schemas"]["RunEvent"])
    components = document["components"]["schemas"]
    for reference in _references(document):
        assert reference.rpartition("/")[2] in components


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for item in node for each in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + _references(list(node.values()))


def test_every_type_of_event_has_a_component(document: dict[str, Any]) -> None:
    """The stream's item is a union that `type` tells apart, with no type missing."""
    stream = document["paths"]["/api/v1/runs/{run_id}/events"]["get"]["responses"]
    facts = (*get_args(RunFact), *get_args(TurnFact))

    (media,) = stream["200"]["content"].values()
    mapping = document["components"]["schemas"]["RunEvent"]["discriminator"]["mapping"]

    assert media["schema"] == {"$ref": "#/components/schemas/RunEvent"}
    assert set(mapping) == {fact.type for fact in facts}
    assert {each.fact.type for each in SAMPLE_EVENTS} == set(mapping)


def test_every_event_fits_its_component(document: dict[str, Any]) -> None:
    """What is sent is what the document says, with every field it requires."""
    validator = Draft202012Validator(
        {**document, "$ref": "#/components/schemas/RunEvent"}
    )

    for event in events_as_json(SAMPLE_EVENTS):
        validator.validate(event)
    broken = next(iter(events_as_json(SAMPLE_EVENTS)))
    assert not validator.is_valid({**broken, "type": "run.exploded"})


def test_whatever_is_sent_is_required(document: dict[str, Any]) -> None:
    """A default is sent like any value, so that no reader has to guess."""
    components = document["components"]["schemas"]

    assert components["TurnDeltaEvent"]["required"] == [
        *("sequence", "time", "run_id", "turn_id", "attempt", "type", "text", "draft")
    ]
    assert "disposition" in components["Finding"]["required"]
    assert components["CreateRunBody"]["required"] == ["document_id", "mode"]
    assert "required" not in components["BriefBody"]


async def test_answers_fit_their_components(
    gateway: Gateway, document: dict[str, Any]
) -> None:
    """Objects and problems are as the document has them."""
    gateway.runs.add(run_summary("run_1"))
    answers = {
        "Run": "/api/v1/runs/run_1",
        "RunList": "/api/v1/runs",
        "PersonaList": "/api/v1/personas",
        "PanelList": "/api/v1/panels",
        "Health": "/health",
        "Identity": "/api/v1/me",
        "ProblemDocument": "/api/v1/runs/none",
    }

    for component, path in answers.items():
        answer = (await gateway.http.get(path)).json()
        schema = {**document, "$ref": f"#/components/schemas/{component}"}
        Draft202012Validator(schema).validate(answer)


def test_adapter_reads_back_what_it_wrote() -> None:
    """Every event survives the way through JSON."""
    for event in events_as_json(SAMPLE_EVENTS):
        again = EVENT_ADAPTER.validate_python(event)
        assert json.loads(EVENT_ADAPTER.dump_json(again)) == event
