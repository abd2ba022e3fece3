"""PPTX files, written part by part."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMESPACES = f'xmlns:a="{_DRAWING}" xmlns:p="{_PRESENTATION}" xmlns:r="{_RELATED}"'
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml."


@dataclass(frozen=True, kw_only=True)
class Page:
    """A slide to be written.

    Attributes:
        shapes: XML of what stands on it.
        notes: XML of the shapes of its notes.
        layout: The number of its layout, from 1.
        attributes: Of the slide's element.
        prologue: Before it.
    """

    shapes: str = ""
    notes: str = ""
    layout: int | None = None
    attributes: str = ""
    prologue: str = ""


@dataclass(frozen=True, kw_only=True)
class Deck:
    """A presentation to be written.

    Attributes:
        pages: In the order of their parts.
        order: The identifiers that the presentation lists; by default all in order.
        layouts: XML of the shapes of each layout.
        master: XML of the shapes of the one master.
        extra: Further parts, by name.
        overrides: Content types of further parts, by name.
        relations: XML of further relationships of the presentation.
        main: The presentation's content type, within presentationml.
    """

    pages: Sequence[Page] = ()
    order: Sequence[str] | None = None
    layouts: Sequence[str] = ()
    master: str = ""
    extra: Mapping[str, bytes | str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    relations: str = ""
    main: str = "presentation.main"

    def packed(self) -> bytes:
        """Write it down."""
        parts = self.parts()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**parts, **self.extra}.items():
                archive.writestr(name, content)
        return packed.getvalue()

    def parts(self) -> dict[str, str]:
        """Return all parts by name, but the extra ones."""
        order = self.order
        if order is None:
            order = [f"rId{number}" for number in range(1, len(self.pages) + 1)]
        listed = "".join(f'<p:sldId id="1" r:id="{each}"/>' for each in order)
        overrides = {
            "/ppt/presentation.xml": f"{_TYPE}{self.main}+xml",
            **self.overrides,
        }
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            + "".join(
                f'<Override PartName="{name}" ContentType="{kind}"/>'
                for name, kind in overrides.items()
            )
            + "</Types>",
            "ppt/presentation.xml": f"<p:presentation {_NAMESPACES}><p:sldIdLst>"
            f"{listed}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": relationships(
                {
                    f"rId{number}": ("slide", f"slides/slide{number}.xml")
                    for number in range(1, len(self.pages) + 1)
                },
                self.relations,
            ),
        }
        for number, page in enumerate(self.pages, start=1):
            parts |= _page_parts(page, number)
        for number, shapes in enumerate(self.layouts, start=1):
            name = f"slideLayout{number}.xml"
            parts[f"ppt/slideLayouts/{name}"] = tree("sldLayout", shapes)
            parts[f"ppt/slideLayouts/_rels/{name}.rels"] = relationships(
                {"rId1": ("slideMaster", "/ppt/slideMasters/slideMaster1.xml")}
            )
        parts["ppt/slideMasters/slideMaster1.xml"] = tree("sldMaster", self.master)
        return parts


def _page_parts(page: Page, number: int) -> dict[str, str]:
    related = {}
    if page.layout:
        layout = f"../slideLayouts/slideLayout{page.layout}.xml"
        related["rId1"] = ("slideLayout", layout)
    if page.notes:
        related["rId2"] = ("notesSlide", f"../notesSlides/notesSlide{number}.xml")
    slide = page.prologue + tree("sld", page.shapes, attributes=page.attributes)
    parts = {f"ppt/slides/slide{number}.xml": slide}
    if related:
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relationships(related)
    if page.notes:
        parts[f"ppt/notesSlides/notesSlide{number}.xml"] = tree("notes", page.notes)
    return parts


def tree(root: str, shapes: str, *, attributes: str = "") -> str:
    """Return a part that holds shapes."""
    return (
        f"<p:{root} {_NAMESPACES} {attributes}><p:cSld><p:spTree><p:nvGrpSpPr>"
        f'<p:cNvPr id="1" name=""/></p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree>'
        f"</p:cSld></p:{root}>"
    )


def relationships(related: Mapping[str, tuple[str, str]], more: str = "") -> str:
    """Return a part that lists relationships, as kind and target by identifier."""
    listed = "".join(
        f'<Relationship Id="{identifier}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for identifier, (kind, target) in related.items()
    )
    namespace = f"{_PACKAGE}/relationships"
    return f'<Relationships xmlns="{namespace}">{listed}{more}</Relationships>'


def shape(
    *texts: str,
    frame: str | None = None,
    at: tuple[int, int] | None = None,
    hidden: bool = False,
    properties: str = "",
) -> str:
    """Return a text shape; a frame is the attributes of its placeholder."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="" hidden="{int(hidden)}"/><p:nvPr>'
        f"{'' if frame is None else f'<p:ph {frame}/>'}</p:nvPr></p:nvSpPr>"
        f"<p:spPr>{_place(at)}</p:spPr><p:txBody><a:bodyPr/>"
        f"{''.join(paragraph(text, properties) for text in texts)}</p:txBody></p:sp>"
    )


def group(*shapes: str, at: tuple[int, int] | None = None, hidden: bool = False) -> str:
    """Return shapes that are moved as one."""
    return (
        f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="3" name="" hidden="{int(hidden)}"/>'
        f"</p:nvGrpSpPr><p:grpSpPr>{_place(at)}</p:grpSpPr>{''.join(shapes)}</p:grpSp>"
    )


def table(*rows: Sequence[str], at: tuple[int, int] | None = None) -> str:
    """Return a table."""
    written = "".join(
        "<a:tr>"
        + "".join(
            f"<a:tc><a:txBody>{paragraph(cell)}</a:txBody></a:tc>" for cell in row
        )
        + "</a:tr>"
        for row in rows
    )
    return frame(f"<a:tbl>{written}</a:tbl>", kind="table", at=at)


def frame(inner: str, *, kind: str, at: tuple[int, int] | None = None) -> str:
    """Return what holds a table, a chart or a diagram."""
    place = _place(at).replace("a:xfrm", "p:xfrm")
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name=""/>'
        f"</p:nvGraphicFramePr>{place}<a:graphic>"
        f'<a:graphicData uri="{_DRAWING}/{kind}">{inner}</a:graphicData></a:graphic>'
        "</p:graphicFrame>"
    )


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<a:p><a:pPr>{properties}</a:pPr><a:r><a:rPr/><a:t>{text}</a:t></a:r></a:p>"


def _place(at: tuple[int, int] | None) -> str:
    if at is None:
        return ""
    return f'<a:xfrm><a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="9" cy="9"/></a:xfrm>'
