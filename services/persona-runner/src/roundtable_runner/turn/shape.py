"""Says in words what a schema asks for, and where an output falls short of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from jsonschema import Draft202012Validator, ValidationError


def describe_shape(schema: dict[str, Any]) -> str:
    """Return an object's shape as JSON with a word in capitals for each value."""
    lines = ",\n".join(
        f" {_member(name, member)}" for name, member in schema["properties"].items()
    )
    return f"{{\n{lines}\n}}"


def find_violations(output: Any, schema: dict[str, Any]) -> Iterator[str]:
    """Yield where an output does not fit, by the schema's own names and numbers.

    It tells never what stood there: that may be the document's words.
    """
    for error in Draft202012Validator(schema).iter_errors(output):
        yield f"{_path(error.absolute_path)}: {_complaint(error)}"


def _member(name: str, schema: dict[str, Any]) -> str:
    return f'"{name}": {_value(name, schema)}'


def _value(name: str, schema: dict[str, Any]) -> str:
    if "enum" in schema:
        word = f'"{name.upper()}"'
        return f"{word} or null" if None in schema["enum"] else word
    match schema["type"]:
        case "object":
            members = (_member(*member) for member in schema["properties"].items())
            return f"{{{', '.join(members)}}}"
        case "array":
            return f"[{_value(name, schema['items'])}]"
        case [kind, "null"]:
            return f"{_WORDS[kind]} or null"
        case kind:
            return _WORDS[kind]


_WORDS = {"string": '"TEXT"', "integer": "NUMBER", "boolean": "true or false"}


def _path(steps: Sequence[str | int]) -> str:
    # As people count, like the finding numbers of the contract.
    path = " ".join(str(step + 1) if isinstance(step, int) else step for step in steps)
    return path or "the whole"


def _complaint(error: ValidationError) -> str:
    rule: Any = error.validator_value
    match error.validator:
        case "required":
            given: Any = error.instance
            return f"lacks {', '.join(name for name in rule if name not in given)}"
        case "enum":
            return f"must be one of {', '.join(value or 'null' for value in rule)}"
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            return f"must be {' or '.join(kinds)}"
        case validator:
            template = _COMPLAINTS.get(str(validator), "does not fit")
            return template.format(rule)


_COMPLAINTS = {
    "additionalProperties": "holds a field that is not in the form",
    "minimum": "must not be below {}",
    "maximum": "must not be above {}",
    "maxItems": "must not hold more than {} entries",
    "maxLength": "must not be longer than {} characters",
}
