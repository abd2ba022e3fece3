"""The elements of an HTML page to blocks, in document order."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from roundtable_gateway.documents.blocks import Block
from roundtable_gateway.documents.html_look import Look
from roundtable_gateway.documents.html_tags import (
    BLOCKS,
    BUTTONS,
    NOT_TEXT,
    PICTURES,
    ROLES,
)
from roundtable_gateway.documents.left_out import LeftOut
from roundtable_gateway.documents.text_budget import TextBudget

_SPACE = re.compile(r"[ \t\n\r\f]+")
_AROUND_BREAK = re.compile(r" *\n *")


@dataclass(frozen=True, slots=True)
class _Open:
    """An element whose end has not come yet."""

    tag: str
    role: str
    look_around: Look


class HtmlStory:
    """Collects blocks, and what is left out of them.

    Attributes:
        blocks: Paragraphs, headings, list items, and rows of tables.
        hidden: Stretches of text that don't show.
        comments: In the source.
        pictures: Not read, but seen.
    """

    def __init__(self, budget: TextBudget) -> None:
        self.blocks: list[Block] = []
        self.hidden = LeftOut()
        self.comments = LeftOut()
        self.pictures = 0
        self._budget = budget
        self._elements: list[_Open] = []
        self._look = Look()
        self._sinks = [self.blocks]  # the page, then the cells being read
        self._rows: list[list[list[Block]]] = []  # their cells
        self._pieces: list[str] = []
        self._roles = Counter[str]()  # of the elements around
        self._is_typed = False  # white space in the paragraph counts
        self._mark = ""

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Take an element's beginning; tell whether what is within counts."""
        look = self._look.within(tag, attributes)
        if tag in NOT_TEXT:
            return False
        if tag in PICTURES:
            # An empty alternative text says that a picture is mere decoration.
            self.pictures += not look.is_hidden and attributes.get("alt", "-") != ""
            return False
        if tag in BLOCKS:
            self._flush()
        role = self._open(tag)
        self._elements.append(_Open(tag, role, self._look))
        self._look = look
        if tag == "input" and attributes.get("type") in BUTTONS:
            self.data(attributes.get("value") or "")
        return True

    def end(self) -> None:
        """Take the end of the element that began last."""
        ended = self._elements.pop()
        if ended.tag in BLOCKS:
            self._flush()
        self._close(ended)
        if self._look.is_hidden and not ended.look_around.is_hidden:
            self.hidden.close()
        self._look = ended.look_around

    def data(self, text: str) -> None:
        """Take characters."""
        if self._look.is_hidden:
            self.hidden.add(text)
            return
        if self._roles["typed"]:
            self._is_typed = True
        else:
            text = _SPACE.sub(" ", text)
            if not self._pieces or self._pieces[-1].endswith((" ", "\n")):
                text = text.removeprefix(" ")
        if text:
            self._add(text)

    def comment(self, text: str) -> None:
        """Take a comment of the source; a program's mark without a letter is none."""
        if any(each.isalpha() for each in text):
            self.comments.add(text)
            self.comments.close()

    def _open(self, tag: str) -> str:
        """Prepare for what an element holds, and return what it is."""
        role = ROLES.get(tag, "")
        match role:
            case "break" if not self._look.is_hidden:
                self._add("\n")
            case "item":
                self._mark = "- "
            case "row":
                self._rows.append([])
            case "cell" if self._rows:
                self._rows[-1].append([])
                self._sinks.append(self._rows[-1][-1])
            case "cell":
                role = ""  # a table's in name alone
            case _:
                pass
        self._roles[role] += 1
        return role

    def _close(self, ended: _Open) -> None:
        self._roles[ended.role] -= 1
        match ended.role:
            case "item":
                self._mark = ""
            case "cell":
                self._sinks.pop()
            case "row":
                self._sinks[-1].extend(_row(self._rows.pop()))
            case _:
                pass

    def _add(self, text: str) -> None:
        self._budget.take(text)
        self._pieces.append(text)

    def _flush(self) -> None:
        """End the paragraph."""
        text = "".join(self._pieces)
        if not self._is_typed:
            text = _AROUND_BREAK.sub("\n", text).strip()
        self._pieces.clear()
        self._is_typed = False
        if not text.strip():
            return
        is_heading = self._roles["heading"] > 0
        mark = "" if is_heading else self._mark
        self._mark = ""
        self._sinks[-1].append(Block(mark + text, is_heading=is_heading))


def _row(cells: list[list[Block]]) -> list[Block]:
    """Join cells of a paragraph each; others are columns of a page, read in turn."""
    blocks = [block for cell in cells for block in cell]
    is_data = len(blocks) > 1 and all(len(cell) <= 1 for cell in cells)
    if not is_data or any(block.is_heading for block in blocks):
        return blocks
    texts = (" ".join(block.text for block in cell) for cell in cells)
    return [Block(" | ".join(" ".join(text.split()) for text in texts))]
