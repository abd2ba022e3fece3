"""Word files as LibreOffice opens them and saves them again."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.editing.docx_changes import with_changes
from roundtable_gateway.documents.editing.docx_comments import with_comments
from roundtable_gateway.documents.editing.edits import (
    Commenting,
    Remark,
    Rewrite,
    Rewriting,
)
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.paragraphs import number
from roundtable_gateway.exports.docx.report_file import render
from roundtable_gateway.exports.remarks import margin_notes
from services.gateway.tests.support.reports import (
    HOSTILE,
    hostile_everywhere,
    whole_roundtable,
)
from services.gateway.tests.support.samples import DOCUMENT_TEXT, TEXT
from services.gateway.tests.support.word import package, paragraph, parts_of, run

_WRITER = shutil.which("lowriter")
_SECONDS = 120
_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

pytestmark = [
    pytest.mark.timeout(2 * _SECONDS),
    pytest.mark.skipif(
        _WRITER is None,
        reason="no lowriter on the PATH; apt-get install libreoffice-writer",
    ),
]


def _opened(content: bytes, folder: Path, *formats: str) -> list[bytes]:
    """Return a Word file as LibreOffice saves it in other formats."""
    source = folder / "file.docx"
    source.write_bytes(content)
    saved = []
    for form in formats:
        out = folder / "out" / form
        subprocess.run(  # noqa: S603 - our own arguments
            [
                *(str(_WRITER), "--headless", "--convert-to", form),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--outdir", str(out), str(source)),
            ],
            check=True,
            capture_output=True,
            timeout=_SECONDS,
        )
        saved.append((out / f"file.{form}").read_bytes())
    return saved


def _document() -> bytes:
    """Return a file in which words stand in every sort of place."""
    cells = "".join(
        f"<w:tc><w:tcPr/>{paragraph(run(each))}</w:tc>" for each in ("Owner", "Nobody")
    )
    grid = "<w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
    return package(
        paragraph(run("Our backups "), run("never", "<w:b/>"), run(" fail."))
        + f"<w:tbl><w:tblPr/>{grid}<w:tr>{cells}</w:tr></w:tbl>"
        + paragraph("<w:r><w:t>Ship it</w:t><w:tab/><w:t>by Friday.</w:t></w:r>")
    )


def _text(content: bytes) -> str:
    return number(read_docx(content, Limits()).blocks).text.text


def test_comments_open_on_their_words_and_survive_saving(tmp_path: Path) -> None:
    """Each is there, by its author, on what it is about; saved again as well."""
    content = _document()
    text = _text(content)
    words = ("backups never", "Nobody", "it\tby")
    remarks = tuple(
        Remark(
            "Chief officer", ("Major: x", f"on {each.split()[0]}"), at, at + len(each)
        )
        for each in words
        for at in [text.index(each)]
    )
    order = Commenting(text, (Remark("House", ("All",)), *remarks), _TIME)

    flat, saved = _opened(
        with_comments(content, order, Limits()), tmp_path, "fodt", "docx"
    )

    opened = flat.decode()
    assert opened.count("<office:annotation ") == opened.count("<office:annotation-end")
    assert len(re.findall("<dc:creator>Chief officer</dc:creator>", opened)) == 3
    assert opened.count("<dc:date>2026-01-02T03:04:05</dc:date>") == 4
    assert _annotated(opened) == [
        "Our backups never fail.",
        "backups never",
        "Nobody",
        "itby",  # a tab between them
    ]
    parts = parts_of(saved)
    assert parts["word/comments.xml"].count(b"<w:comment ") == 4
    assert parts["word/document.xml"].count(b"<w:commentRangeStart ") == 4
    assert _text(saved) == text


def _annotated(opened: str) -> list[str]:
    """Return the words that lie between the ends of each annotation."""
    found = []
    for name in re.findall(r'<office:annotation [^>]*office:name="([^"]*)"', opened):
        behind = opened.partition(f'office:name="{name}"')[2].partition(
            "</office:annotation>"
        )[2]
        within = behind.partition(f'<office:annotation-end office:name="{name}"')[0]
        shown = re.sub(
            r"<office:annotation .*?</office:annotation>", "", within, flags=re.DOTALL
        )
        found.append(" ".join(re.sub(r"<[^>]*>", "", shown).split()))
    return found


def test_tracked_changes_open_as_such_and_survive_saving(tmp_path: Path) -> None:
    """Every one to accept or reject, by its author, with the old words kept."""
    content = _document()
    text = _text(content)
    pairs = (("never fail", "were restored"), ("Nobody", "Ann"), ("by Friday", "now"))
    rewrites = tuple(
        Rewrite("Chief officer", text.index(old), text.index(old) + len(old), new)
        for old, new in pairs
    )

    edited = with_changes(content, Rewriting(text, rewrites, _TIME), Limits())
    flat, saved = _opened(edited.content, tmp_path, "fodt", "docx")

    opened = flat.decode()
    assert opened.count("<text:insertion>") == opened.count("<text:deletion>") == 3
    assert opened.count("<dc:creator>Chief officer</dc:creator>") == 6
    parts = parts_of(saved)
    deleted = "".join(
        re.findall("<w:delText[^>]*>([^<]*)<", parts["word/document.xml"].decode())
    )
    assert deleted == "".join(old for old, _ in pairs)
    assert _text(saved) == _text(edited.content)


def test_all_findings_of_a_run_open_as_comments(tmp_path: Path) -> None:
    """Verified or not, of the panel or the control; whatever somebody wrote."""
    content = package("".join(paragraph(run(each)) for each in TEXT.split("\n\n")))
    notes = [
        *margin_notes(whole_roundtable(), DOCUMENT_TEXT),
        *(
            note
            for each in HOSTILE
            for note in margin_notes(hostile_everywhere(each)[0], DOCUMENT_TEXT)
        ),
    ]
    remarks = tuple(
        Remark(note.author, note.lines, note.start, note.end) for note in notes
    )

    commented = with_comments(content, Commenting(TEXT, remarks, _TIME), Limits())
    (flat,) = _opened(commented, tmp_path, "fodt")

    assert flat.decode().count("<office:annotation ") == len(notes)
    assert len(notes) == 1 + len(whole_roundtable().findings) + 2 * len(HOSTILE)


_GRID = "<w:tblGrid><w:gridCol/></w:tblGrid>"


@pytest.mark.parametrize(
    "first",
    [
        '<w:p w:rsidR="00A1"/>',
        "<w:p><w:pPr/></w:p>",
        f"<w:tbl><w:tblPr/>{_GRID}<w:tr><w:tc><w:tcPr/><w:p/></w:tc></w:tr></w:tbl>",
    ],
    ids=["self-closing", "properties", "cell"],
)
def test_comments_on_an_empty_first_paragraph_open(first: str, tmp_path: Path) -> None:
    """Those on the document as a whole stand there, and there are often several."""
    content = package(first + paragraph(run("Words.")))
    remarks = tuple(Remark(each, ("About all",)) for each in ("House", "Chief officer"))

    commented = with_comments(content, Commenting("Words.", remarks, _TIME), Limits())
    (flat,) = _opened(commented, tmp_path, "fodt")

    before = flat.decode().partition("Words.")[0]
    authors = re.findall("<dc:creator>(.*?)</dc:creator>", before)
    assert [each for each in authors if each] == ["House", "Chief officer"]


def test_report_opens_with_its_headings_links_and_table(tmp_path: Path) -> None:
    """As a document that can be read, searched and printed."""
    flat, printed = _opened(render(whole_roundtable()), tmp_path, "fodt", "pdf")

    opened = flat.decode()
    headings = re.findall(
        r"<text:h [^>]*outline-level=\"1\"[^>]*>(.*?)</text:h>", opened
    )
    words = [re.sub("<[^>]*>", "", each) for each in headings]
    assert words[:3] == ["What it comes to", "Minority report", "Findings"]
    assert words[-2:] == ["Who read what", "What ran"]
    assert opened.count('xlink:href="#finding_') >= 5
    assert opened.count("<table:table ") == 1
    with pypdfium2.PdfDocument(printed) as pdf:
        shown = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "Rehearsal: rule-based checks, not AI" in shown
    assert "Moved on new evidence" in shown


def test_report_of_hostile_words_opens_with_nothing_of_theirs(tmp_path: Path) -> None:
    """No link leads outside, nothing is loaded, and no field is made."""
    (flat,) = _opened(
        render(hostile_everywhere("\n".join(HOSTILE))[0]), tmp_path, "fodt"
    )

    opened = flat.decode()
    links = re.findall('xlink:href="([^"]*)"', opened)
    assert links
    assert all(link.startswith("#finding_") for link in links)
    assert "alert(1)" in opened
    body = opened.partition("<office:body>")[2]
    assert not re.search(
        "<(?:draw|script|form|text:script|text:placeholder)[: >]", body
    )
