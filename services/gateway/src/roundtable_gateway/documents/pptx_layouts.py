"""The layouts and masters behind slides: where they put things, what they add."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.office import Relationships, parse
from roundtable_gateway.documents.pptx_shapes import (
    Inherited,
    Offset,
    Placeholder,
    Shape,
    in_reading_order,
)
from roundtable_gateway.documents.pptx_slide import Slide
from roundtable_gateway.documents.text_budget import TextBudget


@dataclass(frozen=True, slots=True)
class _Frames:
    """What one layout or master holds."""

    by_index: dict[str, Offset] = field(default_factory=dict)
    by_kind: dict[str, Offset] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, shapes: Sequence[Shape]) -> Self:
        frames = cls()
        for shape in shapes:
            if shape.placeholder and shape.offset:
                frames.by_kind.setdefault(shape.kind, shape.offset)
                frames.by_index.setdefault(shape.placeholder.index, shape.offset)
        for shape in in_reading_order(shapes, lambda _: None):
            if not shape.placeholder:
                frames.texts.extend(line.text for line in shape.lines)
        return frames


class Layouts:
    """Reads each layout and master once."""

    def __init__(self, archive: Archive, budget: TextBudget) -> None:
        self._archive = archive
        self._budget = budget
        self._frames: dict[str, _Frames] = {}

    def behind(self, slide: Relationships) -> Inherited:
        """Return where the slide with these relationships gets its places from."""
        name = slide.of_kind("slideLayout")
        layout = self._read(name)
        above = Relationships.of(self._archive, name) if name else None
        master = self._read(above.of_kind("slideMaster") if above else None)

        def offset(wanted: Placeholder) -> Offset | None:
            if wanted.index:
                own = layout.by_index.get(wanted.index)
            else:
                own = layout.by_kind.get(wanted.kind)
            # A master has one frame for content of any kind.
            kind = "body" if wanted.kind == "obj" else wanted.kind
            return own or master.by_kind.get(kind)

        return offset

    def repeated(self) -> Iterator[str]:
        """Yield what layouts write on every slide of theirs."""
        for frames in self._frames.values():
            yield from frames.texts

    def _read(self, name: str | None) -> _Frames:
        # One that is missing costs the order of a slide, not its words.
        if name is None or name not in self._archive:
            return _Frames()
        if name not in self._frames:
            slide = parse(self._archive, name, Slide(self._budget))
            self._frames[name] = _Frames.of(slide.shapes)
        return self._frames[name]
