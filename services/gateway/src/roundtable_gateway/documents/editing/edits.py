"""What is to be done to a file, and what has been done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment for the margin.

    Attributes:
        lines: What it says, a paragraph a line; the first one stands out.
        start: Offset in the document's text of the first character it is about; None
            for the document as a whole.
        end: Offset behind the last one; None for the whole paragraph at `start`.
    """

    author: str
    lines: tuple[str, ...]
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Words that are to stand in place of others.

    Attributes:
        author: Whose idea it was.
        start: Offset in the document's text of the first character that goes.
        end: Offset behind the last one.
        words: What comes instead; nothing to leave the old words out.
    """

    author: str
    start: int
    end: int
    words: str


class Obstacle(StrEnum):
    """Why a rewrite can't be made in the file."""

    READ_DIFFERENTLY = "READ_DIFFERENTLY"
    NO_PLAIN_WORDS = "NO_PLAIN_WORDS"
    TRACKED_CHANGE = "TRACKED_CHANGE"
    SEVERAL_PARAGRAPHS = "SEVERAL_PARAGRAPHS"
    HEADER_OR_FOOTER = "HEADER_OR_FOOTER"
    MARKUP_CUT = "MARKUP_CUT"
    NOT_IN_ENCODING = "NOT_IN_ENCODING"


@dataclass(frozen=True, slots=True)
class Commenting:
    """Remarks to set in a DOCX.

    Attributes:
        text: The document's text as it was read; the remarks' offsets point into it.
        time: When the remarks were made.
    """

    text: str
    remarks: tuple[Remark, ...]
    time: datetime


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Rewrites to make in a DOCX or a text; none of them overlaps another.

    Attributes:
        text: The document's text as it was read; the rewrites' offsets point into it.
        time: When they were made.
    """

    text: str
    rewrites: tuple[Rewrite, ...]
    time: datetime


@dataclass(frozen=True, slots=True)
class Edited:
    """A file with the edits in it.

    Attributes:
        obstacles: Of each rewrite in turn why it is not in the file, None if it is.
    """

    content: bytes
    obstacles: tuple[Obstacle | None, ...] = ()
