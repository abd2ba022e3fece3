"""Files made to do harm: each ends in its reason, within the promised bounds."""

import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF

from roundtable_gateway.documents.errors import DocumentError, Reason
from roundtable_gateway.documents.extractor import Extractor

Save = Callable[[bytes], Path]
MakeDocx = Callable[..., bytes]
MakePdf = Callable[..., bytes]

_TEXT = "<w:p><w:r><w:t>text</w:t></w:r></w:p>"


async def _reason(extractor: Extractor, path: Path, name: str = "a.docx") -> Reason:
    """Read what must be refused, and tell why it was; the reader ends it in time."""
    with pytest.raises(DocumentError) as caught:
        await extractor.read(path, name)
    return caught.value.reason


async def test_bomb_of_high_ratio_is_refused(
    extractor: Extractor, save: Save, make_docx: MakeDocx
) -> None:
    """Zeros that shrink a thousandfold are not unpacked."""
    content = make_docx(_TEXT, extra={"word/media/a.bin": bytes(50_000_000)})

    assert await _reason(extractor, save(content)) is Reason.UNSAFE_ARCHIVE


async def test_bomb_of_many_entries_is_refused(
    extractor: Extractor, save: Save, make_docx: MakeDocx
) -> None:
    """More entries than any document has."""
    content = make_docx(_TEXT, extra={f"word/{n}": b"" for n in range(2_001)})

    assert await _reason(extractor, save(content)) is Reason.UNSAFE_ARCHIVE


async def test_bomb_that_lies_about_its_size_is_cut_off(
    extractor: Extractor, save: Save, make_docx: MakeDocx
) -> None:
    """An entry that unpacks to more than it declares is damaged, not unpacked."""
    content = make_docx(f"{_TEXT}<!-- {'x' * 30_000_000} -->")
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        content = _declare(content, b"word/document.main.xml", signature, offset)

    assert await _reason(extractor, save(content)) is Reason.UNREADABLE


def _declare(content: bytes, name: bytes, signature: bytes, offset: int) -> bytes:
    """Write a small unpacked size into the header that precedes a name."""
    head = content.rindex(signature, 0, content.rindex(name))
    if signature == b"PK\x03\x04":
        head = content.rindex(signature, 0, content.index(name))
    changed = bytearray(content)
    struct.pack_into("<I", changed, head + offset, 1_000)
    return bytes(changed)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "word/../../evil", "a\\..\\evil", "c:/evil"]
)
async def test_entry_that_points_outside_is_refused(
    extractor: Extractor, save: Save, make_docx: MakeDocx, name: str
) -> None:
    """We unpack nothing to disk, but no honest document has such names."""
    content = make_docx(_TEXT, extra={name: b"x"})

    assert await _reason(extractor, save(content)) is Reason.UNSAFE_ARCHIVE


async def test_link_in_an_archive_is_refused(
    extractor: Extractor, save: Save, make_docx: MakeDocx
) -> None:
    """A symbolic link is no part of a document."""
    packed = io.BytesIO(make_docx(_TEXT))
    with zipfile.ZipFile(packed, "a") as archive:
        entry = zipfile.ZipInfo("word/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")

    reason = await _reason(extractor, save(packed.getvalue()))

    assert reason is Reason.UNSAFE_ARCHIVE


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE a [<!ENTITY b "bombs">'
        + "".join(
            f'<!ENTITY {name} "{f"&{below};" * 10}">'
            for below, name in zip("bcdefghij", "cdefghijk", strict=True)
        )
        + "]>",
        '<!DOCTYPE a [<!ENTITY k SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">',
    ],
    ids=["bomb", "external", "dtd"],
)
async def test_xml_with_entities_is_refused(
    extractor: Extractor, save: Save, make_docx: MakeDocx, prologue: str
) -> None:
    """No declaration is expanded, and no file or address is fetched."""
    used = "&k;" if "bomb" in prologue else "text"

    content = make_docx(_TEXT.replace("text", used), prologue=prologue)

    assert await _reason(extractor, save(content)) is Reason.UNREADABLE


async def test_xml_of_endless_depth_is_refused(
    extractor: Extractor, save: Save, make_docx: MakeDocx
) -> None:
    """Nesting that no word processor writes is given up early."""
    noise = random.Random(5)  # noqa: S311 - keeps the ratio honest
    opened = "".join(f"<w:p a='{noise.getrandbits(64)}'>" for _ in range(100_000))

    content = make_docx(opened + "</w:p>" * 100_000)

    assert await _reason(extractor, save(content)) is Reason.TOO_COMPLEX


async def test_encrypted_archive_entry_is_told(
    extractor: Extractor, save: Save, make_docx: MakeDocx
) -> None:
    """An entry with a password asks for a document without one."""
    content = bytearray(make_docx(_TEXT))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert await _reason(extractor, save(bytes(content))) is Reason.ENCRYPTED


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
async def test_truncated_archive_is_unreadable(
    extractor: Extractor, save: Save, make_docx: MakeDocx, share: float
) -> None:
    """An upload that broke off has no directory."""
    content = make_docx(_TEXT, extra={"word/media/a.png": os.urandom(5_000)})
    cut = content[: int(len(content) * share)]
    cut += b"" if b"word/" in cut else b"word/"

    assert await _reason(extractor, save(cut)) is Reason.UNREADABLE


async def test_truncated_pdf_is_refused(
    extractor: Extractor, save: Save, make_pdf: MakePdf
) -> None:
    """Half a PDF has no text that could be read, or can't be opened."""
    content = make_pdf("words " * 500)

    reason = await _reason(extractor, save(content[: len(content) // 3]), "a.pdf")

    assert reason in {Reason.UNREADABLE, Reason.SCANNED_OR_EMPTY}


async def test_encrypted_pdf_is_told(
    extractor: Extractor, save: Save, make_pdf: MakePdf
) -> None:
    """A password is the reason, not damage."""
    content = make_pdf("secret", password="user")

    assert await _reason(extractor, save(content), "a.pdf") is Reason.ENCRYPTED


@pytest.mark.parametrize("pages", [600, 10_000])
async def test_pdf_of_too_many_pages_is_refused(
    extractor: Extractor, save: Save, pages: int
) -> None:
    """Pages are counted, not read."""
    content = _bare_pdf(pages=pages)

    assert await _reason(extractor, save(content), "a.pdf") is Reason.TOO_MANY_PAGES


async def test_pdf_stream_bomb_is_refused_within_its_memory(
    extractor: Extractor, save: Save
) -> None:
    """A page's content that unpacks to a gigabyte ends in a reason, not in swap."""
    content = _bare_pdf(pages=1, stream=_deflated_zeros(1_000))

    reason = await _reason(extractor, save(content), "a.pdf")

    assert reason in {Reason.UNREADABLE, Reason.SCANNED_OR_EMPTY, Reason.TOO_COMPLEX}


def _deflated_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1_000_000)) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


def _bare_pdf(*, pages: int, stream: bytes = b"") -> bytes:
    """Write a PDF by hand, which takes any number of pages in no time."""
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    filtered = b"/Filter /FlateDecode " if stream else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< %s/Length %d >>\nstream\n%s\nendstream" % (filtered, len(stream), stream),
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>"
            for _ in range(pages)
        ],
    ]
    content = b"%PDF-1.7\n"
    offsets = []
    body = io.BytesIO()
    for number, each in enumerate(objects, start=1):
        offsets.append(len(content) + body.tell())
        body.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    content += body.getvalue()
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(content))
    )


async def test_png_named_markdown_is_not_supported(
    extractor: Extractor, save: Save
) -> None:
    """A name changes nothing about what a file is."""
    content = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + os.urandom(500)

    assert await _reason(extractor, save(content), "a.md") is Reason.UNSUPPORTED_TYPE


@pytest.mark.parametrize("seed", range(5))
async def test_random_bytes_are_not_supported(
    extractor: Extractor, save: Save, seed: int
) -> None:
    """Noise is no text."""
    content = random.Random(seed).randbytes(20_000)  # noqa: S311 - a repeatable sample

    assert await _reason(extractor, save(content), "a.txt") is Reason.UNSUPPORTED_TYPE


async def test_polyglot_is_only_what_it_begins_as(
    extractor: Extractor, save: Save, make_pdf: MakePdf, make_docx: MakeDocx
) -> None:
    """A PDF with a DOCX at its end is a PDF, and nothing of the DOCX is read."""
    content = make_pdf("The PDF's words.") + make_docx(_TEXT.replace("text", "evil"))

    document = await extractor.read(save(content), "a.docx")

    assert document.media_type == "application/pdf"
    assert document.text.text == "The PDF's words."


async def test_picture_with_a_pdf_at_its_end_is_not_supported(
    extractor: Extractor, save: Save
) -> None:
    """Readers that search for a PDF's mark anywhere are not copied."""
    pdf = FPDF()
    pdf.add_page()
    content = b"GIF89a\x01\x00\x01\x00" + bytes(pdf.output())

    assert await _reason(extractor, save(content), "a.pdf") is Reason.UNSUPPORTED_TYPE


async def test_million_tiny_paragraphs_are_too_many(
    extractor: Extractor, save: Save
) -> None:
    """Text within the limit can still be cut into more pieces than anyone reads."""
    content = b"a\n\n" * 600_000

    reason = await _reason(extractor, save(content), "a.txt")

    assert reason is Reason.TOO_MANY_PARAGRAPHS


@pytest.mark.parametrize(
    "unit", [b"-", b"`", b"# ", b"\xe2\x80\x8b", b'"', b"~~~\n", b"a\n-\n"]
)
async def test_text_of_one_mark_repeated_is_read(
    extractor: Extractor, save: Save, unit: bytes
) -> None:
    """No pattern goes over two megabytes more than a few times."""
    content = b"x " + unit * (1_900_000 // len(unit))

    try:
        await extractor.read(save(content), "a.md")
    except DocumentError as err:
        # Not READING_TIMED_OUT, the reader's own end of a pattern that hangs.
        assert err.reason is Reason.TOO_MANY_PARAGRAPHS  # noqa: PT017 - either will do
