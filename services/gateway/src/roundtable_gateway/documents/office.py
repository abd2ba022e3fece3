"""What DOCX and PPTX share: XML parts, parsed event by event, and what ties them.

No tree is built, so there is no size to fear.
"""

import posixpath
from collections.abc import Mapping
from typing import ClassVar, Protocol, TypeVar

from defusedxml import ElementTree

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.errors import Reason, Refused

DEPTH = 500  # Office's own documents stay below 100
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# What old programs show in place of something newer.
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


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


class Quiet:
    """A target that looks at elements alone."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take no notice."""

    def end(self, tag: str) -> None:
        """Take no notice."""

    def data(self, text: str) -> None:
        """Take no notice."""


class ContentTypes(Quiet):
    """The archive's own list of its parts."""

    _PART: ClassVar = "[Content_Types].xml"

    def __init__(self) -> None:
        self._parts: dict[str, list[str]] = {}

    @classmethod
    def of(cls, archive: Archive) -> "ContentTypes":
        """Read the list.

        Raises:
            Refused: UNSUPPORTED_TYPE if there is none; it is another kind of archive.
        """
        if cls._PART not in archive:
            raise Refused(Reason.UNSUPPORTED_TYPE)
        return parse(archive, cls._PART, cls())

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note an override; parts of our kinds never go by a default."""
        if tag.endswith("}Override"):
            names = self._parts.setdefault(attributes.get("ContentType", ""), [])
            names.append(attributes.get("PartName", "").removeprefix("/"))

    def named(self, content_type: str) -> list[str]:
        """Return the names of all parts of a type."""
        return self._parts.get(content_type, [])


class Relationships(Quiet):
    """What a part refers to within the archive; nothing outside is ever looked at."""

    def __init__(self, part: str) -> None:
        self._folder = posixpath.dirname(part)
        self._by_id: dict[str, str] = {}
        self._by_kind: dict[str, str] = {}

    @classmethod
    def of(cls, archive: Archive, part: str) -> "Relationships":
        """Read a part's relationships; without any it refers to nothing."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        found = cls(part)
        return parse(archive, listed, found) if listed in archive else found

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note a relationship."""
        if not tag.endswith("}Relationship"):
            return
        if attributes.get("TargetMode") == "External":
            return
        target = posixpath.join("/", self._folder, attributes.get("Target", ""))
        name = posixpath.normpath(target).lstrip("/")
        self._by_id[attributes.get("Id", "")] = name
        kind = attributes.get("Type", "").rpartition("/")[2]
        self._by_kind.setdefault(kind, name)

    def by_id(self, identifier: str) -> str:
        """Return a part's name, empty for one that is not listed."""
        return self._by_id.get(identifier, "")

    def of_kind(self, kind: str) -> str | None:
        """Return the first part of a kind, such as ``notesSlide``."""
        return self._by_kind.get(kind)
