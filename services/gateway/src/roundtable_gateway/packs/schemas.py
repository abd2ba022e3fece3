"""Holds pack contents against the JSON Schemas that lie beside the packs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import SchemaError, validators
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from roundtable_gateway.packs.errors import PackError
from roundtable_gateway.packs.schema_errors import pack_error

_FILES = {kind: f"{kind}.schema.json" for kind in ("personas", "panels", "rubric")}

# JSON Schema takes 3.0 for an integer; our domain types and digests do not.
_PackValidator = validators.extend(  # type: ignore[no-untyped-call]  # not in the stubs
    Draft202012Validator,
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
        first = min(
            self._validators[kind].iter_errors(value),
            key=lambda error: _order(error.absolute_path),
            default=None,
        )
        if first is not None:
            raise pack_error(first, file=file)
        return value


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
