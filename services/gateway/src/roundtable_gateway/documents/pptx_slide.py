"""One slide, its notes or its layout to shapes, event by event."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.office import DEPTH, FALLBACK, MATH_TEXT
from roundtable_gateway.documents.pptx_shapes import Line, Offset, Placeholder, Shape
from roundtable_gateway.documents.text_budget import TextBudget

_SHORT = {
    "{http://schemas.openxmlformats.org/presentationml/2006/main": "p:",
    "{http://schemas.openxmlformats.org/drawingml/2006/main": "a:",
    # The strict variant.
    "{http://purl.oclc.org/ooxml/presentationml/main": "p:",
    "{http://purl.oclc.org/ooxml/drawingml/main": "a:",
}
_SHAPES = frozenset({"p:sp", "p:grpSp", "p:pic", "p:graphicFrame", "p:cxnSp"})
_PLACED_BY = frozenset({"p:spPr", "p:grpSpPr", "p:graphicFrame"})
_BULLETS = frozenset({"a:buChar", "a:buAutoNum", "a:buBlip"})
_PICTURES = frozenset({"p:pic", "p:contentPart"})
_ON = frozenset({"1", "true"})
_OFF = frozenset({"0", "false"})


def short_name(tag: str) -> str:
    """Return ``p:sp`` or ``a:t`` for what both variants of the format call so."""
    namespace, _, name = tag.partition("}")
    return _SHORT[namespace] + name if namespace in _SHORT else tag


@dataclass(slots=True)
class _Open:
    """A paragraph whose end has not come yet."""

    pieces: list[str] = field(default_factory=list)
    is_item: bool = False


class Slide:
    """A parser target that collects shapes.

    Attributes:
        shapes: In the order of the file, the lowest first.
        pictures: What is drawn, played or charted, and not read.
        is_hidden: It is left out of a presentation.
    """

    def __init__(self, budget: TextBudget) -> None:
        self.shapes: list[Shape] = []
        self.pictures = 0
        self.is_hidden = False
        self._budget = budget
        self._tags: list[str] = []
        self._skipped_at: int | None = None  # the depth where leaving out began
        self._open: list[Shape] = []
        self._paragraph: _Open | None = None
        self._cells: list[list[str]] | None = None  # of the table row being read

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""
        name = short_name(tag)
        self._tags.append(name)
        if len(self._tags) > DEPTH:
            raise Refused(Reason.TOO_COMPLEX)
        if self._skipped_at is not None:
            return
        if self._is_skipped(name, attributes):
            self._skipped_at = len(self._tags)
        elif name == "p:sld":
            self.is_hidden = attributes.get("show") in _OFF
        elif name in _SHAPES:
            self._open.append(Shape())
        elif self._paragraph is not None:
            self._in_paragraph(self._paragraph, name, attributes)
        elif self._open:
            self._in_shape(self._open[-1], name, attributes)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser passes it
        """Take an element's end."""
        name = self._tags.pop()
        if self._skipped_at is not None:
            if len(self._tags) < self._skipped_at:
                self._skipped_at = None
            return
        if name in _SHAPES:
            self._end_shape(self._open.pop())
        elif name == "a:p" and self._paragraph:
            self._end_paragraph(self._paragraph)
        elif name == "a:tr" and self._cells is not None:
            self._end_row(self._cells)

    def data(self, text: str) -> None:
        """Take characters, where they are text and not layout of the XML."""
        is_text = self._tags and self._tags[-1] in ("a:t", MATH_TEXT)
        if is_text and self._skipped_at is None and self._paragraph:
            self._add(self._paragraph, text)

    def _is_skipped(self, name: str, attributes: Mapping[str, str]) -> bool:
        if name in _PICTURES:
            self.pictures += 1
        if name == "a:graphicData":
            is_table = attributes.get("uri", "").endswith("/table")
            self.pictures += not is_table
            return not is_table
        # The rest of a merged cell has no text of its own.
        return name == FALLBACK or (name == "a:tc" and attributes.get("hMerge") in _ON)

    def _in_shape(self, shape: Shape, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "p:cNvPr":
                is_off = attributes.get("hidden") in _ON
                shape.is_hidden = is_off or any(each.is_hidden for each in self._open)
            case "p:ph":
                kind, index = attributes.get("type", "obj"), attributes.get("idx", "")
                shape.placeholder = Placeholder(kind, index)
            case "a:off" if self._tags[-3:-2] and self._tags[-3] in _PLACED_BY:
                shape.offset = _offset(attributes)
            case "a:tr":
                self._cells = []
            case "a:tc" if self._cells is not None:
                self._cells.append([])
            case "a:p":
                self._paragraph = _Open(is_item=shape.kind == "obj")
            case _:
                pass

    def _in_paragraph(
        self, current: _Open, name: str, attributes: Mapping[str, str]
    ) -> None:
        match name:
            case "a:pPr" if attributes.get("lvl", "0") != "0":
                current.is_item = True
            case "a:buNone":
                current.is_item = False
            case "a:br":
                self._add(current, "\n")
            case _ if name in _BULLETS:
                current.is_item = True
            case _:
                pass

    def _add(self, current: _Open, text: str) -> None:
        self._budget.take(text)
        current.pieces.append(text)

    def _end_paragraph(self, ended: _Open) -> None:
        self._paragraph = None
        text = "".join(ended.pieces).strip()
        if not text or not self._open:
            return
        if self._cells is None:
            self._open[-1].lines.append(Line(text, ended.is_item))
        elif self._cells:
            self._cells[-1].append(text)

    def _end_row(self, cells: list[list[str]]) -> None:
        self._cells = None
        if any(cells):
            text = " | ".join(" ".join(cell) for cell in cells)
            self._open[-1].lines.append(Line(text))

    def _end_shape(self, shape: Shape) -> None:
        around = self._open[-1].members if self._open else self.shapes
        if shape.lines or shape.members or shape.placeholder:
            around.append(shape)


def _offset(attributes: Mapping[str, str]) -> Offset | None:
    try:
        return Offset(int(attributes.get("x", "")), int(attributes.get("y", "")))
    except ValueError:  # a length with a unit; the order of the file will do
        return None
