"""Builds HTML in which text can only ever be text."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

_VOID = frozenset({"meta"})
# A line each in the source, for people and for diffs; none of them stands within text.
_BLOCKS = frozenset(
    {"article", "div", "footer", "header", "main", "nav", "section", "table", "tbody"}
    | {"blockquote", "dl", "h1", "h2", "h3", "head", "li", "meta", "p", "thead", "tr"}
    | {"title", "ul"}
)
# No document may hold these (https://html.spec.whatwg.org/#preprocessing-the-input-stream).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that was built here; a plain string beside it is text and is escaped."""

    source: str


Content = Html | str | None


def element(name: str, /, *children: Content, **attributes: str | None) -> Html:
    """Return an element; children and attributes that are None are left out.

    Args:
        name: The element's name.
        *children: Its content in order; strings are escaped.
        **attributes: Its attributes, whose values are escaped. An underscore behind a
            name is dropped, one within it is a hyphen: `class_`, `http_equiv`.
    """
    opening = name + "".join(
        f' {_attribute_name(key)}="{_escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "\n" if name in _BLOCKS else ""
    if name in _VOID:
        return Html(f"<{opening}>{end}")
    return Html(f"<{opening}>{fragment(children).source}</{name}>{end}")


def fragment(children: Iterable[Content]) -> Html:
    """Return content one behind the other, without an element around it."""
    return Html("".join(_source(child) for child in children if child is not None))


def foreign(name: str, text: str, /, **attributes: str | None) -> Html:
    """Return an element with what an author, persona or model wrote.

    It is laid out in its own writing direction and cannot turn the words around it.
    """
    return element(name, text, dir="auto", **attributes)


def _attribute_name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _source(child: Html | str) -> str:
    return child.source if isinstance(child, Html) else _escaped(child)


def _escaped(text: str) -> str:
    return html.escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)
