"""PDF to lines, by pypdfium2."""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from roundtable_gateway.documents.blocks import Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.pdf_layout import LINE_HYPHEN, Line, to_blocks
from roundtable_gateway.domain.document import DocumentWarning

# PDFium writes one of these for a hyphen at a line's end and leaves the line end out.
_PDFIUM_HYPHENS = re.compile("[\x02\ufffe]")
_SHOWN_PAGES = 10


def read_pdf(content: bytes, limits: Limits) -> Reading:
    """Read the text layer of all pages.

    Raises:
        Refused: ENCRYPTED, UNREADABLE, TOO_MANY_PAGES (before any page is read),
            TOO_MUCH_TEXT, SCANNED_OR_EMPTY.
    """
    document = _open(content)
    page_count = len(document)
    if page_count > limits.pages:
        raise Refused(Reason.TOO_MANY_PAGES)
    lines: list[Line] = []
    bare_pages: list[int] = []
    text_bytes = 0
    for number in range(1, page_count + 1):
        found = list(_page_lines(document, number))
        text_bytes += sum(len(line.text.encode()) + 1 for line in found)
        if text_bytes > limits.text_bytes:
            raise Refused(Reason.TOO_MUCH_TEXT)
        lines += found
        if not found:
            bare_pages.append(number)
    if not lines:
        raise Refused(Reason.SCANNED_OR_EMPTY)
    return Reading(tuple(to_blocks(lines)), page_count, _warn_of(bare_pages))


def _open(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as err:
        protected = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        is_protected = err.err_code in protected
        raise Refused(Reason.ENCRYPTED if is_protected else Reason.UNREADABLE) from err


def _warn_of(bare_pages: list[int]) -> tuple[DocumentWarning, ...]:
    if not bare_pages:
        return ()
    shown = ", ".join(str(number) for number in bare_pages[:_SHOWN_PAGES])
    more = len(bare_pages) - _SHOWN_PAGES
    detail = (
        f"{len(bare_pages)} pages hold no text (empty, a picture or a scan) and are "
        f"not reviewed: {shown}" + (f" and {more} more." if more > 0 else ".")
    )
    return (DocumentWarning("PAGES_WITHOUT_TEXT", detail),)


def _page_lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    page = document[number - 1]
    try:
        text_page = page.get_textpage()
        try:
            yield from _lines(text_page, number)
        finally:
            text_page.close()
    finally:
        page.close()


def _lines(text_page: pypdfium2.PdfTextPage, number: int) -> Iterator[Line]:
    # By character, not by get_text_range(): only so do text and boxes have one index.
    total = text_page.count_chars()
    characters = [
        chr(pdfium.FPDFText_GetUnicode(text_page, index)) for index in range(total)
    ]
    start = 0
    for index, character in enumerate([*characters, "\n"]):
        if character not in "\r\n":
            continue
        shown = [at for at in range(start, index) if not characters[at].isspace()]
        start = index + 1
        if shown:
            first, last = shown[0], shown[-1]
            text = "".join(characters[first : last + 1])
            yield _line(text_page, _mend(text), number, first=first, last=last)


def _mend(text: str) -> str:
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _PDFIUM_HYPHENS.sub(LINE_HYPHEN, paired)


def _line(
    text_page: pypdfium2.PdfTextPage, text: str, number: int, *, first: int, last: int
) -> Line:
    begin, end = _box(text_page, first), _box(text_page, last)
    return Line(
        text=text,
        page=number,
        left=begin.left,
        right=end.right,
        first_bottom=begin.bottom,
        last_bottom=end.bottom,
        height=begin.top - begin.bottom,
    )


def _box(text_page: pypdfium2.PdfTextPage, index: int) -> pdfium.FS_RECTF:
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
    return box
