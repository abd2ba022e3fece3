"""The shapes of a slide and the order in which people read them; pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_SAME_ROW = 228_600  # a quarter of an inch in EMU: people align by eye
_TITLES = frozenset({"title", "ctrTitle"})


@dataclass(frozen=True, slots=True)
class Offset:
    """Where a shape's upper left corner is, in EMU."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Which of its layout's frames a shape fills.

    Attributes:
        kind: Such as ``title``; a frame for any content is an ``obj``.
        index: Tells frames of one kind apart.
    """

    kind: str
    index: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a row of a table."""

    text: str
    is_item: bool = False


@dataclass(slots=True)
class Shape:
    """Something on a slide; a group holds others.

    Attributes:
        placeholder: None for a shape that its slide alone knows.
        offset: None where it is inherited.
        is_hidden: The author has switched it off.
        lines: Its text.
        members: Of a group, placed within it.
    """

    placeholder: Placeholder | None = None
    offset: Offset | None = None
    is_hidden: bool = False
    lines: list[Line] = field(default_factory=list)
    members: list["Shape"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the kind of placeholder, empty for none."""
        return self.placeholder.kind if self.placeholder else ""

    @property
    def is_title(self) -> bool:
        """Tell whether it is the slide's title."""
        return self.kind in _TITLES


Inherited = Callable[[Placeholder], Offset | None]


def in_reading_order(shapes: Iterable[Shape], inherited: Inherited) -> list[Shape]:
    """Return the shapes that hold text: title, then row by row from the left.

    A group is read as a whole where it stands. What has no place comes before what
    has one, in the order of the file.
    """
    read = list(_ordered(shapes, inherited))
    return sorted(read, key=lambda shape: not shape.is_title)


def _ordered(shapes: Iterable[Shape], inherited: Inherited) -> Iterator[Shape]:
    bare: list[Shape] = []
    placed: list[tuple[Offset, Shape]] = []
    for shape in shapes:
        offset = shape.offset
        if offset is None and shape.placeholder:
            offset = inherited(shape.placeholder)
        if offset is None:
            bare.append(shape)
        else:
            placed.append((offset, shape))
    for shape in bare + [shape for row in _rows(placed) for _, shape in row]:
        if shape.lines:
            yield shape
        yield from _ordered(shape.members, inherited)


def _rows(
    placed: Sequence[tuple[Offset, Shape]],
) -> Iterator[list[tuple[Offset, Shape]]]:
    row: list[tuple[Offset, Shape]] = []
    for each in sorted(placed, key=lambda pair: pair[0].y):
        if row and each[0].y - row[0][0].y > _SAME_ROW:
            yield sorted(row, key=lambda pair: pair[0].x)
            row = []
        row.append(each)
    yield sorted(row, key=lambda pair: pair[0].x)
