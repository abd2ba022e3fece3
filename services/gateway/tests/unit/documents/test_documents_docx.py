"""DOCX to blocks."""

from collections.abc import Callable

import pytest

from roundtable_gateway.documents.blocks import Block, Reading
from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits

MakeDocx = Callable[..., bytes]

_STYLES = """<w:styles>
<w:style w:styleId="H"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="MyH"><w:name w:val="Clause"/><w:basedOn w:val="H"/></w:style>
<w:style w:styleId="Out"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="List"><w:numPr><w:numId w:val="3"/></w:numPr></w:style>
<w:style w:styleId="Ghost"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>
<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>
</w:styles>"""


def _p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{_r(text)}</w:p>"


def _r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def _texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def _codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


def test_docx_headings_go_by_style_its_parents_and_outline_level(
    make_docx: MakeDocx,
) -> None:
    """Built-in, derived and outlined headings are found; a style ring is survived."""
    styled = [
        _p(style, f'<w:pStyle w:val="{style}"/>') for style in ("H", "MyH", "Out", "A")
    ]
    direct = _p("direct", '<w:outlineLvl w:val="0"/>')

    content = make_docx("".join([*styled, direct]), parts={"styles": _STYLES})
    reading = read_docx(content, Limits())

    assert {block.text: block.is_heading for block in reading.blocks} == {
        "H": True,
        "MyH": True,
        "Out": True,
        "A": False,
        "direct": True,
    }
    assert reading.page_count is None


def test_docx_list_items_are_marked(make_docx: MakeDocx) -> None:
    """Items by numbering or by style get a dash; numbering switched off does not."""
    numbered = '<w:numPr><w:numId w:val="{}"/></w:numPr>'
    body = (
        _p("one", numbered.format(1))
        + _p("two", '<w:pStyle w:val="List"/>')
        + _p("three", '<w:pStyle w:val="List"/>' + numbered.format(0))
    )

    reading = read_docx(make_docx(body, parts={"styles": _STYLES}), Limits())

    assert _texts(reading) == ["- one", "- two", "three"]


def test_docx_table_is_read_row_by_row(make_docx: MakeDocx) -> None:
    """Each row is a block, a table within a cell belongs to that cell."""

    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"

    inner = f"<w:tbl>{row(_p('x'), _p('y'))}</w:tbl>"
    table = row(_p("a") + _p("b"), _p("")) + row(_p("c") + inner, _p("d")) + row(_p(""))

    reading = read_docx(make_docx(f"<w:tbl>{table}</w:tbl>{_p('end')}"), Limits())

    assert _texts(reading) == ["a b | ", "c x | y | d", "end"]


def test_docx_letters_that_are_elements_are_kept(make_docx: MakeDocx) -> None:
    """Tabs, breaks and special hyphens are text; a tab stop is not."""
    letters = "<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/>"
    body = f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>{letters}</w:r></w:p>"

    reading = read_docx(make_docx(body), Limits())

    assert _texts(reading) == ["a\tb\nc\u2011"]


def test_docx_insertions_are_in_and_deletions_out_with_a_warning(
    make_docx: MakeDocx,
) -> None:
    """The text under review is what accepting all tracked changes would give."""
    deleted = "<w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{_r('gone ')}</w:moveFrom>"
    inserted = f"<w:ins>{_r('always ')}</w:ins>"
    old_style = '<w:pPrChange><w:pPr><w:pStyle w:val="H"/></w:pPr></w:pPrChange>'
    body = (
        f"<w:p><w:pPr>{old_style}</w:pPr>{_r('We ')}{deleted}{moved}{inserted}"
        f"{_r('test')}</w:p>"
    )

    reading = read_docx(make_docx(body, parts={"styles": _STYLES}), Limits())

    assert reading.blocks == (Block("We always test"),)
    assert _codes(reading) == ["TRACKED_CHANGES"]
    assert "1 insertions" in reading.warnings[0].detail
    assert "2 deletions" in reading.warnings[0].detail


def test_docx_hidden_text_is_shown_and_reported(make_docx: MakeDocx) -> None:
    """Text hidden by run, character style or paragraph style is found; off is off."""
    runs = [
        _r("seen "),
        _r("unseen ", "<w:vanish/>"),
        _r("ghost ", '<w:rStyle w:val="Ghost"/>'),
        _r("plain", '<w:vanish w:val="0"/>'),
        _r("", "<w:vanish/>"),
    ]
    body = f"<w:p>{''.join(runs)}</w:p>" + _p("whole", '<w:pStyle w:val="Ghost"/>')

    reading = read_docx(make_docx(body, parts={"styles": _STYLES}), Limits())

    assert _texts(reading) == ["seen unseen ghost plain", "whole"]
    assert _codes(reading) == ["HIDDEN_TEXT"]
    assert reading.warnings[0].detail.startswith("3 ")


def test_docx_comments_are_left_out_with_a_warning(make_docx: MakeDocx) -> None:
    """Margin comments are not the document."""
    comments = f'<w:comments><w:comment w:id="0">{_p("psst")}</w:comment></w:comments>'

    reading = read_docx(make_docx(_p("text"), parts={"comments": comments}), Limits())

    assert _texts(reading) == ["text"]
    assert _codes(reading) == ["COMMENTS"]


def test_docx_notes_headers_and_footers_follow_the_body(make_docx: MakeDocx) -> None:
    """Notes carry the number they are referred to by; drawn separators do not come."""
    body = f'<w:p>{_r("Claim")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = (
        f'<w:footnotes><w:footnote w:type="separator" w:id="0">{_p("___")}</w:footnote>'
        f'<w:footnote w:id="2">{_p("Source")}</w:footnote></w:footnotes>'
    )
    parts = {
        "footnotes": notes,
        "header": f"<w:hdr>{_p('Draft')}</w:hdr>",
        "footer": f"<w:ftr>{_p('Draft')}{_p('Acme')}</w:ftr>",
    }

    reading = read_docx(make_docx(body, parts=parts), Limits())

    assert _texts(reading) == ["Claim[2]", "[2] Source", "Draft", "Acme"]


def test_docx_drawing_is_read_once(make_docx: MakeDocx) -> None:
    """A text box's copy for old programs and field codes are left out."""
    compatibility = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent>{_p('box')}</w:txbxContent>"
    body = (
        f'<w:p xmlns:c="{compatibility}"><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f"<w:r><c:AlternateContent><c:Choice>{box}</c:Choice>"
        f"<c:Fallback>{box}</c:Fallback></c:AlternateContent></w:r>{_r('host')}</w:p>"
    )

    reading = read_docx(make_docx(body), Limits())

    assert _texts(reading) == ["box", "host"]


def test_docx_over_the_text_limit_is_refused(make_docx: MakeDocx) -> None:
    """Bytes are counted over all parts, not characters."""
    with pytest.raises(Refused) as caught:
        read_docx(make_docx(_p("ü" * 60)), Limits(text_bytes=100))

    assert caught.value.reason is Reason.TOO_MUCH_TEXT


def test_archive_of_another_kind_is_not_supported(make_docx: MakeDocx) -> None:
    """An archive with a word/ folder but no document is another type."""
    content = make_docx(_p("text")).replace(
        b"[Content_Types].xml", b"[Content_Typos].xml"
    )

    with pytest.raises(Refused) as caught:
        read_docx(content, Limits())

    assert caught.value.reason is Reason.UNSUPPORTED_TYPE
