"""The small parts of a DOCX, parsed event by event: no tree, no size to fear."""

from collections.abc import Mapping
from typing import ClassVar, Protocol, TypeVar

from defusedxml import ElementTree

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.errors import Reason, Refused

_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",  # the strict variant
)
_MAIN_TYPES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
)
_OFF = frozenset({"0", "false", "off", "none"})


class Target(Protocol):
    """What the parser tells of a part."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""

    def end(self, tag: str) -> None:
        """Take an element's end."""

    def data(self, text: str) -> None:
        """Take characters."""


_Target = TypeVar("_Target", bound=Target)


def parse(archive: Archive, name: str, target: _Target) -> _Target:
    """Feed a part of the archive to a target and return it.

    Raises:
        Refused: UNREADABLE if the part is missing, or declares a DTD or entities.
    """
    if name not in archive:
        raise Refused(Reason.UNREADABLE)
    parser = ElementTree.XMLParser(target=target, forbid_dtd=True)
    for chunk in archive.part(name):
        parser.feed(chunk)
    parser.close()
    return target


def word_name(tag: str) -> str | None:
    """Return the local name of an element or attribute of WordprocessingML."""
    for namespace in _WORD:
        if tag.startswith(namespace):
            return tag.removeprefix(namespace)
    return None


def word_value(attributes: Mapping[str, str], name: str = "val") -> str | None:
    """Return a WordprocessingML attribute."""
    for namespace in _WORD:
        if (value := attributes.get(namespace + name)) is not None:
            return value
    return None


def is_on(attributes: Mapping[str, str]) -> bool:
    """Tell whether a switch such as ``w:vanish`` is on; without a value it is."""
    return word_value(attributes) not in _OFF


class _Quiet:
    """A target that looks at elements alone."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        pass

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass


class ContentTypes(_Quiet):
    """The archive's own list of its parts."""

    PART: ClassVar = "[Content_Types].xml"

    def __init__(self) -> None:
        self._parts: dict[str, list[str]] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note an override; parts of our kinds never go by a default."""
        if tag.endswith("}Override"):
            names = self._parts.setdefault(attributes.get("ContentType", ""), [])
            names.append(attributes.get("PartName", "").removeprefix("/"))

    def named(self, kind: str) -> list[str]:
        """Return the names of all parts of a kind, such as ``document.main``."""
        return self._parts.get(_MAIN_TYPES.format(kind=kind), [])


class CommentCounter(_Quiet):
    """Counts the comments in the margin."""

    def __init__(self) -> None:
        self.count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the parser passes it
        """Count one."""
        self.count += word_name(tag) == "comment"


class Styles(_Quiet):
    """Which styles make a heading, a list item or hidden text."""

    def __init__(self) -> None:
        self._style = ""
        self._parents: dict[str, str] = {}
        self._headings: set[str] = set()
        self._items: set[str] = set()
        self._hidden: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note what an element says of the style it stands in."""
        value = word_value(attributes) or ""
        match word_name(tag):
            case "style":
                self._style = word_value(attributes, "styleId") or ""
            case "name" if value.lower().startswith(("heading ", "title")):
                self._headings.add(self._style)
            case "basedOn":
                self._parents[self._style] = value
            case "outlineLvl" if value in "012345678":
                self._headings.add(self._style)
            case "numId" if value != "0":
                self._items.add(self._style)
            case "vanish" if is_on(attributes):
                self._hidden.add(self._style)
            case _:
                pass

    def is_heading(self, style: str) -> bool:
        """Tell whether paragraphs of a style are headings."""
        return self._inherits(style, self._headings)

    def is_item(self, style: str) -> bool:
        """Tell whether paragraphs of a style are list items."""
        return self._inherits(style, self._items)

    def is_hidden(self, style: str) -> bool:
        """Tell whether text of a style does not show."""
        return self._inherits(style, self._hidden)

    def _inherits(self, style: str, chosen: set[str]) -> bool:
        seen: set[str] = set()
        while style and style not in seen:
            if style in chosen:
                return True
            seen.add(style)
            style = self._parents.get(style, "")
        return False
