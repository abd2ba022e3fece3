"""Remarks as Word comments: on the very words, and nothing else touched."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from defusedxml import DTDForbidden, ElementTree
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.editing.docx_comments import with_comments
from roundtable_gateway.documents.editing.edits import Commenting, Remark
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.paragraphs import number
from services.gateway.tests.support.word import (
    WORD,
    pack,
    package,
    paragraph,
    parts_of,
    run,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_W = f"{{{WORD}}}"
_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_DECLARED = f' xmlns:w="{WORD}"'
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def _text(content: bytes) -> str:
    return number(read_docx(content, Limits()).blocks).text.text


def _on(text: str, words: str, *, lines: tuple[str, ...] = ("Major: x",)) -> Remark:
    start = text.index(words)
    return Remark("Chief officer", lines, start, start + len(words))


def _commented(content: bytes, *remarks: Remark) -> dict[str, bytes]:
    order = Commenting(_text(content), remarks, _TIME)
    return parts_of(with_comments(content, order, Limits()))


def _body(parts: dict[str, bytes]) -> str:
    return parts["word/document.xml"].decode().replace(_DECLARED, "")


def _tree(parts: dict[str, bytes]) -> "Element":
    """Return the body's part; what is not well-formed has none."""
    root: Element = ElementTree.fromstring(parts["word/document.xml"])
    return root


def _commented_words(parts: dict[str, bytes]) -> list[str]:
    """Return the words between the marks of each comment, in the body's order."""
    found = []
    for match in re.finditer(r'<w:commentRangeStart w:id="(\d+)"/>', _body(parts)):
        behind = _body(parts)[match.end() :]
        within = behind.partition(f'<w:commentRangeEnd w:id="{match[1]}"/>')[0]
        found.append("".join(re.findall(r"<w:t[ >](?:[^>]*>)?([^<]*)</w:t>", within)))
    return found


def test_comment_is_on_the_quoted_words() -> None:
    """Runs are parted where the words begin and end, each in its own formatting."""
    content = package(
        paragraph(run("Our backups "), run("never", "<w:b/>"), run(" fail &amp; rest."))
    )
    text = _text(content)

    parts = _commented(content, _on(text, "ups never fail"), _on(text, "& re"))

    assert _commented_words(parts) == ["ups never fail", "&amp; re"]
    assert '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">never</w:t>' in _body(
        parts
    )
    assert _body(parts).count("<w:commentReference") == 2


def test_comment_says_who_when_and_what() -> None:
    """The seat's role is the author; text is text, whatever it holds."""
    content = package(paragraph(run("Words.")))
    lines = ("Blocker: <b>Title</b>", "Impact & more\x00", "Fix: \u202e")

    parts = _commented(content, _on("Words.", "Words", lines=lines))

    written = parts["word/comments.xml"].decode()
    assert 'w:author="Chief officer" w:initials="CO"' in written
    assert 'w:date="2026-01-02T03:04:05Z"' in written
    assert "Blocker: &lt;b&gt;Title&lt;/b&gt;" in written
    assert "Impact &amp; more\ufffd" in written
    assert written.count("<w:p>") == 3


def test_all_else_is_byte_for_byte_what_it_was() -> None:
    """Only the body, the list of parts and the body's relations differ."""
    footer = f"<w:ftr>{paragraph(run('Acme'))}</w:ftr>"
    extra = {"word/media/a.png": bytes(range(256)), "customXml/item1.xml": b"<a/>\r\n"}
    content = package(
        paragraph(run("Words here.")), parts={"footer": footer}, extra=extra
    )
    before = parts_of(content)

    after = _commented(content, _on("Words here.", "here"))

    changed = {"word/document.xml", "[Content_Types].xml"}
    changed.add("word/_rels/document.xml.rels")
    assert list(after)[: len(before)] == list(before)
    assert set(after) - set(before) == {"word/comments.xml"}
    assert {name for name in before if before[name] != after[name]} == changed
    # Taking out what was put in gives the very bytes back.
    body = after["word/document.xml"].decode()
    added = r"<w:comment[^>]*/>|<w:r[^>]*><w:commentReference[^>]*/></w:r>"
    kept = re.sub(added, "", body)
    parting = r'</w:t></w:r><w:r><w:rPr></w:rPr><w:t xml:space="preserve">'
    assert re.sub(parting, "", kept) == before["word/document.xml"].decode()


def test_text_reads_the_same_with_comments() -> None:
    """The reader leaves comments out, and no word or space is lost."""
    letters = "<w:t>a  b </w:t><w:tab/><w:t> c</w:t><w:br/><w:t>d</w:t>"
    content = package(f"<w:p><w:r>{letters}</w:r></w:p>" + paragraph(run("End.")))
    text = _text(content)
    order = Commenting(
        text, tuple(_on(text, each) for each in ("b ", "\t c", "c\nd", "d\n\nE")), _TIME
    )

    commented = with_comments(content, order, Limits())

    assert _text(commented) == text


def test_comments_that_are_there_stay() -> None:
    """Ours come behind them, under numbers of their own."""
    there = f'<w:comment w:id="7" w:author="Ann">{paragraph(run("psst"))}</w:comment>'
    content = package(
        paragraph(run("Words.")),
        parts={"comments": f"<w:comments>{there}</w:comments>"},
    )
    before = parts_of(content)

    after = _commented(content, _on("Words.", "Words"))

    assert list(after) == list(before)
    assert there in after["word/comments.xml"].decode()
    assert "<w:comment xmlns" in after["word/comments.xml"].decode()
    assert 'w:id="8" w:author="Chief officer"' in after["word/comments.xml"].decode()
    same = ("[Content_Types].xml", "word/_rels/document.xml.rels")
    assert all(after[name] == before[name] for name in same)


def test_tracked_formatting_is_there_once() -> None:
    """Its number may not recur, however often its run is cut."""
    former = '<w:rPrChange w:id="7" w:author="Ann"><w:rPr><w:i/></w:rPr></w:rPrChange>'
    content = package(paragraph(run("one two three", f"<w:b/>{former}")))

    parts = _commented(content, _on("one two three", "two"))

    assert _commented_words(parts) == ["two"]
    assert _body(parts).count('w:id="7"') == 1
    assert _body(parts).count("<w:rPr><w:b/></w:rPr><w:t ") == 2


def test_words_in_a_table_carry_their_comment() -> None:
    """Also those of an inner table, and of a cell with several paragraphs."""
    inner = f"<w:tbl><w:tr><w:tc>{paragraph(run('deep'))}</w:tc></w:tr></w:tbl>"
    cells = [paragraph(run("one")) + paragraph(run("two")), inner + paragraph(run("x"))]
    row = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    content = package(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>{paragraph(run('end'))}")
    text = _text(content)
    assert text == "one two | deep x\n\nend"

    words = ("two", "deep", "x", "end")
    parts = _commented(content, *(_on(text, each) for each in words))

    assert _commented_words(parts) == list(words)


@pytest.mark.parametrize(
    "wrapper",
    [
        '<w:hyperlink w:anchor="a">{}</w:hyperlink>',
        '<w:ins w:id="1">{}</w:ins>',
        '<w:fldSimple w:instr="AUTHOR">{}</w:fldSimple>',
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:smartTag>{}</w:smartTag>",
    ],
)
def test_words_within_links_fields_and_controls_carry_their_comment(
    wrapper: str,
) -> None:
    """Marks may stand there, and may begin outside and end within."""
    wrapped = wrapper.format(run("inner words"))
    content = package(paragraph(run("outer "), wrapped, run(" end")))
    text = _text(content)

    parts = _commented(content, _on(text, "outer inner"), _on(text, "ner wor"))

    assert _commented_words(parts) == ["outer inner", "ner wor"]


def _box(inner: str) -> str:
    box = f"<w:txbxContent>{inner}</w:txbxContent>"
    return (
        f'<w:r><c:AlternateContent xmlns:c="{_COMPATIBILITY}">'
        f"<c:Choice>{box}</c:Choice><c:Fallback>{box}</c:Fallback>"
        "</c:AlternateContent></w:r>"
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (paragraph(run("host "), _box(paragraph(run("boxed")))), "boxed"),
        (
            paragraph(run("host "), "<w:r><w:t><![CDATA[raw text]]></w:t></w:r>"),
            "raw",
        ),
        (
            paragraph(
                run("host"),
                "<w:r><w:ruby><w:rubyBase>"
                + run("base")
                + "</w:rubyBase></w:ruby></w:r>",
            ),
            "base",
        ),
    ],
    ids=["text box", "cdata", "ruby"],
)
def test_words_that_can_carry_none_have_it_on_their_paragraph(
    body: str, words: str
) -> None:
    """And the comment says so."""
    content = package(paragraph(run("Before.")) + body)
    text = _text(content)

    parts = _commented(content, _on(text, words))

    second = _body(parts).partition("Before.")[2].partition("</w:pPr>")[2]
    assert second.startswith("<w:commentRangeStart ")
    assert re.search(
        r"<w:commentRangeEnd [^>]*/><w:r>.{0,40}</w:r></w:p><w:sect", second
    )
    assert b"at a place that can't carry a comment" in parts["word/comments.xml"]


def test_words_of_a_footnote_have_it_where_it_is_referred_to() -> None:
    """Word keeps comments out of notes, headers and footers."""
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(run(words))}</w:footnote>'
        for number, words in ((2, "Source"), (3, "Another"))
    )
    content = package(
        paragraph(run("Claim"), reference.format(2))
        + paragraph(run("More"), reference.format(3))
        + paragraph(run("End")),
        parts={
            "footnotes": f"<w:footnotes>{notes}</w:footnotes>",
            "footer": f"<w:ftr>{paragraph(run('Acme'))}</w:ftr>",
        },
    )
    text = _text(content)

    words = ("Source", "[3] Another", "Acme")
    parts = _commented(content, *(_on(text, each) for each in words))

    assert _commented_words(parts) == ["Claim", "More", "End"]
    assert parts["word/comments.xml"].count(b"in a footnote, an endnote, a header") == 3


def test_paragraph_and_document_can_be_remarked_on() -> None:
    """A whole paragraph by where it starts; the document at its first one."""
    content = package("<w:p/>" + paragraph(run("One.")) + paragraph(run("Two.")))
    text = _text(content)
    about_all = Remark("House", ("All",))
    about_two = Remark("House", ("Two",), text.index("Two"))

    parts = _commented(content, about_all, about_two)

    assert _commented_words(parts) == ["", "Two."]
    assert "<w:body><w:p><w:commentRangeStart" in _body(parts)
    assert b"carry a comment" not in parts["word/comments.xml"]


_EMPTY = [
    '<w:p w:rsidR="00A1"/>',
    "<w:p></w:p>",
    "<w:p><w:pPr/></w:p>",
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr></w:p>',
    "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
]


@pytest.mark.parametrize("empty", _EMPTY)
def test_empty_paragraph_takes_several_comments(empty: str) -> None:
    """Each in one piece within it: its beginning, its end, what refers to it."""
    content = package(empty + paragraph(run("One.")))
    remarks = (Remark("House", ("All",)), Remark("Chief officer", ("Omission",)))

    parts = _commented(content, *remarks)

    first = _tree(parts).find(f".//{_W}p")
    assert first is not None
    marks = [each.tag for each in first if each.tag != f"{_W}pPr"]
    comment = [f"{_W}commentRangeStart", f"{_W}commentRangeEnd", f"{_W}r"]
    assert marks == comment * len(remarks)
    assert len(_tree(parts).findall(f".//{_W}commentReference")) == len(remarks)


def test_text_that_was_read_otherwise_is_remarked_on_as_a_whole() -> None:
    """Offsets of another text would point at the wrong words."""
    content = package(paragraph(run("One two.")))
    order = Commenting("Another text.", (_on("Another text.", "text"),), _TIME)

    parts = parts_of(with_comments(content, order, Limits()))

    assert _commented_words(parts) == ["One two."]
    assert b"read differently now" in parts["word/comments.xml"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_body_in_another_encoding_is_turned_into_utf8(encoding: str) -> None:
    """Offsets are counted in the bytes that are written."""
    files = parts_of(package(paragraph(run("Größe zählt. Sehr."))))
    source = files["word/document.xml"].decode().replace("UTF-8", encoding)
    content = pack({**files, "word/document.xml": source.encode(encoding)})

    parts = _commented(content, _on("Größe zählt. Sehr.", "zählt"))

    assert _commented_words(parts) == ["zählt"]
    assert _body(parts).startswith('<?xml version="1.0" encoding="UTF-8"?>')


def test_prefix_of_the_documents_own_is_kept() -> None:
    """Whatever the namespace is called there, ours is declared where it is used."""
    source = parts_of(package(paragraph(run("Some words."))))
    body = source["word/document.xml"].decode()
    renamed = body.replace("w:", "x:").replace("xmlns:w=", "xmlns:x=")
    content = pack({**source, "word/document.xml": renamed.encode()})

    parts = _commented(content, _on("Some words.", "words"))

    written = parts["word/document.xml"].decode()
    assert f'<w:commentRangeStart xmlns:w="{WORD}"' in written
    assert '<x:t xml:space="preserve">words</x:t></x:r>' in written
    assert _text(pack(parts)) == "Some words."


def test_xml_with_entities_is_refused() -> None:
    """What the reader refuses is not written either."""
    source = parts_of(package(paragraph(run("Words."))))
    bomb = (
        b'<!DOCTYPE a [<!ENTITY a "b">]>'
        + source["word/document.xml"].partition(b"\n")[2]
    )
    order = Commenting("Words.", (_on("Words.", "Words"),), _TIME)

    with pytest.raises(DTDForbidden):
        with_comments(pack({**source, "word/document.xml": bomb}), order, Limits())


def test_archive_over_the_limit_is_refused() -> None:
    """What is unpacked in order to be packed again counts too."""
    content = package(paragraph(run("Words.")), extra={"a.bin": b"x" * 5_000})
    order = Commenting("Words.", (), _TIME)
    limits = replace(Limits(), archive_bytes=4_000)

    with pytest.raises(Refused) as caught:
        with_comments(content, order, limits)

    assert caught.value.reason is Reason.UNSAFE_ARCHIVE


_RUNS = st.lists(
    st.builds(
        run,
        st.text(st.sampled_from("ab \u00e4\u2019\U0001f600"), min_size=1, max_size=6),
        st.sampled_from(["", "<w:b/>", "<w:vanish/>"]),
    )
    | st.sampled_from(
        [
            "<w:r><w:t>x</w:t><w:tab/><w:t>y&#233;z</w:t><w:br/></w:r>",
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            '<w:bookmarkStart w:id="3" w:name="b"/>',
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>",
            "<w:r><w:t>a&amp;b&lt;</w:t><!-- c --></w:r>",
        ]
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(_RUNS, st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_any_stretch_of_any_text_can_be_commented_on(
    shapes: list[tuple[list[str], bool]], data: st.DataObject
) -> None:
    """The words between the marks are the stretch, and the text stays what it was."""
    body = "".join(
        f"<w:tbl><w:tr><w:tc>{paragraph(*runs)}</w:tc></w:tr></w:tbl>"
        if in_table
        else paragraph(*runs)
        for runs, in_table in shapes
    )
    content = package(paragraph(run("first")) + body)
    text = _text(content)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    assume(_whole_references(text[:start]) and _whole_references(text[:end]))
    order = Commenting(text, (Remark("A", ("x",), start, end),), _TIME)

    commented = with_comments(content, order, Limits())

    assert _text(commented) == text
    assert _text(_between_the_marks(commented)).split() == text[start:end].split()


def _whole_references(text: str) -> bool:
    """Tell whether a text ends in no reference to a note, which is one element."""
    return text.count("[") == text.count("]")


def _between_the_marks(content: bytes) -> bytes:
    """Return a package whose body is what stands between the marks of a comment."""
    files = parts_of(content)
    body = files["word/document.xml"].decode()
    before, begin, rest = body.partition("<w:commentRangeStart")
    within, end, behind = rest.partition("<w:commentRangeEnd")
    words = re.compile(
        r"<w:t[ >][^<]*</w:t>|<w:(?:tab|br)/>|<w:footnoteReference[^>]*>"
    )
    files["word/document.xml"] = "".join(
        [words.sub("", before), begin, within, end, words.sub("", behind)]
    ).encode()
    return pack(files)
