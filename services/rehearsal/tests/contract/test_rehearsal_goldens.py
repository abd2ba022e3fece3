"""The messages that the runner writes are answered by the schemas that it sends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from roundtable_rehearsal.output_schema import fit
from roundtable_rehearsal.reading import KNOWN_KINDS

_GOLDEN = Path(__file__).parents[3] / "persona-runner" / "tests" / "golden"


@pytest.mark.parametrize("answer_format", ["", "_fenced"])
@pytest.mark.parametrize("kind", sorted(KNOWN_KINDS))
def test_runners_message_is_answered_by_the_runners_schema(
    kind: str, answer_format: str, reply: Callable[[str], Any]
) -> None:
    """Whether the answer comes by the tool or in a fenced block."""
    message = (_GOLDEN / f"{kind}_user_message{answer_format}.txt").read_text("utf-8")
    schema = json.loads((_GOLDEN / f"{kind}_schema.json").read_text("utf-8"))

    written = reply(message)

    Draft202012Validator(schema).validate(written.result)
    assert fit(written.result, schema) == written.result


def test_schemas_of_the_tests_ask_for_what_the_runner_asks(
    schemas: dict[str, dict[str, Any]],
) -> None:
    """Same fields in the same order, at the top and in each list's entries."""
    for kind, schema in schemas.items():
        golden = json.loads((_GOLDEN / f"{kind}_schema.json").read_text("utf-8"))

        assert _fields(schema) == _fields(golden), kind


def _fields(schema: dict[str, Any]) -> list[str]:
    properties = schema.get("properties", {})
    inner = (
        f"{name}.{field}"
        for name, member in properties.items()
        for field in _fields(member.get("items", member))
    )
    return [*properties, *inner]
