"""PPTX to blocks: which parts of the archive are read, and in which order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.blocks import Block, Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.listing import listed
from roundtable_gateway.documents.office import (
    ContentTypes,
    Quiet,
    Relationships,
    parse,
)
from roundtable_gateway.documents.pptx_layouts import Layouts
from roundtable_gateway.documents.pptx_shapes import Shape, in_reading_order
from roundtable_gateway.documents.pptx_slide import Slide, short_name
from roundtable_gateway.documents.text_budget import TextBudget
from roundtable_gateway.domain.document import DocumentWarning

_NOTE = "[Speaker note] "
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.{kind}+xml"
_MAIN_TYPES = tuple(
    _TYPE.format(kind=f"{kind}.main") for kind in ("presentation", "slideshow")
)
_COMMENT_TYPES = (
    _TYPE.format(kind="comments"),
    "application/vnd.ms-powerpoint.comments+xml",
)
_IDENTIFIERS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",  # strict
)
# Numbers and dates that a program writes.
_FURNITURE = frozenset({"sldNum", "dt", "hdr", "sldImg"})
_SHOWN_SLIDES = 10


def read_pptx(content: bytes, limits: Limits) -> Reading:
    """Read the slides as they are shown, each with its notes, then what they repeat.

    A slide's title is its heading and its number the page. Paragraphs of speaker notes
    begin with a mark.

    Raises:
        Refused: UNSUPPORTED_TYPE for another kind of archive, UNSAFE_ARCHIVE,
            ENCRYPTED, UNREADABLE, TOO_MANY_PAGES, TOO_MUCH_TEXT, TOO_COMPLEX.
    """
    archive = Archive(content, limits)
    types = ContentTypes.of(archive)
    main = [name for kind in _MAIN_TYPES for name in types.named(kind)]
    if not main:
        raise Refused(Reason.UNSUPPORTED_TYPE)
    presentation = parse(archive, main[0], _Presentation())
    if len(presentation.slides) > limits.pages:
        raise Refused(Reason.TOO_MANY_PAGES)
    relations = Relationships.of(archive, main[0])
    deck = _Deck(archive, TextBudget(limits.text_bytes))
    for number, identifier in enumerate(presentation.slides, start=1):
        deck.read(relations.by_id(identifier), number)
    comments = _CommentCounter()
    for name in (name for kind in _COMMENT_TYPES for name in types.named(kind)):
        parse(archive, name, comments)
    return Reading(
        blocks=(*deck.blocks, *deck.margins()),
        page_count=len(presentation.slides),
        warnings=tuple(_warnings(deck, comments.count)),
    )


class _Presentation(Quiet):
    """The part that lists the slides."""

    def __init__(self) -> None:
        self.slides: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if short_name(tag) == "p:sldId":
            found = (attributes[name] for name in _IDENTIFIERS if name in attributes)
            self.slides.append(next(found, ""))


class _CommentCounter(Quiet):
    """Counts comments, old and new ones."""

    def __init__(self) -> None:
        self.count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the parser passes it
        self.count += tag.endswith("}cm")


@dataclass(slots=True)
class _Deck:
    """Slides being read, and what was noticed."""

    archive: Archive
    budget: TextBudget
    blocks: list[Block] = field(default_factory=list)
    hidden_slides: list[int] = field(default_factory=list)
    noted_slides: list[int] = field(default_factory=list)
    pictured_slides: list[int] = field(default_factory=list)
    pictures: int = 0
    hidden_shapes: int = 0
    footers: list[str] = field(default_factory=list)
    layouts: Layouts = field(init=False)

    def __post_init__(self) -> None:
        self.layouts = Layouts(self.archive, self.budget)

    def read(self, name: str, number: int) -> None:
        """Add a slide and its notes."""
        relations = Relationships.of(self.archive, name)
        slide = parse(self.archive, name, Slide(self.budget))
        shapes = in_reading_order(slide.shapes, self.layouts.behind(relations))
        blocks = list(self._blocks(shapes, number))
        if slide.is_hidden:
            self.hidden_slides.append(number)
        if slide.pictures:
            self.pictures += slide.pictures
            self.pictured_slides.append(number)
        notes = list(self._notes(relations.of_kind("notesSlide"), number))
        if notes:
            self.noted_slides.append(number)
        self.blocks += _section(blocks + notes)

    def margins(self) -> Iterator[Block]:
        """Yield footers and what layouts write, once however many slides show it."""
        texts = dict.fromkeys([*self.footers, *self.layouts.repeated()])
        yield from _section([Block(text) for text in texts])

    def _blocks(self, shapes: list[Shape], number: int) -> Iterator[Block]:
        for shape in shapes:
            if shape.kind in _FURNITURE:
                continue
            self.hidden_shapes += shape.is_hidden
            texts = [("- " if each.is_item else "") + each.text for each in shape.lines]
            if shape.kind == "ftr":
                self.footers += texts
            elif shape.is_title:
                yield Block("\n".join(texts), number, is_heading=True)
            else:
                yield from (Block(text, number) for text in texts)

    def _notes(self, name: str | None, number: int) -> Iterator[Block]:
        if name is None:
            return
        notes = parse(self.archive, name, Slide(self.budget))
        shapes = in_reading_order(notes.shapes, lambda _: None)
        for block in self._blocks(shapes, number):
            yield replace(block, text=_NOTE + block.text, is_heading=False)


def _section(blocks: list[Block]) -> list[Block]:
    """Keep the heading of what stands above from these blocks."""
    return [replace(each, begins_section=True) for each in blocks[:1]] + blocks[1:]


def _warnings(deck: _Deck, comments: int) -> Iterator[DocumentWarning]:
    if deck.hidden_slides:
        yield DocumentWarning(
            "HIDDEN_SLIDES",
            "Slides that are hidden in a presentation are part of the text under "
            f"review: {_slides(deck.hidden_slides)}.",
        )
    if deck.hidden_shapes:
        yield DocumentWarning(
            "HIDDEN_TEXT",
            f"{deck.hidden_shapes} hidden shapes with text were found. They are part "
            "of the text under review.",
        )
    if deck.noted_slides:
        yield DocumentWarning(
            "SPEAKER_NOTES",
            f"Speaker notes are part of the text under review, marked {_NOTE.strip()}: "
            f"slides {_slides(deck.noted_slides)}.",
        )
    if deck.pictures:
        yield DocumentWarning(
            "PICTURES_NOT_READ",
            f"{deck.pictures} pictures, charts or diagrams are not reviewed, as only "
            f"text is read: slides {_slides(deck.pictured_slides)}.",
        )
    if comments:
        yield DocumentWarning("COMMENTS", f"{comments} comments were left out.")


def _slides(numbers: list[int]) -> str:
    return listed([str(number) for number in numbers], shown=_SHOWN_SLIDES)
