"""Fits a result to the output schema that the request carries."""

from typing import Any

from roundtable_rehearsal.errors import TurnError

_MOST_REFERENCES = 8


def fit(value: Any, schema: dict[str, Any]) -> Any:
    """Keep of `value` what the schema has a place for, in the schema's order.

    Raises:
        TurnError: The schema requires a field that a rehearsal does not know: it is
            not the schema of this kind of turn.
    """
    return _fit(value, schema, root=schema)


def _fit(value: Any, schema: Any, *, root: dict[str, Any]) -> Any:
    schema = _resolve(schema, root)
    if isinstance(value, list):
        return [_fit(item, schema.get("items"), root=root) for item in value]
    properties = schema.get("properties")
    if not isinstance(value, dict) or not isinstance(properties, dict):
        return value
    for name in schema.get("required", ()):
        if name not in value:
            raise TurnError(f"A rehearsal knows no field {str(name)[:40]!r}.")
    return {
        name: _fit(value[name], inner, root=root)
        for name, inner in properties.items()
        if name in value
    }


def _resolve(schema: Any, root: dict[str, Any]) -> dict[str, Any]:
    """Follow local references (`#/$defs/Finding`), a few steps at most."""
    for _ in range(_MOST_REFERENCES):
        match schema:
            case {"$ref": str(reference)}:
                schema = root
                for step in reference.removeprefix("#/").split("/"):
                    schema = schema.get(step) if isinstance(schema, dict) else None
            case _:
                break
    return schema if isinstance(schema, dict) else {}
