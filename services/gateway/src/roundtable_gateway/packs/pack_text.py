"""Reads YAML strictly: what an author would not notice is an error."""

from collections.abc import Hashable
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from roundtable_gateway.packs.errors import PackError


class _StrictLoader(yaml.SafeLoader):
    """A safe loader without aliases, tags, keys given twice and broken characters.

    YAML keeps the last of two equal keys without a word. Aliases let a small text
    unfold into a huge one, and explicit tags lead PyYAML into bare IndexErrors and
    worse; no pack needs either. Half a surrogate pair can be escaped in YAML but
    neither stored nor sent.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # not in the stubs
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
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # A control character, a date such as 2026-13-45, or a thousand brackets.
        raise PackError(
            file,
            "",
            problem="holds a character, a date or a nesting that can't be read",
            mend="keep to printable text, put dates in quotes and nest less",
        ) from error
