"""The rules of packs that their schemas can't say."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from roundtable_gateway.packs.errors import Fault

_Entry = TypeVar("_Entry")

# All other texts are one line: they stand in lists, headings and prompts.
_PROSE = frozenset({"background", "convinced_by", "voice", "influences", "authority"})
_UNSEEN = frozenset({"Cc", "Cs"})


def persona_faults(entry: Mapping[str, Any], *, path: str) -> Iterator[Fault]:
    """Yield what is wrong with a persona that fits its schema."""
    yield from text_faults(entry, path=path)
    both = [key for key in entry["ignores"] if key in entry["owns"]]
    if both:
        yield Fault(
            f"{path}.ignores",
            f"{entry['name']} both owns and ignores {both[0]!r}",
            "remove it from one of the two lists",
        )


def text_faults(entry: Mapping[str, Any], *, path: str) -> Iterator[Fault]:
    """Yield the texts of an entry that hold what nobody can see."""
    for field, value in entry.items():
        allowed = "\n" if field in _PROSE else ""
        texts = value if isinstance(value, list) else [value]
        for index, text in enumerate(texts):
            if isinstance(text, str) and _holds_unseen(text, allowed):
                place = f"[{index}]" if isinstance(value, list) else ""
                yield Fault(
                    f"{path}.{field}{place}",
                    "holds a line break or another character that can't be seen",
                    "remove it",
                )


def repetition_faults(
    entries: Iterable[_Entry], *, key: Callable[[_Entry], object], path: str
) -> Iterator[Fault]:
    """Yield the entries whose key is that of one before.

    Args:
        entries: What to look through.
        key: What has to be unique.
        path: The place of an entry, with ``{}`` for its index.
    """
    seen: dict[object, int] = {}
    for index, entry in enumerate(entries):
        first = seen.setdefault(key(entry), index)
        if first != index:
            yield Fault(
                path.format(index),
                f"is the same as {path.format(first)}",
                "change or remove one of them",
            )


def _holds_unseen(text: str, allowed: str) -> bool:
    return any(
        unicodedata.category(character) in _UNSEEN and character not in allowed
        for character in text
    )
