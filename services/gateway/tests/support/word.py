"""Whole DOCX packages, as Word and LibreOffice open them, and what is in one."""

import io
import zipfile
from collections.abc import Mapping

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def package(
    body: str,
    *,
    parts: Mapping[str, str] | None = None,
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a package with a body and further parts by the name of their kind."""
    inner = dict(parts or {})
    overrides = "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPE}{kind}+xml"/>'
        for kind in inner
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(inner, 1)
    )
    files = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}'
            f'document.main+xml"/>{overrides}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            "</Relationships>"
        ),
        "word/document.xml": document(body),
        **{f"word/{kind}.xml": named(xml) for kind, xml in inner.items()},
    }
    if relations:
        files["word/_rels/document.xml.rels"] = (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>"
        )
    return pack(
        {name: text.encode() for name, text in files.items()} | dict(extra or {})
    )


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of parts, in their order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def document(body: str) -> str:
    """Return the main part around a body."""
    return named(f"<w:document><w:body>{body}<w:sectPr/></w:body></w:document>")


def named(xml: str) -> str:
    """Return a part with the namespace that its prefix stands for."""
    root, rest = xml.split(">", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root} xmlns:w="{WORD}">{rest}'


def paragraph(*runs: str, properties: str = "") -> str:
    """Return a paragraph of runs."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """Return a run of one text."""
    return (
        f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    )


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
