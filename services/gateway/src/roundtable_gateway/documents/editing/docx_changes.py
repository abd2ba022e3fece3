"""Rewrites as tracked changes, for the author to accept or reject in Word."""

from collections.abc import Iterator, Sequence
from itertools import count, pairwise

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.editing.docx_annotations import (
    author_value,
    date_value,
)
from roundtable_gateway.documents.editing.docx_cuts import (
    DELETED_TEXT,
    Cuts,
    Place,
    before,
    behind,
)
from roundtable_gateway.documents.editing.docx_package import Package
from roundtable_gateway.documents.editing.docx_places import Placed, Run
from roundtable_gateway.documents.editing.docx_text import TracedPart, TracedText
from roundtable_gateway.documents.editing.edits import (
    Edited,
    Obstacle,
    Rewrite,
    Rewriting,
)
from roundtable_gateway.documents.editing.xml_bytes import (
    Splice,
    name_at,
    spliced,
    text,
)
from roundtable_gateway.documents.limits import Limits


def with_changes(content: bytes, order: Rewriting, limits: Limits) -> Edited:
    """Return a DOCX in which each rewrite is a tracked change; all else stays.

    Raises:
        Refused: As in reading it.
    """
    traced = TracedText.of(Archive(content, limits), order.text, limits)
    parts = (traced.main, *traced.notes)
    ids = count(max(part.story.highest_id for part in parts) + 1)
    writers = [_Writer(part, order, ids) for part in parts]
    obstacles = tuple(
        _write(writers, rewrite) if traced.is_as_read else Obstacle.READ_DIFFERENTLY
        for rewrite in order.rewrites
    )
    package = Package(Archive(content, limits))
    for writer in writers:
        if splices := list(writer.splices()):
            package.set(writer.part.name, spliced(writer.part.source, splices))
    return Edited(package.packed(), obstacles)


def _write(writers: Sequence["_Writer"], rewrite: Rewrite) -> Obstacle | None:
    for writer in writers:
        if placed := writer.part.between(rewrite.start, rewrite.end):
            return writer.write(rewrite, placed)
    return Obstacle.HEADER_OR_FOOTER


class _Writer:
    """Writes the changes of one part."""

    def __init__(self, part: TracedPart, order: Rewriting, ids: Iterator[int]) -> None:
        self.part = part
        self._order = order
        self._ids = ids
        self._cuts = Cuts(part.source)
        self._renamed: list[Splice] = []

    def splices(self) -> Iterator[Splice]:
        """Yield what makes all changes so far."""
        yield from self._cuts.splices()
        yield from self._renamed

    def write(self, rewrite: Rewrite, placed: Sequence[Placed]) -> Obstacle | None:
        """Make a change, or say why it can't be made."""
        if any(
            each.piece.paragraph is not placed[0].piece.paragraph for each in placed
        ):
            return Obstacle.SEVERAL_PARAGRAPHS
        if not all(self.part.can_be_cut(each.piece) for each in placed):
            return Obstacle.NO_PLAIN_WORDS
        runs = _runs(placed)
        if any(run.is_tracked for run in runs):
            return Obstacle.TRACKED_CHANGE
        if not all(run.is_words for run in runs):
            return Obstacle.NO_PLAIN_WORDS
        first, last = placed[0], placed[-1]
        start, end = max(rewrite.start, first.start), min(rewrite.end, last.end)
        # A mark of our reader's, such as a list item's dash, is not in the file.
        mark = self._order.text[rewrite.start : start]
        inserted = self._inserted(runs[0], rewrite, rewrite.words.removeprefix(mark))
        begin = before(first.piece, first.index(start))
        ending = behind(last.piece, last.index(end - 1))
        deleting = self._change(b"del", rewrite)
        self._cuts.begin(begin, deleting, text=DELETED_TEXT)
        for one, other in pairwise(runs):
            if one.after != other.start:  # something stands between them
                self._cuts.end(Place(one.after), b"</w:del>")
                self._cuts.begin(Place(other.start), self._change(b"del", rewrite))
        self._cuts.end(ending, b"</w:del>" + inserted, text=DELETED_TEXT)
        self._renamed += self._deleted(runs, begin.at, ending.at)
        return None

    def _change(self, kind: bytes, rewrite: Rewrite) -> bytes:
        return b'<w:%b xmlns:w="%b" w:id="%d" w:author=%b w:date=%b>' % (
            kind,
            self.part.story.namespace.encode(),
            next(self._ids),
            author_value(rewrite.author),
            date_value(self._order.time),
        )

    def _inserted(self, run: Run, rewrite: Rewrite, words: str) -> bytes:
        """Return the new words in the formatting of the run that they begin in."""
        if not words:
            return b""
        prefix = self._cuts.prefix(run)
        written = (b"<%bbr/>" % prefix).join(
            b'<%bt xml:space="preserve">%b</%bt>' % (prefix, text(line), prefix)
            for line in words.splitlines()
        )
        opening, closing = self._cuts.opening(run), self._cuts.closing(run)
        return self._change(b"ins", rewrite) + opening + written + closing + b"</w:ins>"

    def _deleted(self, runs: Sequence[Run], start: int, end: int) -> Iterator[Splice]:
        """Yield the new names of the tags that lie between two offsets."""
        source = self.part.source
        for element in (each for run in runs for each in run.texts):
            name = name_at(source, element.start)
            renamed = self._cuts.prefix(element) + DELETED_TEXT
            tags = [element.start + len(b"<")]
            if element.has_end_tag(source):
                tags.append(element.end + len(b"</"))
            for at in tags:
                if start < at <= end:
                    yield Splice(at, renamed, at + len(name))


def _runs(placed: Sequence[Placed]) -> Sequence[Run]:
    """Return all runs from the first to the last, also those without text."""
    runs = placed[0].piece.paragraph.runs
    first, last = placed[0].piece.run, placed[-1].piece.run
    if first is None or last is None:
        raise AssertionError("checked before")
    return runs[runs.index(first) : runs.index(last) + 1]
