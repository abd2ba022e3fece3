"""Reads YAML and JSON strictly: what an author would not notice is an error."""

import json
from collections.abc import Hashable
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from roundtable_gateway.packs.errors import PackError

# Python can't write larger numbers out, and a number in base 60 takes the square of
# its length to read.
_LONGEST_NUMBER = 40
_TEXT = "tag:yaml.org,2002:str"
# A pack has four; a thousand would take seconds to give up on.
_MOST_LEVELS = 20


class _StrictLoader(yaml.SafeLoader):
    """A safe loader without aliases, tags, keys given twice and broken characters.

    YAML keeps the last of two equal keys without a word. Aliases let a small text
    unfold into a huge one, and explicit tags lead PyYAML into bare IndexErrors and
    worse; no pack needs either. Half a surrogate pair can be escaped in YAML but
    neither stored nor sent.
    """

    _level = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._level += 1
        node = self._compose_checked(parent, index)
        self._level -= 1
        return node

    def _compose_checked(
        self, parent: yaml.Node | None, index: int
    ) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # not in the stubs
        if self._level > _MOST_LEVELS:
            raise _refusal("it is nested too deep", event)
        if isinstance(event, yaml.AliasEvent):
            raise _refusal("aliases are not allowed", event)
        if event.tag is not None:
            raise _refusal("tags are not allowed", event)
        return super().compose_node(parent, index)

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - PyYAML's signature
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("a key has to be one word", key)
            if key.value in seen:
                raise _refusal(f"the key {key.value!r} is given twice", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        try:
            node.value.encode()
        except UnicodeEncodeError:
            raise _refusal("half a surrogate pair is no character", node) from None
        if node.tag != _TEXT and len(node.value) > _LONGEST_NUMBER:
            raise _refusal("a number is too long", node)
        return super().construct_scalar(node)


def _refusal(problem: str, at: yaml.Node | yaml.Event) -> ConstructorError:
    mark: Any = at.start_mark  # the stubs don't agree on its type
    return ConstructorError(None, None, problem, mark)


def read_yaml(text: str, *, file: str) -> object:
    """Return the plain values that a YAML (or JSON) text holds.

    Args:
        text: The YAML; it need not be trusted.
        file: How errors name the text.

    Raises:
        PackError: It is not YAML, a key is given twice, it uses aliases or tags, or
            it is nested beyond reason.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise PackError(
            file,
            f"line {mark.line + 1}, column {mark.column + 1}" if mark else "",
            problem=error.problem or "is not YAML",
            mend="correct the YAML there",
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        # A control character, or a date such as 2026-13-45.
        raise PackError(
            file,
            "",
            problem="holds a character or a date that can't be read",
            mend="keep to printable text and put dates in quotes",
        ) from error


def read_json(text: str, *, file: str) -> object:
    """Return the plain values that a JSON text holds.

    Args:
        text: The JSON; it need not be trusted.
        file: How errors name the text.

    Raises:
        PackError: It is not JSON, a key is given twice, or it is nested beyond reason.
    """

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(items)
        if len(found) < len(items):
            names = [name for name, _ in items]
            twice = next(name for name in found if names.count(name) > 1)
            raise PackError(
                file,
                "",
                problem=f"the key {twice[:_LONGEST_NUMBER]!r} is given twice",
                mend="remove one of them",
            )
        return found

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise PackError(
            file,
            f"line {error.lineno}, column {error.colno}",
            problem=error.msg,
            mend="correct the JSON there",
        ) from error
    except (ValueError, RecursionError) as error:  # a huge number, a thousand brackets
        raise PackError(
            file,
            "",
            problem="holds a number or a nesting that can't be read",
            mend="write shorter numbers and nest less",
        ) from error
