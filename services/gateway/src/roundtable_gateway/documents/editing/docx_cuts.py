"""Cuts between characters of a DOCX part, for markup that may not stand in a run.

A run that is cut goes on behind the markup in the same formatting.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from roundtable_gateway.documents.editing.docx_places import (
    Element,
    Host,
    Piece,
    Run,
    WordParagraph,
)
from roundtable_gateway.documents.editing.xml_bytes import Splice, filled, name_at

TEXT, DELETED_TEXT = b"t", b"delText"
_PRESERVED = b' xml:space="preserve"'


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two characters.

    Attributes:
        run: The run to cut, None between runs.
        text: The ``w:t`` to cut, None between a run's children.
    """

    at: int
    run: Run | None = None
    text: Host | None = None


@dataclass(slots=True)
class _Cut:
    """What comes at a place: first what ends there, then what begins there.

    Attributes:
        text_before: What a text is called that is cut, before the place.
        text_behind: And behind it.
    """

    place: Place
    endings: bytes = b""
    beginnings: bytes = b""
    text_before: bytes = TEXT
    text_behind: bytes = TEXT


class Cuts:
    """Collects markup and where it goes, then tells how to splice it in."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._cuts: dict[int, _Cut] = {}
        self._fillings: dict[WordParagraph, bytes] = {}

    def begin(self, place: Place, markup: bytes, *, text: bytes = TEXT) -> None:
        """Put the beginning of something at a place; the text in it has a name."""
        cut = self._at(place)
        cut.beginnings += markup
        cut.text_behind = text

    def end(self, place: Place, markup: bytes, *, text: bytes = TEXT) -> None:
        """Put the end of something at a place; the text in it has a name."""
        cut = self._at(place)
        cut.endings += markup
        cut.text_before = text

    def enclose(self, paragraph: WordParagraph, opening: bytes, closing: bytes) -> None:
        """Put markup around all that a paragraph holds."""
        if not paragraph.has_end_tag(self._source):
            filling = self._fillings.get(paragraph, b"")
            self._fillings[paragraph] = filling + opening + closing
            return
        properties = paragraph.properties
        inner = properties.after if properties else paragraph.body
        if inner == paragraph.end:  # one place, where endings would come first
            self.begin(Place(inner), opening + closing)
        else:
            self.begin(Place(inner), opening)
            self.end(Place(paragraph.end), closing)

    def splices(self) -> Iterator[Splice]:
        """Yield what makes the cuts and fills them."""
        for paragraph, filling in self._fillings.items():
            yield filled(self._source, paragraph.start, paragraph.after, filling)
        kept: dict[int, Host] = {}
        for cut in self._cuts.values():
            markup = cut.endings + cut.beginnings
            run, text = cut.place.run, cut.place.text
            if run is not None and text is None:
                markup = self.closing(run) + markup + self.opening(run)
            elif run is not None and text is not None:
                prefix = self.prefix(text)
                before, behind = prefix + cut.text_before, prefix + cut.text_behind
                markup = b"</%b>%b%b%b<%b%b>" % (
                    before,
                    self.closing(run),
                    markup,
                    self.opening(run),
                    behind,
                    _PRESERVED,
                )
                kept[text.start] = text
            yield Splice(cut.place.at, markup)
        for text in kept.values():
            if b"xml:space" not in self._source[text.start : text.body]:
                name = name_at(self._source, text.start)
                yield Splice(text.start + len(b"<" + name), _PRESERVED)

    def closing(self, run: Run) -> bytes:
        """Return what ends a run."""
        return b"</%b>" % name_at(self._source, run.start)

    def opening(self, run: Run) -> bytes:
        """Return what begins a run anew, formatted as it was.

        A tracked change of the formatting stays where it is: its number may not recur.
        """
        begin = self._source[run.start : run.body]
        if run.properties is None:
            return begin
        start, after = run.properties.start, run.properties.after
        if run.former is None:
            return begin + self._source[start:after]
        kept = self._source[start : run.former.start]
        return begin + kept + self._source[run.former.after : after]

    def prefix(self, element: Element) -> bytes:
        """Return the prefix of an element's name, with its colon."""
        prefix, colon, _ = name_at(self._source, element.start).rpartition(b":")
        return prefix + colon

    def _at(self, place: Place) -> _Cut:
        return self._cuts.setdefault(place.at, _Cut(place))


def before(piece: Piece, index: int) -> Place:
    """Return the place before a character of a piece that has a run."""
    host, run = piece.host, piece.run
    if not host.is_text or (piece.number == 0 and index == 0):
        if run is not None and run.first is host:
            return Place(run.start)
        return Place(host.start, run)
    return Place(_byte(piece, index), run, host)


def behind(piece: Piece, index: int) -> Place:
    """Return the place behind a character of a piece that has a run."""
    host, run = piece.host, piece.run
    is_last = piece is host.pieces[-1] and index + 1 == len(piece.text)
    if not host.is_text or is_last:
        if run is not None and run.last is host:
            return Place(run.after)
        return Place(host.after, run)
    return Place(_byte(piece, index + 1), run, host)


def _byte(piece: Piece, index: int) -> int:
    """Return where a character's first byte is; references come as pieces of one."""
    if index == len(piece.text):
        return piece.host.pieces[piece.number + 1].at
    return piece.at + len(piece.text[:index].encode())
