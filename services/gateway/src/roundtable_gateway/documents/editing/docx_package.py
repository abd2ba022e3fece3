"""A DOCX's archive with some of its parts replaced and others put beside them."""

import posixpath
import zipfile
from io import BytesIO

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.editing.xml_bytes import (
    as_utf8,
    attribute,
    with_last,
)

_TYPES_PART = "[Content_Types].xml"
_TYPES = b"http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = b"http://schemas.openxmlformats.org/package/2006/relationships"


class Package:
    """The parts as they are to be; all that nobody set stay as they were."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._set: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of that name."""
        return name in self._set or name in self._archive

    def part(self, name: str) -> bytes:
        """Return an XML part in UTF-8."""
        if name not in self._set:
            return as_utf8(b"".join(self._archive.part(name)))
        return self._set[name]

    def set(self, name: str, content: bytes) -> None:
        """Put a part in place of the one of that name, or beside the others."""
        self._set[name] = content

    def declare(self, name: str, content_type: str) -> None:
        """Say of what type a part is."""
        override = b'<Override xmlns="%b" PartName=%b ContentType=%b/>' % (
            _TYPES,
            attribute(f"/{name}"),
            attribute(content_type),
        )
        self.set(_TYPES_PART, with_last(self.part(_TYPES_PART), override))

    def relate(self, part: str, kind: str, target: str) -> None:
        """Say that a part refers to another in its folder."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        source = b'<Relationships xmlns="%b"/>' % _RELATIONS
        if listed in self:
            source = self.part(listed)
        relation = b'<Relationship xmlns="%b" Id=%b Type=%b Target=%b/>' % (
            _RELATIONS,
            attribute(_free_id(source)),
            attribute(kind),
            attribute(posixpath.basename(target)),
        )
        self.set(listed, with_last(source, relation))

    def free_name(self, folder: str, name: str) -> str:
        """Return a name that no part has yet."""
        stem, ending = posixpath.splitext(name)
        count, free = 1, posixpath.join(folder, name)
        while free in self:
            count += 1
            free = posixpath.join(folder, f"{stem}{count}{ending}")
        return free

    def packed(self) -> bytes:
        """Return the archive: the parts in their order, new ones behind them."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry in self._archive.entries:
                content = self._set.get(entry.filename)
                if content is None:
                    content = b"".join(self._archive.part(entry.filename))
                archive.writestr(_fresh(entry), content)
            for name, content in self._set.items():
                if name not in self._archive:
                    archive.writestr(_fresh(zipfile.ZipInfo(name)), content)
        return packed.getvalue()


def _fresh(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return an entry's description without where it lies and how large it is."""
    fresh = zipfile.ZipInfo(entry.filename, entry.date_time)
    fresh.compress_type = zipfile.ZIP_DEFLATED
    fresh.external_attr = entry.external_attr
    return fresh


def _free_id(source: bytes) -> str:
    count = 1
    while f'"rtId{count}"'.encode() in source:
        count += 1
    return f"rtId{count}"
