"""Bodies that the schemas of the packs check, and that the contract describes.

The packs' schemas are the one set of rules for what is shipped and what people write,
and say of each fault how to mend it. The contract tells the fields all the same.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

_DEFINITION = "#/$defs/"


def described_by(model: type[BaseModel]) -> ConfigDict:
    """Return the configuration of a body whose fields are those of a model."""

    def describe(schema: dict[str, Any]) -> None:
        kept = {name: schema[name] for name in ("title", "description")}
        fields = model.model_json_schema()
        definitions = fields.pop("$defs", {})
        schema.clear()
        schema.update(_inlined(fields, definitions) | kept)

    return ConfigDict(json_schema_extra=describe)


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """Return a part of a schema that refers to nothing outside of itself."""
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if reference is not None:
        return _inlined(definitions[reference.removeprefix(_DEFINITION)], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items()}
