"""Holds pack contents against the JSON Schemas that lie beside the packs."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import SchemaError, ValidationError, validators
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from roundtable_gateway.packs.errors import Fault, PackError
from roundtable_gateway.packs.schema_errors import fault_of

_FILES = {kind: f"{kind}.schema.json" for kind in ("personas", "panels", "rubric")}

# Who has made more mistakes mends these first.
_MOST_FAULTS = 50


def _required(
    _validator: object, names: list[str], value: Any, schema: Any
) -> Iterator[ValidationError]:
    """Find each key that is missing, at its own place."""
    for name in names:
        if isinstance(value, dict) and name not in value:
            yield ValidationError("", path=[name], instance=name, schema=schema)


def _additional_properties(
    _validator: object, _allowed: object, value: Any, schema: Any
) -> Iterator[ValidationError]:
    """Find each key that is unknown, at its own place; our schemas allow none."""
    for key in value if isinstance(value, dict) else ():
        if key not in schema["properties"]:
            yield ValidationError("", path=[str(key)], instance=key, schema=schema)


def _unique_items(
    _validator: object, is_wanted: object, value: Any, _schema: object
) -> Iterator[ValidationError]:
    """Find an entry that stands twice; jsonschema's own takes the square of the time.

    What is no text fails for its type and needs no finer comparison.
    """
    if (
        is_wanted
        and isinstance(value, list)
        and len(set(map(repr, value))) < len(value)
    ):
        yield ValidationError("")


def _pattern(
    _validator: object, pattern: str, value: Any, _schema: object
) -> Iterator[ValidationError]:
    """Hold a text against a pattern; in a search, ``$`` would let a line break pass."""
    if isinstance(value, str) and re.fullmatch(pattern, value) is None:
        yield ValidationError("")


# JSON Schema takes 3.0 for an integer; our domain types and digests do not.
_PackValidator = validators.extend(  # type: ignore[no-untyped-call]  # not in the stubs
    Draft202012Validator,
    validators={
        "required": _required,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
        "pattern": _pattern,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: type(value) is int
    ),
)


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of the three kinds of pack file."""

    _validators: Mapping[str, Validator]

    def check(self, kind: str, value: Any, *, file: str) -> Any:
        """Return the value if it has the shape of its kind.

        Args:
            kind: ``personas``, ``panels`` or ``rubric``.
            value: What the file holds.
            file: How errors name the file.

        Raises:
            PackError: It has not; names one wrong place, the same one each time.
        """
        for fault in self.faults(kind, value):
            raise PackError(file, fault.path, problem=fault.problem, mend=fault.mend)
        return value

    def faults(self, kind: str, value: Any) -> tuple[Fault, ...]:
        """Return what keeps a value from the shape of its kind, in its own order.

        Where much is wrong it is the first of it.
        """
        errors = sorted(
            self._validators[kind].iter_errors(value),
            key=lambda error: _order(error.absolute_path),
        )
        return tuple(map(fault_of, errors[:_MOST_FAULTS]))


def load_schemas(folder: Path) -> Schemas:
    """Read the schemas from a folder.

    Raises:
        PackError: One is missing, or is no JSON Schema.
    """
    schemas = {file: _read(folder / file) for file in _FILES.values()}
    registry: Registry[Any] = Registry().with_resources(
        (file, DRAFT202012.create_resource(schema)) for file, schema in schemas.items()
    )
    return Schemas(
        {
            kind: _PackValidator(schemas[file], registry=registry)
            for kind, file in _FILES.items()
        }
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
    except (OSError, ValueError, SchemaError) as error:
        raise PackError(
            f"{path.parent.name}/{path.name}",
            "",
            problem="can't be read as a JSON Schema",
            mend="restore it from the release",
        ) from error
    return schema


def _order(path: Iterable[str | int]) -> list[tuple[int, str]]:
    """Order places by index and key, which do not compare with each other."""
    return [(part, "") if isinstance(part, int) else (0, part) for part in path]
