"""One story of a DOCX (body, notes, a header) to blocks, event by event."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roundtable_gateway.documents.blocks import Block
from roundtable_gateway.documents.docx_parts import (
    Styles,
    is_on,
    word_name,
    word_value,
)
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.office import DEPTH, FALLBACK, MATH_TEXT
from roundtable_gateway.documents.text_budget import TextBudget

_LETTERS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_SKIPPED = frozenset(
    {
        "instrText",  # a field's code; its result is text
        "pPrChange",  # formatting as it was before a tracked change
        "rPrChange",
        FALLBACK,
    }
)
# What stands between a cell's paragraphs and between a row's cells.
WITHIN_CELL = " "
BETWEEN_CELLS = " | "
# Notes that Word draws as lines above the real ones.
_DRAWN_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})


@dataclass(slots=True)
class Tally:
    """What all stories of a document add up to.

    Attributes:
        budget: The text that is still allowed.
        insertions: Tracked, and taken in.
        deletions: Tracked, and left out.
        hidden_runs: Stretches of text that don't show.
    """

    budget: TextBudget
    insertions: int = 0
    deletions: int = 0
    hidden_runs: int = 0


@dataclass(slots=True)
class OpenParagraph:
    """A paragraph whose end has not come yet; a text box nests one in another."""

    pieces: list[str] = field(default_factory=list)
    style: str = ""
    is_heading: bool = False
    is_item: bool | None = None  # None: as its style says
    is_run_hidden: bool = False
    run_start: int = 0  # pieces before the run being read


@dataclass(slots=True)
class OpenRow:
    """A table row whose end has not come yet."""

    cells: list[list[str]] = field(default_factory=list)


class Story:
    """A parser target that collects blocks; each table row becomes one."""

    def __init__(self, styles: Styles, tally: Tally) -> None:
        self.blocks: list[Block] = []
        self._styles = styles
        self._tally = tally
        self._tags: list[str] = []
        self._skipped_at: int | None = None  # the depth where leaving out began
        self._paragraphs: list[OpenParagraph] = []
        self._rows: list[OpenRow] = []
        self._note = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element's beginning."""
        name = word_name(tag) or tag
        self._tags.append(name)
        if len(self._tags) > DEPTH:
            raise Refused(Reason.TOO_COMPLEX)
        if self._skipped_at is not None:
            return
        if self._is_skipped(name, attributes):
            self._skipped_at = len(self._tags)
        elif name in ("p", "tr", "tc"):
            self._open(name)
        elif name in ("footnote", "endnote"):
            self._note = f"[{word_value(attributes, 'id') or ''}] "
        elif self._paragraphs:
            self._in_paragraph(self._paragraphs[-1], name, attributes)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser passes it
        """Take an element's end."""
        name = self._tags.pop()
        if self._skipped_at is not None:
            if len(self._tags) < self._skipped_at:
                self._skipped_at = None
            return
        match name:
            case "p" if self._paragraphs:
                self._end_paragraph(self._paragraphs.pop())
            case "tr" if self._rows:
                self._end_row(self._rows.pop())
            case "r" if self._paragraphs:
                self._end_run(self._paragraphs[-1])
            case _:
                pass

    def data(self, text: str) -> None:
        """Take characters, where they are text and not layout of the XML."""
        is_text = self._tags and self._tags[-1] in ("t", MATH_TEXT)
        if is_text and self._skipped_at is None and self._paragraphs:
            self._add(text)

    def _is_skipped(self, name: str, attributes: Mapping[str, str]) -> bool:
        # In properties they speak of the paragraph's mark or the row, not of text.
        is_property = self._tags[-2:-1] in (["rPr"], ["trPr"])
        if name in ("ins", "moveTo"):
            self._tally.insertions += not is_property
            return False
        if name in ("del", "moveFrom"):
            self._tally.deletions += not is_property
            return not is_property
        if name in ("footnote", "endnote"):
            return word_value(attributes, "type") in _DRAWN_NOTES
        return name in _SKIPPED

    def _open(self, name: str) -> None:
        if name == "p":
            self._paragraphs.append(OpenParagraph())
        elif name == "tr":
            self._rows.append(OpenRow())
        elif self._rows:
            self._rows[-1].cells.append([])

    def _in_paragraph(
        self, current: OpenParagraph, name: str, attributes: Mapping[str, str]
    ) -> None:
        value = word_value(attributes) or ""
        match name:
            case "r":
                current.run_start = len(current.pieces)
                current.is_run_hidden = False
            case "pStyle":
                current.style = value
            case "outlineLvl":
                current.is_heading = value in "012345678"
            case "numId":
                current.is_item = value != "0"
            case "rStyle" if self._styles.is_hidden(value):
                current.is_run_hidden = True
            case "vanish" if self._tags[-3:-2] == ["r"]:
                current.is_run_hidden = is_on(attributes)
            case "footnoteReference" | "endnoteReference":
                self._add(f"[{word_value(attributes, 'id') or ''}]")
            # A tab stop in the paragraph's properties has the same name.
            case _ if name in _LETTERS and self._tags[-2:-1] == ["r"]:
                self._add(_LETTERS[name])
            case _:
                pass

    def _end_run(self, current: OpenParagraph) -> None:
        has_text = len(current.pieces) > current.run_start
        self._tally.hidden_runs += current.is_run_hidden and has_text

    def _add(self, text: str) -> None:
        self._tally.budget.take(text)
        self._paragraphs[-1].pieces.append(text)

    def _end_paragraph(self, ended: OpenParagraph) -> None:
        text = "".join(ended.pieces).strip()
        if not text:
            return
        if self._styles.is_hidden(ended.style):
            self._tally.hidden_runs += 1
        if self._rows and self._rows[-1].cells:
            self._rows[-1].cells[-1].append(text)
            return
        is_heading = ended.is_heading or self._styles.is_heading(ended.style)
        mark = self._mark(ended, is_heading=is_heading)
        self._note = ""
        self.blocks.append(Block(mark + text, is_heading=is_heading))

    def _mark(self, ended: OpenParagraph, *, is_heading: bool) -> str:
        is_item = ended.is_item
        if is_item is None:
            is_item = self._styles.is_item(ended.style)
        return self._note + ("- " if is_item and not is_heading else "")

    def _end_row(self, row: OpenRow) -> None:
        cells = [WITHIN_CELL.join(cell) for cell in row.cells]
        text = BETWEEN_CELLS.join(cells)
        if not any(cells):
            return
        if self._rows and self._rows[-1].cells:  # a table within a cell
            self._rows[-1].cells[-1].append(text)
            return
        self.blocks.append(Block(text))
