"""Remarks as Word comments on the words that they are about."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from defusedxml import ElementTree

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.docx import DOCX_TYPE
from roundtable_gateway.documents.editing.docx_annotations import (
    author_value,
    date_value,
    id_in,
)
from roundtable_gateway.documents.editing.docx_cuts import Cuts, before, behind
from roundtable_gateway.documents.editing.docx_package import Package
from roundtable_gateway.documents.editing.docx_places import WordParagraph
from roundtable_gateway.documents.editing.docx_text import (
    BETWEEN_BLOCKS,
    TracedPart,
    TracedText,
)
from roundtable_gateway.documents.editing.edits import Commenting, Remark
from roundtable_gateway.documents.editing.xml_bytes import (
    attribute,
    spliced,
    text,
    with_last,
)
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.office import Quiet, Relationships

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_INITIALS = 4

_NOTE = re.compile(r"\[\w*\]")  # as the reader marks notes and what refers to them

_ELSEWHERE = (
    "Where it stands: in a footnote, an endnote, a header or a footer, none of which "
    "can carry a comment."
)
_NEARBY = (
    "Where it stands: in this paragraph or a text box that hangs on it, at a place "
    "that can't carry a comment."
)
_UNPLACED = (
    "Where it stands is not known: the file is read differently now than when the "
    "review was made."
)


def with_comments(content: bytes, order: Commenting, limits: Limits) -> bytes:
    """Return a DOCX with a comment for each remark; all else stays as it was.

    A remark on words that can't carry a comment goes on the paragraph next to them, and
    says so.

    Raises:
        Refused: As in reading it.
    """
    archive = Archive(content, limits)
    traced = TracedText.of(archive, order.text, limits)
    package = Package(Archive(content, limits))
    existing = Relationships.of(archive, traced.main.name).of_kind("comments")
    comments = _Comments.of(package, existing)
    writer = _Writer(
        traced=traced,
        text=order.text,
        cuts=Cuts(traced.main.source),
        time=order.time,
        first_id=max(traced.main.story.highest_id, comments.highest_id) + 1,
    )
    written = b"".join(
        writer.write(number, remark) for number, remark in enumerate(order.remarks)
    )
    main = traced.main
    package.set(main.name, spliced(main.source, writer.cuts.splices()))
    if comments.name is not None:
        package.set(comments.name, with_last(package.part(comments.name), written))
    else:
        _add_part(package, main, written)
    return package.packed()


class _Comments(Quiet):
    """The comments that are there already."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        self.highest_id = 0

    @classmethod
    def of(cls, package: Package, name: str | None) -> "_Comments":
        """Look at a part of comments, if there is one."""
        found = cls(name)
        if name is not None:
            if name not in package:
                raise Refused(Reason.UNREADABLE)
            parser = ElementTree.XMLParser(target=found, forbid_dtd=True)
            parser.feed(package.part(name))
            parser.close()
        return found

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the parser passes it
        """Note an id."""
        self.highest_id = max(self.highest_id, id_in(attributes))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes comments and marks the places that they are about."""

    traced: TracedText
    text: str
    cuts: Cuts
    time: datetime
    first_id: int

    def write(self, number: int, remark: Remark) -> bytes:
        """Mark the place of a remark and return its comment."""
        comment_id = self.first_id + number
        note = self._mark(comment_id, remark)
        lines = (*remark.lines, note) if note else remark.lines
        return _comment(
            self._namespace, comment_id, remark=remark, lines=lines, time=self.time
        )

    @property
    def _namespace(self) -> bytes:
        return self.traced.main.story.namespace.encode()

    def _mark(self, comment_id: int, remark: Remark) -> str | None:
        """Mark a place; return what is to be said of it."""
        declared = b'xmlns:w="%b" w:id="%d"' % (self._namespace, comment_id)
        begin = b"<w:commentRangeStart %b/>" % declared
        end = (
            b'<w:commentRangeEnd %b/><w:r xmlns:w="%b"><w:commentReference w:id="%d"/>'
            b"</w:r>" % (declared, self._namespace, comment_id)
        )
        main = self.traced.main
        if remark.start is None:
            self.cuts.enclose(self._first(), begin, end)
            return None
        if remark.end is not None:
            placed = main.between(remark.start, remark.end)
            if placed and all(main.can_be_cut(placed[i].piece) for i in (0, -1)):
                first, last = placed[0], placed[-1]
                at = max(remark.start, first.start)
                self.cuts.begin(before(first.piece, first.index(at)), begin)
                at = min(remark.end, last.end) - 1
                self.cuts.end(behind(last.piece, last.index(at)), end)
                return None
        self.cuts.enclose(self._near(remark.start), begin, end)
        return None if remark.end is None else self._excuse(remark.start)

    def _near(self, start: int) -> WordParagraph:
        """Return the paragraph at an offset; of a note, the one that refers to it."""
        main = self.traced.main
        near = main.near(start)
        if near is None:
            return self._first()
        if self._is_elsewhere(start):
            block = self.text[self.text.rfind(BETWEEN_BLOCKS, 0, start) :].lstrip()
            mark = _NOTE.match(block)
            references = (
                each for each in main.placed if mark and each.piece.text == mark[0]
            )
            near = next(references, near)
        return near.piece.paragraph

    def _first(self) -> WordParagraph:
        first = self.traced.main.story.first_paragraph
        if first is None:  # no body has none
            raise Refused(Reason.UNREADABLE)
        return first

    def _excuse(self, start: int) -> str:
        if not self.traced.is_as_read:
            return _UNPLACED
        return _ELSEWHERE if self._is_elsewhere(start) else _NEARBY

    def _is_elsewhere(self, start: int) -> bool:
        placed = self.traced.main.placed
        return not placed or start >= placed[-1].end


def _comment(
    namespace: bytes,
    comment_id: int,
    *,
    remark: Remark,
    lines: tuple[str, ...],
    time: datetime,
) -> bytes:
    initials = "".join(word[0] for word in remark.author.split())[:_INITIALS].upper()
    opening = b'<w:comment xmlns:w="%b" w:id="%d" w:author=%b w:initials=%b w:date=%b>'
    return b"".join(
        (
            opening
            % (
                namespace,
                comment_id,
                author_value(remark.author),
                attribute(initials),
                date_value(time),
            ),
            *(
                _paragraph(line, is_first=not number)
                for number, line in enumerate(lines)
            ),
            b"</w:comment>",
        )
    )


def _paragraph(line: str, *, is_first: bool) -> bytes:
    formatting = b"<w:rPr><w:b/></w:rPr>" if is_first else b""
    reference = b"<w:r><w:annotationRef/></w:r>" if is_first else b""
    words = b'<w:t xml:space="preserve">%b</w:t>' % text(" ".join(line.split()))
    return b"<w:p>%b<w:r>%b%b</w:r></w:p>" % (reference, formatting, words)


def _add_part(package: Package, main: TracedPart, written: bytes) -> None:
    namespace = main.story.namespace
    name = package.free_name(posixpath.dirname(main.name), "comments.xml")
    package.set(
        name,
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        b'<w:comments xmlns:w="%b">%b</w:comments>' % (namespace.encode(), written),
    )
    package.declare(name, DOCX_TYPE.format(kind="comments"))
    relation = _STRICT_RELATION if namespace == _STRICT else _RELATION
    package.relate(main.name, f"{relation}/comments", name)
