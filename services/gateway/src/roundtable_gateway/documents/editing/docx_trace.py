"""Where in a DOCX part each character of its text stands.

The walk is the reader's own (`docx_story`), so that both agree on what is text. No tree
is built: an edit is made by splicing bytes into the part, and leaves all others alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml import ElementTree

from roundtable_gateway.documents.docx_parts import Styles, word_name, word_value
from roundtable_gateway.documents.docx_story import (
    BETWEEN_CELLS,
    WITHIN_CELL,
    OpenParagraph,
    OpenRow,
    Story,
    Tally,
)
from roundtable_gateway.documents.editing.docx_annotations import id_in
from roundtable_gateway.documents.editing.docx_places import (
    Element,
    Host,
    Piece,
    Placed,
    Run,
    WordParagraph,
)

# What a run may hold and still be words alone.
_WORDS = frozenset(
    {"rPr", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen"}
    | {"lastRenderedPageBreak"}
)
_FIELD_STEPS = {"begin": 1, "end": -1}


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a table cell holds of one paragraph or inner row."""

    length: int
    placed: tuple[Placed, ...]


class TracedStory(Story):
    """A story whose blocks know where their characters come from.

    Attributes:
        traces: Of each block, what is placed in it.
        namespace: The root element's.
        highest_id: Of all annotations in the part.
        first_paragraph: The part's, None without any.
    """

    def __init__(
        self, styles: Styles, tally: Tally, position: Callable[[], int]
    ) -> None:
        super().__init__(styles, tally)
        self.traces: list[tuple[Placed, ...]] = []
        self.namespace = ""
        self.highest_id = 0
        self.first_paragraph: WordParagraph | None = None
        self._position = position
        self._elements: list[Element] = []
        self._begun: Element | None = None  # its start tag is not over yet
        self._ended: Element | None = None  # its end tag is not over yet
        self._outer: WordParagraph | None = None
        self._fields = 0  # that have begun and not ended
        self._runs: list[Run] = []
        self._pieces: list[list[Piece]] = []  # of each open paragraph
        self._cells: list[list[list[_Cell]]] = []  # of each open row

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""
        at = self._here()
        self.namespace = self.namespace or tag[1:].partition("}")[0]
        name = word_name(tag) or tag
        was_skipped = self._skipped_at is not None
        parent = self._tags[-1] if self._tags else ""
        element = self._element(name, at, parent)
        self._elements.append(element)
        self._begun = element
        self.highest_id = max(self.highest_id, id_in(attributes))
        if name == "fldChar":
            step = _FIELD_STEPS.get(word_value(attributes, "fldCharType") or "", 0)
            self._fields = max(self._fields + step, 0)
        if not was_skipped:
            self._note_child(name, element)
        open_before = len(self._paragraphs)
        super().start(tag, attributes)
        if len(self._paragraphs) > open_before:
            self._pieces.append([])
            if isinstance(element, WordParagraph):
                self._outer = element
                self.first_paragraph = self.first_paragraph or element
        if isinstance(element, Run) and self._skipped_at is None:
            self._enter(element)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        at = self._here()
        element = self._elements.pop()
        element.end = at
        self._ended = element
        super().end(tag)
        if self._runs and self._runs[-1] is element:
            self._runs.pop()

    def data(self, text: str) -> None:
        """Take characters, where they are text and not layout of the XML."""
        self._here()
        super().data(text)

    def _here(self) -> int:
        """Return where the parser is; what came before ends there."""
        at = self._position()
        if self._begun is not None:
            self._begun.body = at
        if self._ended is not None:
            self._ended.after = at
        self._begun = self._ended = None
        return at

    def _element(self, name: str, at: int, parent: str) -> Element:
        if name == "p" and not self._paragraphs:
            return WordParagraph(at)
        if name == "r":
            return Run(at)
        return Host(at, is_text=name == "t") if parent == "r" else Element(at)

    def _note_child(self, name: str, element: Element) -> None:
        holder = self._elements[-2] if len(self._elements) > 1 else None
        if isinstance(holder, Run):
            holder.is_words = holder.is_words and name in _WORDS
            if name == "rPr":
                holder.properties = element
            else:
                holder.first = holder.first or element
                holder.last = element
                if isinstance(element, Host) and element.is_text:
                    holder.texts.append(element)
        elif isinstance(holder, WordParagraph) and name == "pPr":
            holder.properties = element
        elif name == "rPrChange" and self._tags[-2:] == ["r", "rPr"]:
            self._runs[-1].former = element

    def _enter(self, run: Run) -> None:
        # What a field shows is Word's to write again, with nobody's rewrite in it.
        run.is_words = not self._fields and "fldSimple" not in self._tags
        run.is_tracked = not {"ins", "moveTo"}.isdisjoint(self._tags)
        self._runs.append(run)
        if self._outer and len(self._runs) == len(self._paragraphs) == 1:
            self._outer.runs.append(run)

    def _open(self, name: str) -> None:
        super()._open(name)
        if name == "tr":
            self._cells.append([])
        elif name == "tc" and self._cells:
            self._cells[-1].append([])

    def _add(self, text: str) -> None:
        super()._add(text)
        host = self._elements[-1]
        is_splittable = len(self._runs) == len(self._paragraphs) == 1
        if not isinstance(host, Host):  # not a run's own, as in a formula
            host, is_splittable = Host(host.start), False
        if self._outer is None:
            raise AssertionError("text in no paragraph")
        piece = Piece(
            text=text,
            at=self._position(),
            host=host,
            number=len(host.pieces),
            run=self._runs[-1] if is_splittable else None,
            paragraph=self._outer,
        )
        host.pieces.append(piece)
        self._pieces[-1].append(piece)

    def _end_paragraph(self, ended: OpenParagraph) -> None:
        written = "".join(ended.pieces)
        text = written.strip()
        lead = len(written) - len(written.lstrip())
        placed = tuple(_placed(self._pieces.pop(), lead, len(text)))
        super()._end_paragraph(ended)
        if not text:
            return
        if self._cells and self._cells[-1]:
            self._cells[-1][-1].append(_Cell(len(text), placed))
        else:  # it is what its block ends with
            behind = len(self.blocks[-1].text) - len(text)
            self.traces.append(tuple(each.moved(behind) for each in placed))

    def _end_row(self, row: OpenRow) -> None:
        cells = self._cells.pop()
        super()._end_row(row)
        if not any(cells):
            return
        placed: list[Placed] = []
        offset = 0
        for cell in cells:
            for number, each in enumerate(cell):
                offset += len(WITHIN_CELL) if number else 0
                placed += (one.moved(offset) for one in each.placed)
                offset += each.length
            offset += len(BETWEEN_CELLS)
        if self._cells and self._cells[-1]:
            length = offset - len(BETWEEN_CELLS)
            self._cells[-1][-1].append(_Cell(length, tuple(placed)))
        else:
            self.traces.append(tuple(placed))


def _placed(pieces: Iterable[Piece], lead: int, length: int) -> Iterator[Placed]:
    """Yield what is left of the pieces of a paragraph once it has been stripped."""
    at = -lead
    for piece in pieces:
        start, end = max(at, 0), min(at + len(piece.text), length)
        if start < end:
            yield Placed(start, end, start - at, piece)
        at += len(piece.text)


def trace(source: bytes, styles: Styles, tally: Tally) -> TracedStory:
    """Walk a part in UTF-8."""
    parser: Any

    def position() -> int:
        at: int = parser.parser.CurrentByteIndex
        return at

    story = TracedStory(styles, tally, position)
    parser = ElementTree.XMLParser(target=story, forbid_dtd=True)
    parser.parser.buffer_text = False  # or characters would come late, and joined
    parser.feed(source)
    parser.close()
    return story
