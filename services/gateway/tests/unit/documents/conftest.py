"""Real documents, made here, and the extractor under test."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from fpdf import FPDF

from roundtable_gateway.documents.extractor import Extractor
from roundtable_gateway.documents.limits import Limits

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."

MakeDocx = Callable[..., bytes]
MakePdf = Callable[..., bytes]


@pytest.fixture
def extractor() -> Extractor:
    """Return an extractor with the limits that users get."""
    return Extractor(Limits())


@pytest.fixture
def save(tmp_path: Path) -> Callable[[bytes], Path]:
    """Return a function that puts bytes into a file."""

    def save_bytes(content: bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content)
        return path

    return save_bytes


@pytest.fixture
def make_docx() -> MakeDocx:
    """Return a function that builds a DOCX from a body and further parts."""

    def make(
        body: str,
        *,
        parts: Mapping[str, str] | None = None,
        prologue: str = "",
        extra: Mapping[str, bytes] | None = None,
    ) -> bytes:
        inner = {f"{kind}": xml for kind, xml in (parts or {}).items()}
        inner["document.main"] = f"<w:document><w:body>{body}</w:body></w:document>"
        overrides = "".join(
            f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPE}{kind}+xml"/>'
            for kind in inner
        )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "[Content_Types].xml",
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
                f'content-types">{overrides}</Types>',
            )
            for kind, xml in inner.items():
                root, rest = xml.split(">", 1)
                namespaced = f'{root} xmlns:w="{WORD}">{rest}'
                archive.writestr(f"word/{kind}.xml", prologue + namespaced)
            for name, content in (extra or {}).items():
                archive.writestr(name, content)
        return packed.getvalue()

    return make


@pytest.fixture
def make_pdf() -> MakePdf:
    """Return a function that sets paragraphs on pages."""

    def make(
        *pages: str, heading: str = "", password: str = "", width: float = 100
    ) -> bytes:
        pdf = FPDF()
        if password:
            pdf.set_encryption(owner_password="owner", user_password=password)
        for page in pages:
            pdf.add_page()
            if heading:
                pdf.set_font("helvetica", size=18)
                pdf.cell(0, 12, heading, new_x="LMARGIN", new_y="NEXT")
            pdf.set_font("helvetica", size=11)
            for paragraph in page.split("\n\n"):
                pdf.multi_cell(width, 5, paragraph)
                pdf.ln(5)
        return bytes(pdf.output())

    return make
