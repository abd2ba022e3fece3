"""Types by content, and the decoding of text."""

import random

import pytest

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.sniff import sniff, type_of_text
from roundtable_gateway.documents.text import read_text

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_RANDOM = random.Random(7)  # noqa: S311 - a repeatable sample, no secret


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a.md", MediaType.MARKDOWN),
        ("A.MARKDOWN", MediaType.MARKDOWN),
        ("a.txt", MediaType.PLAIN),
        ("a.pdf", MediaType.PLAIN),
        ("", MediaType.PLAIN),
    ],
)
def test_name_tells_markdown_from_plain_text(
    filename: str, expected: MediaType
) -> None:
    """The name decides between the two kinds of text and nothing else."""
    assert type_of_text(filename) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"plain words", MediaType.PLAIN),
        (b"", MediaType.PLAIN),
        ("\ufeffwörter".encode("utf-16"), MediaType.PLAIN),
        ("Größe und Maß".encode("cp1252"), MediaType.PLAIN),
        (b"<!-- lint off -->\n<div align=center>\n\n# Readme", MediaType.PLAIN),
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"PK\x03\x04 word/document.xml", MediaType.DOCX),
        (b"%PDF-1.7\n PK\x03\x04 word/document.xml", MediaType.PDF),
        (b"PK\x03\x04 ppt/slides/slide1.xml", MediaType.PPTX),
        (b"PK\x03\x04 ppt/embeddings/a.docx PK\x03\x04 word/", MediaType.PPTX),
        (b"PK\x03\x04 word/embeddings/a.pptx PK\x03\x04 ppt/", MediaType.DOCX),
    ],
)
def test_content_decides_the_type(content: bytes, expected: MediaType) -> None:
    """The first bytes tell what a file is, also where it could be two things."""
    assert sniff(content, MediaType.PLAIN) is expected


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><p>words",
        "\n<!-- a --><!-- b -->\n<HTML>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN">',
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">',
        f"<!-- {'license ' * 2_000} --><!doctype html>",
        "<h1>Plan</h1>\n<p>We ship\n# on Monday.</p>",
        "<div>\n<h1>Plan</h1>\n\n<p>one</p>\n\n<ul>\n\n<li>two</ul>\n\n</div>\n",
        f"<p>{'words ' * 20_000}",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_page_is_told_by_its_tags(content: str, encoding: str) -> None:
    """A declaration, a root element, or nothing but elements, under any name."""
    for claimed in (MediaType.MARKDOWN, MediaType.PLAIN):
        assert sniff(content.encode(encoding), claimed) is MediaType.HTML


@pytest.mark.parametrize(
    "content",
    [
        b"# Title\n\nSome <b>bold</b> words\n\n<p>x</p>",
        b"<div align=center>\n\n# Title\n\nWords.\n\n- a\n\n</div>",
        b"<p align=center><img src=a></p>\n# Title\n- item",
        b"<https://example.org> is a link\n\n<p>",
        b"<b>Bold</b> words, as Markdown has them.",
        b"In HTML, <!doctype html> comes first. <html>",
    ],
)
def test_markdown_with_some_tags_stays_markdown(content: bytes) -> None:
    """Most of its paragraphs begin with words."""
    assert sniff(content, MediaType.MARKDOWN) is MediaType.MARKDOWN


@pytest.mark.parametrize(
    "content",
    [
        _PNG,
        b"GIF89a\x01\x00%PDF-1.7",
        b"PK\x03\x04 xl/workbook.xml",
        b"PK\x05\x06" + bytes(18),
        b"text with a NUL\0 in it",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        b"<!DOCTYPE html><p>words\0",
        b'<?xml version="1.0"?><a/>',
        rb"{\rtf1 words}",
        b"\x01\x02\x03 words " * 20,
        bytes(_RANDOM.randrange(1, 256) for _ in range(4_000)),
    ],
)
def test_other_content_is_refused(content: bytes) -> None:
    """Binary files and text of other types are not taken, whatever their name."""
    with pytest.raises(Refused) as caught:
        sniff(content, MediaType.MARKDOWN)

    assert caught.value.reason is Reason.UNSUPPORTED_TYPE


def test_encrypted_office_document_is_told_apart_from_old_office() -> None:
    """A password-protected DOCX is a compound file with an encrypted package."""
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode(
        "utf-16-le"
    )

    with pytest.raises(Refused) as caught:
        sniff(content, MediaType.PLAIN)

    assert caught.value.reason is Reason.ENCRYPTED


def test_row_of_comments_does_not_slow_the_look_down() -> None:
    """Comments before no tag at all are skipped once, not in every combination."""
    for content in (b"<!---->" * 9_000 + b"words", b"<!--" * 16_000, b"<p " * 20_000):
        assert sniff(content, MediaType.PLAIN) is MediaType.PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_text_is_decoded_without_a_warning(encoding: str) -> None:
    """UTF-8, and UTF-16 with its mark, say what they are."""
    reading = read_text("Grüße 🙂".encode(encoding), MediaType.PLAIN, Limits())

    assert reading.blocks[0].text == "Grüße 🙂"
    assert reading.warnings == ()


def test_other_encoding_is_guessed_with_a_warning() -> None:
    """Text without a Unicode form is read as what it looks like, and says so."""
    text = "Die Größe der Straße überrascht die Bürger; schöne Grüße aus Österreich. "

    reading = read_text((text * 5).encode("cp1252"), MediaType.PLAIN, Limits())

    assert reading.blocks[0].text == text * 5
    assert [each.code for each in reading.warnings] == ["ENCODING_GUESSED"]


def test_text_far_above_the_limit_is_refused_before_it_is_decoded() -> None:
    """No encoding could bring it under the limit."""
    with pytest.raises(Refused) as caught:
        read_text(b"x" * 201, MediaType.PLAIN, Limits(text_bytes=100))

    assert caught.value.reason is Reason.TOO_MUCH_TEXT
