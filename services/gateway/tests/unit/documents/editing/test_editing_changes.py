"""Rewrites as tracked changes: accepted they are the new text, rejected the old one."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.editing.docx_changes import with_changes
from roundtable_gateway.documents.editing.edits import (
    Edited,
    Obstacle,
    Rewrite,
    Rewriting,
)
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

_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_DECLARED = f' xmlns:w="{WORD}"'


def _text(content: bytes) -> str:
    return number(read_docx(content, Limits()).blocks).text.text


def _of(text: str, old: str, new: str) -> Rewrite:
    start = text.index(old)
    return Rewrite("Chief officer", start, start + len(old), new)


def _changed(content: bytes, *changes: tuple[str, str]) -> Edited:
    text = _text(content)
    rewrites = tuple(_of(text, old, new) for old, new in changes)
    return with_changes(content, Rewriting(text, rewrites, _TIME), Limits())


def _body(content: bytes) -> str:
    return parts_of(content)["word/document.xml"].decode().replace(_DECLARED, "")


def _rejected(content: bytes) -> bytes:
    """Return a package as it is once all changes are rejected."""
    parts = parts_of(content)
    for name in ("word/document.xml", "word/footnotes.xml"):
        if name in parts:
            xml = parts[name].decode()
            xml = re.sub(r"<w:ins [^>]*>.*?</w:ins>|</?w:del [^>]*>|</w:del>", "", xml)
            parts[name] = xml.replace("w:delText", "w:t").encode()
    return pack(parts)


def test_rewrite_is_a_deletion_and_an_insertion() -> None:
    """By the reviewer, at the run's end, in the formatting that the words had."""
    content = package(paragraph(run("We "), run("never fail", "<w:b/>"), run(".")))

    edited = _changed(content, ("never fail", "were restored twice"))

    by = 'w:author="Chief officer" w:date="2026-01-02T03:04:05Z"'
    assert edited.obstacles == (None,)
    assert _text(edited.content) == "We were restored twice."
    assert (
        f'<w:del w:id="1" {by}><w:r><w:rPr><w:b/></w:rPr><w:delText xml:space='
        f'"preserve">never fail</w:delText></w:r></w:del><w:ins w:id="2" {by}><w:r>'
        '<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">were restored twice</w:t></w:r>'
        "</w:ins>"
    ) in _renumbered(_body(edited.content))


def _renumbered(body: str) -> str:
    ids: dict[str, int] = {}
    return re.sub(
        r'(<w:(?:ins|del) )w:id="(\d+)"',
        lambda m: f'{m[1]}w:id="{ids.setdefault(m[2], len(ids) + 1)}"',
        body,
    )


def test_rewrite_may_begin_and_end_within_runs() -> None:
    """What stands beside it stays; two that touch share the cut between them."""
    content = package(paragraph(run("One two "), run("three", "<w:i/>"), run(" four")))

    edited = _changed(content, ("two th", "2 3"), ("ree f", "-4 f"))

    assert edited.obstacles == (None, None)
    assert _text(edited.content) == "One 2 3-4 four"
    assert _text(_rejected(edited.content)) == "One two three four"


def test_rewrite_may_run_across_links_bookmarks_and_breaks() -> None:
    """Each run is struck out where it is, and the marks between stay."""
    link = f'<w:hyperlink w:anchor="a">{run("link")}</w:hyperlink>'
    mark = '<w:bookmarkStart w:id="9" w:name="a"/><w:bookmarkEnd w:id="9"/>'
    broken = "<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>"
    content = package(paragraph(run("go "), link, mark, broken, run(" end")))

    edited = _changed(content, ("go link", "walk"), ("a\nb", "c\nd"))

    body = _body(edited.content)
    assert _text(edited.content) == "walkc\nd end"
    assert mark in body
    assert '<w:hyperlink w:anchor="a"><w:del' in body
    assert _text(_rejected(edited.content)) == "go linka\nb end"


def test_words_behind_a_field_are_rewritten() -> None:
    """Only what the field shows is Word's to write again."""
    content = package(paragraph(run("of "), _FIELD, run(" gold")))

    edited = _changed(content, ("of", "from"), ("gold", "silver"))

    assert edited.obstacles == (None, None)
    assert _text(edited.content) == "from five units silver"


def test_rewrite_may_run_across_a_text_without_letters() -> None:
    """It has no end tag; the run's, right behind it, is not taken for its own."""
    content = package(paragraph(run("one "), "<w:r><w:t/></w:r>", run("two")))

    edited = _changed(content, ("one two", "1 2"))

    assert _text(edited.content) == "1 2"
    assert _text(_rejected(edited.content)) == "one two"


def test_tracked_formatting_is_there_once() -> None:
    """Neither the pieces of its run nor the new words repeat its number."""
    former = '<w:rPrChange w:id="7" w:author="Ann"><w:rPr><w:i/></w:rPr></w:rPrChange>'
    content = package(paragraph(run("one two three", f"<w:b/>{former}")))

    edited = _changed(content, ("two", "2"))

    assert _text(edited.content) == "one 2 three"
    assert _body(edited.content).count('w:id="7"') == 1


def test_role_is_an_author_as_long_as_word_takes() -> None:
    """It refuses a file with a longer one."""
    content = package(paragraph(run("Words.")))
    order = Rewriting("Words.", (Rewrite("x" * 400, 0, 5, "Signs"),), _TIME)

    edited = with_changes(content, order, Limits())

    authors = re.findall('w:author="(x+)"', _body(edited.content))
    assert [len(each) for each in authors] == [200, 200]


def test_nothing_is_a_rewrite_too() -> None:
    """The words go, and nothing comes."""
    edited = _changed(package(paragraph(run("Very, very good."))), (", very", ""))

    assert _text(edited.content) == "Very good."
    assert "<w:ins" not in _body(edited.content)


def test_words_of_notes_and_tables_are_rewritten() -> None:
    """Each in its own part; a list item's dash is ours and stays out of it."""
    note = f'<w:footnote w:id="2">{paragraph(run("Some source"))}</w:footnote>'
    item = paragraph(
        run("item one"), properties='<w:numPr><w:numId w:val="1"/></w:numPr>'
    )
    cell = f"<w:tbl><w:tr><w:tc>{paragraph(run('cell'))}</w:tc></w:tr></w:tbl>"
    content = package(
        item + cell + paragraph(run("end")),
        parts={"footnotes": f"<w:footnotes>{note}</w:footnotes>"},
    )

    edited = _changed(
        content, ("- item one", "- item 1"), ("cell", "field"), ("Some", "The")
    )

    assert edited.obstacles == (None, None, None)
    assert _text(edited.content) == "- item 1\n\nfield\n\nend\n\n[2] The source"
    assert _text(_rejected(edited.content)) == _text(content)


def test_all_else_is_byte_for_byte_what_it_was() -> None:
    """No other part changes, and none comes or goes."""
    footer = f"<w:ftr>{paragraph(run('Acme'))}</w:ftr>"
    content = package(
        paragraph(run("Words.")), parts={"footer": footer}, extra={"a.bin": b"\x00\xff"}
    )

    before, after = parts_of(content), parts_of(_changed(content, ("W", "S")).content)

    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"word/document.xml"}


_FIELD = "".join(
    (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        "<w:r><w:instrText>REF x</w:instrText></w:r>",
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        run("five units"),
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
)


@pytest.mark.parametrize(
    ("body", "old", "obstacle"),
    [
        (
            paragraph(run("one")) + paragraph(run("two")),
            "one\n\ntwo",
            Obstacle.SEVERAL_PARAGRAPHS,
        ),
        (
            paragraph(run("a "), f'<w:ins w:id="3">{run("new")}</w:ins>'),
            "a new",
            Obstacle.TRACKED_CHANGE,
        ),
        (
            paragraph(run("a"), '<w:r><w:footnoteReference w:id="2"/></w:r>', run("b")),
            "a[2]b",
            Obstacle.NO_PLAIN_WORDS,
        ),
        (
            paragraph(run("a"), "<w:r><w:drawing/></w:r>", run("b")),
            "ab",
            Obstacle.NO_PLAIN_WORDS,
        ),
        (
            paragraph(run("of "), _FIELD, run(" gold")),
            "five units",
            Obstacle.NO_PLAIN_WORDS,
        ),
        (
            paragraph(f'<w:fldSimple w:instr="REF x">{run("five")}</w:fldSimple>'),
            "five",
            Obstacle.NO_PLAIN_WORDS,
        ),
        (
            paragraph("<w:r><w:t><![CDATA[raw]]></w:t></w:r>"),
            "raw",
            Obstacle.NO_PLAIN_WORDS,
        ),
    ],
    ids=["paragraphs", "tracked", "note", "picture", "field", "short field", "cdata"],
)
def test_rewrite_that_would_break_something_is_left_out(
    body: str, old: str, obstacle: Obstacle
) -> None:
    """With its reason, and the file as it was."""
    content = package(body)

    edited = _changed(content, (old, "new"))

    assert edited.obstacles == (obstacle,)
    assert parts_of(edited.content) == parts_of(content)


def test_words_of_a_footer_are_left_out() -> None:
    """It may stand for many, and was read once."""
    footer = f"<w:ftr>{paragraph(run('Acme'))}</w:ftr>"
    content = package(paragraph(run("Words.")), parts={"footer": footer})

    assert _changed(content, ("Acme", "Ajax")).obstacles == (Obstacle.HEADER_OR_FOOTER,)


def test_text_that_was_read_otherwise_is_left_alone() -> None:
    """Offsets of another text would rewrite the wrong words."""
    content = package(paragraph(run("Words.")))
    order = Rewriting("Other.", (Rewrite("A", 0, 5, "x"),), _TIME)

    edited = with_changes(content, order, Limits())

    assert edited.obstacles == (Obstacle.READ_DIFFERENTLY,)
    assert parts_of(edited.content) == parts_of(content)


_WORDS = st.text(st.sampled_from("ab \u00e4\u2019\U0001f600"), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(_WORDS, st.sampled_from(["", "<w:b/>"])), min_size=1, max_size=5
    ),
    st.sets(st.integers(0, 30), min_size=2, max_size=6),
    st.text(st.sampled_from("xyz"), max_size=3),
)
def test_accepting_gives_the_new_text_and_rejecting_the_old(
    runs: list[tuple[str, str]], cuts: set[int], new: str
) -> None:
    """Wherever rewrites begin and end, side by side or apart."""
    content = package(paragraph(run("^"), *(run(*each) for each in runs), run("$")))
    text = _text(content)
    edges = sorted(each for each in cuts if each <= len(text))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    assume(spans)
    order = Rewriting(text, tuple(Rewrite("A", *span, new) for span in spans), _TIME)

    edited = with_changes(content, order, Limits())

    expected = text
    for start, end in reversed(spans):
        expected = expected[:start] + new + expected[end:]
    assert set(edited.obstacles) == {None}
    assert _text(edited.content) == expected.strip() if expected.strip() else True
    assert _text(_rejected(edited.content)) == text
