"""Builds a DOCX in which text can only ever be text."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# What XML 1.0 has no way to say; `documents` has the same, which is none of ours.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_WIDTH = 9_000  # of the text, in twentieths of a point
# An archive's entries have a date; the same report is the same file.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one look.

    Attributes:
        link: Name of the bookmark that it leads to, None for none.
    """

    text: str
    is_bold: bool = False
    link: str | None = None


Words = Span | str


class WordFile:
    """A document that grows paragraph by paragraph."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._body: list[str] = []
        self._bookmarks = 0

    def heading(self, words: str, level: int, *, bookmark: str | None = None) -> None:
        """Add a heading; 0 is the title."""
        style = f"Heading{level}" if level else "Title"
        run = _run(Span(words))
        if bookmark is not None:
            self._bookmarks += 1
            mark = f'w:id="{self._bookmarks}"'
            name = quoteattr(bookmark)
            run = f"<w:bookmarkStart {mark} w:name={name}/>{run}<w:bookmarkEnd {mark}/>"
        self._body.append(_paragraph(run, style))

    def paragraph(self, *words: Words, style: str | None = None) -> None:
        """Add a paragraph."""
        self._body.append(_paragraph("".join(map(_words, words)), style))

    def item(self, *words: Words) -> None:
        """Add an item of a list."""
        self.paragraph(*words, style="ListBullet")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table; its first row holds what the columns are called."""
        width = _WIDTH // len(rows[0])
        grid = f'<w:gridCol w:w="{width}"/>' * len(rows[0])
        written = "".join(
            _row(row, width, is_head=not number) for number, row in enumerate(rows)
        )
        style = '<w:tblPr><w:tblStyle w:val="Scores"/></w:tblPr>'
        self._body.append(
            f"<w:tbl>{style}<w:tblGrid>{grid}</w:tblGrid>{written}</w:tbl>"
        )
        self.paragraph()

    def packed(self) -> bytes:
        """Return the file."""
        document = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(self._body)}'
            "<w:sectPr/></w:body></w:document>"
        )
        properties = _part("core.xml").replace("$TITLE$", _escaped(self._title))
        files = {
            "[Content_Types].xml": _part("content_types.xml"),
            "_rels/.rels": _part("package_rels.xml"),
            "docProps/core.xml": properties,
            "word/document.xml": document,
            "word/_rels/document.xml.rels": _part("document_rels.xml"),
            "word/styles.xml": _part("styles.xml"),
            "word/numbering.xml": _part("numbering.xml"),
        }
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return packed.getvalue()


def _part(name: str) -> str:
    return resources.files(__package__).joinpath("parts", name).read_text("utf-8")


def _paragraph(runs: str, style: str | None) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def _words(words: Words) -> str:
    span = Span(words) if isinstance(words, str) else words
    if span.link is None:
        return _run(span)
    return f"<w:hyperlink w:anchor={quoteattr(span.link)}>{_run(span)}</w:hyperlink>"


def _run(span: Span) -> str:
    marks = "<w:b/>" if span.is_bold else ""
    if span.link is not None:
        marks = f'<w:rStyle w:val="Hyperlink"/>{marks}'
    lines = (
        f'<w:t xml:space="preserve">{_escaped(line)}</w:t>'
        for line in _LINE_BREAKS.split(span.text)
    )
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def _row(cells: Iterable[str], width: int, *, is_head: bool) -> str:
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph(_run(Span(cell, is_bold=is_head)), None)}</w:tc>"
        for cell in cells
    )
    head = "<w:trPr><w:tblHeader/></w:trPr>" if is_head else ""
    return f"<w:tr>{head}{written}</w:tr>"


def _escaped(text: str) -> str:
    return escape(_UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", text))
