"""The contract as OpenAPI 3.1, the events of the stream among its components."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from roundtable_gateway.http.schemas.event import EVENT_ADAPTER

EVENT_COMPONENT = "RunEvent"

_REFERENCE = "#/components/schemas/"
_STREAM = "text/event-stream"


class ApiWithEvents(FastAPI):
    """An application whose document also holds what FastAPI does not know of."""

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            _add_events(document)
            _require_what_is_always_sent(document)
        assert self.openapi_schema is not None  # noqa: S101 - the line above made it
        return self.openapi_schema


def _add_events(document: dict[str, Any]) -> None:
    """Describe one event of the stream where the stream is described."""
    schema = EVENT_ADAPTER.json_schema(
        ref_template=_REFERENCE + "{model}", mode="serialization"
    )
    components = document["components"]["schemas"]
    components.update(schema.pop("$defs"))
    components[EVENT_COMPONENT] = {
        "description": "The data of one event; its type tells them apart.",
        **schema,
    }
    for operation in _operations(document):
        for response in operation["responses"].values():
            if _STREAM in response.get("content", {}):
                reference = {"$ref": _REFERENCE + EVENT_COMPONENT}
                response["content"][_STREAM] = {"schema": reference}


def _require_what_is_always_sent(document: dict[str, Any]) -> None:
    """Mark every field of an answer as required: a default is sent like any value."""
    components = document["components"]["schemas"]
    taken = set(
        _reachable(
            [operation.get("requestBody") for operation in _operations(document)],
            components,
        )
    )
    for name, component in components.items():
        if name not in taken and "properties" in component:
            component["required"] = list(component["properties"])


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _reachable(node: Any, components: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the components that a part of the document leads to."""
    if isinstance(node, list):
        for item in node:
            yield from _reachable(item, components)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            name = reference.removeprefix(_REFERENCE)
            yield name
            yield from _reachable(components[name], components)
        yield from _reachable(list(node.values()), components)
