"""A DOCX's text, as its reader made it, with the place of each of its characters."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.docx import DOCX_TYPE
from roundtable_gateway.documents.docx_parts import Styles
from roundtable_gateway.documents.docx_story import Tally
from roundtable_gateway.documents.editing.docx_places import Piece, Placed
from roundtable_gateway.documents.editing.docx_trace import TracedStory, trace
from roundtable_gateway.documents.editing.xml_bytes import as_utf8
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.office import ContentTypes, parse
from roundtable_gateway.documents.paragraphs import clean
from roundtable_gateway.documents.text_budget import TextBudget

_CDATA = b"<![CDATA["
BETWEEN_BLOCKS = "\n\n"


class TracedPart:
    """A part and what of it stands where in the document's text."""

    def __init__(
        self, name: str, source: bytes, *, story: TracedStory, placed: Sequence[Placed]
    ) -> None:
        self.name = name
        self.source = source
        self.story = story
        self.placed = placed
        self._starts = [each.start for each in placed]
        self._ends = [each.end for each in placed]

    def between(self, start: int, end: int) -> Sequence[Placed]:
        """Return what is placed, in part at least, from one offset to another."""
        first = bisect_right(self._ends, start)
        return self.placed[first : bisect_left(self._starts, end)]

    def near(self, offset: int) -> Placed | None:
        """Return what stands at an offset or behind it, else what stands last."""
        if not self.placed:
            return None
        first = bisect_right(self._ends, offset)
        return self.placed[min(first, len(self.placed) - 1)]

    def can_be_cut(self, piece: Piece) -> bool:
        """Tell whether a run may end and another begin within a piece."""
        host = piece.host
        is_plain = _CDATA not in self.source[host.start : host.end]
        return piece.run is not None and is_plain


@dataclass(frozen=True, slots=True)
class TracedText:
    """The parts whose words can be pointed at: the body, footnotes, endnotes.

    Attributes:
        is_as_read: They make the text that the document had when it was read; if not,
            nothing is placed in them.
    """

    main: TracedPart
    notes: tuple[TracedPart, ...]
    is_as_read: bool

    @classmethod
    def of(cls, archive: Archive, text: str, limits: Limits) -> Self:
        """Trace a document whose text was read before.

        Raises:
            Refused: As in reading it.
        """
        types = ContentTypes.of(archive)
        styles = Styles()
        for name in types.named(DOCX_TYPE.format(kind="styles")):
            parse(archive, name, styles)
        tally = Tally(TextBudget(limits.text_bytes))
        sources: dict[str, bytes] = {}
        stories: dict[str, TracedStory] = {}
        for kind in ("document.main", "footnotes", "endnotes"):
            for name in types.named(DOCX_TYPE.format(kind=kind)):
                sources[name] = as_utf8(b"".join(archive.part(name)))
                stories[name] = trace(sources[name], styles, tally)
        if not stories:
            raise Refused(Reason.UNSUPPORTED_TYPE)
        layout = _Layout()
        laid = {name: tuple(layout.take(story)) for name, story in stories.items()}
        is_as_read = text.startswith(BETWEEN_BLOCKS.join(layout.texts))
        main, *notes = (
            TracedPart(
                name,
                sources[name],
                story=story,
                placed=laid[name] if is_as_read else (),
            )
            for name, story in stories.items()
        )
        return cls(main, tuple(notes), is_as_read)


class _Layout:
    """Puts blocks one behind the other as `paragraphs.number` does."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._offset = 0

    def take(self, story: TracedStory) -> Iterator[Placed]:
        """Yield what is placed in a story's blocks, at its offsets in the text."""
        for block, trace_ in zip(story.blocks, story.traces, strict=True):
            text, _ = clean(block.text.removeprefix("\ufeff"))
            if not text.strip():
                continue
            # Else characters have gone or come, and nobody knows which stands where.
            if len(text) == len(block.text):
                yield from (each.moved(self._offset) for each in trace_)
            self.texts.append(text)
            self._offset += len(text) + len(BETWEEN_BLOCKS)
