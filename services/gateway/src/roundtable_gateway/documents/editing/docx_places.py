"""Where the elements and characters of a DOCX part lie in its bytes."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Element:
    """Where an element lies in its part, in bytes.

    Attributes:
        start: Of its start tag.
        body: Behind its start tag.
        end: Of its end tag; one without content has none.
        after: Behind its end tag.
    """

    start: int
    body: int = 0
    end: int = 0
    after: int = 0

    def has_end_tag(self, source: bytes) -> bool:
        """Tell whether it has one; what follows one without may be another's."""
        return not source.endswith(b"/>", self.start, self.body)


@dataclass(slots=True, eq=False)
class Run(Element):
    """A run: a stretch in one formatting.

    Attributes:
        properties: Its formatting.
        former: What that was before a change that is still tracked.
        first: Its first child behind the formatting.
        last: Its last child.
        texts: Its ``w:t``.
        is_words: It holds no picture, note, field or the like, nor what a field shows.
        is_tracked: It was inserted by a change that is still tracked.
    """

    properties: Element | None = None
    former: Element | None = None
    first: Element | None = None
    last: Element | None = None
    texts: list["Host"] = field(default_factory=list)
    is_words: bool = True
    is_tracked: bool = False


@dataclass(slots=True, eq=False)
class WordParagraph(Element):
    """A paragraph that lies in no other; its runs, text boxes' apart."""

    properties: Element | None = None
    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Host(Element):
    """The element that holds characters: ``w:t``, or a tab, a break, a reference."""

    is_text: bool = False
    pieces: list["Piece"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Piece:
    """Characters that came in one go, as they stand in the part.

    Attributes:
        at: Of their first byte.
        number: Which of its host's pieces it is, from 0.
        run: The run to split; None where there is none that can be split, as in a text
            box, a ruby or a formula.
    """

    text: str
    at: int
    host: Host
    number: int
    run: Run | None
    paragraph: WordParagraph


@dataclass(frozen=True, slots=True)
class Placed:
    """Characters of a piece in the text.

    Attributes:
        start: Offset of the first one in the text.
        end: Offset behind the last one.
        skipped: How many of the piece's characters come before.
    """

    start: int
    end: int
    skipped: int
    piece: Piece

    def moved(self, by: int) -> "Placed":
        """Return the same further on."""
        return Placed(self.start + by, self.end + by, self.skipped, self.piece)

    def index(self, offset: int) -> int:
        """Return which of the piece's characters stands at an offset in the text."""
        return offset - self.start + self.skipped
