"""Words schema errors for the author of a pack: what is wrong and how to mend it.

The values themselves are left out where they may be long.
"""

import difflib
import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from roundtable_gateway.packs.errors import Fault

_SHOWN_CHARACTERS = 60


def fault_of(error: ValidationError) -> Fault:
    """Return the error in words."""
    explain = _EXPLAINERS[str(error.validator)]
    problem, mend = explain(error.validator_value, error.instance, error.schema)
    return Fault(_place(error.absolute_path), problem, mend)


def _place(path: Iterable[str | int]) -> str:
    place = ""
    for part in path:
        named = f".{str(part)[:_SHOWN_CHARACTERS]}"
        place += f"[{part}]" if isinstance(part, int) else named
    return place.removeprefix(".")


def _required(_: list[str], name: Any, schema: Any) -> tuple[str, str]:
    meaning = schema.get("properties", {}).get(name, {}).get("description")
    hint = f": {_inline(meaning)}" if meaning else ""
    return "is missing", f"add it{hint}"


def _unknown_key(_: bool, key: Any, schema: Any) -> tuple[str, str]:  # noqa: FBT001 - the keyword's own value
    return "is not a key here", _choose(key, schema["properties"])


def _enum(known: list[object], value: Any, schema: Any) -> tuple[str, str]:
    return f"there is no {schema['title']} {_shown(value)}", _choose(value, known)


def _const(wanted: object, value: Any, _: Any) -> tuple[str, str]:
    return f"{_shown(value)} stands here", f"write {wanted!r}"


def _type(wanted: str | list[str], _: Any, __: Any) -> tuple[str, str]:
    names = [wanted] if isinstance(wanted, str) else wanted
    kinds = " or ".join(_KINDS[name] for name in names)
    return f"is not {kinds}", f"write {kinds}"


def _pattern(_: str, value: Any, schema: Any) -> tuple[str, str]:
    meaning = _inline(schema["description"])
    return f"{_shown(value)} has another form", f"write {meaning}"


def _unique(_: bool, _value: Any, _schema: Any) -> tuple[str, str]:  # noqa: FBT001 - the keyword's own value
    return "holds the same entry twice", "remove one of them"


def _entries(bound: str) -> "_Explainer":
    return lambda limit, value, _: (
        f"holds {len(value)} entries",
        f"list at {bound} {limit}",
    )


def _length(bound: str) -> "_Explainer":
    return lambda limit, value, _: (
        f"is {len(value)} characters long",
        f"use at {bound} {limit}",
    )


def _number(bound: str) -> "_Explainer":
    return lambda limit, value, _: (f"is {_shown(value)}", f"write at {bound} {limit}")


def _choose(given: object, known: Iterable[object]) -> str:
    names = [str(name) for name in known]
    near = difflib.get_close_matches(str(given)[:_SHOWN_CHARACTERS], names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"use one of: {', '.join(names)}"


def _shown(value: object) -> str:
    return _SHORT.repr(value)


def _inline(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = _SHOWN_CHARACTERS

_Explainer = Callable[[Any, Any, Any], tuple[str, str]]

# Every keyword that our schemas use; a test holds the two together.
_EXPLAINERS: Mapping[str, _Explainer] = {
    "additionalProperties": _unknown_key,
    "const": _const,
    "enum": _enum,
    "maxItems": _entries("most"),
    "maxLength": _length("most"),
    "maximum": _number("most"),
    "minItems": _entries("least"),
    "minLength": _length("least"),
    "minimum": _number("least"),
    "pattern": _pattern,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique,
}

_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "object": "keys with values",
    "string": "text",
}
