"""Rewrites in Markdown and plain text: bytes in place of bytes."""

import codecs
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.editing.edits import (
    Edited,
    Obstacle,
    Rewrite,
    Rewriting,
)
from roundtable_gateway.documents.editing.text_rewrites import with_rewrites
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.paragraphs import number
from roundtable_gateway.documents.text import read_text

_TIME = datetime(2026, 1, 2, tzinfo=UTC)


def _text(content: bytes) -> str:
    reading = read_text(content, MediaType.MARKDOWN, Limits())
    return number(reading.blocks).text.text


def _rewritten(
    content: bytes, *changes: tuple[str, str], is_markdown: bool = False
) -> Edited:
    text = _text(content)
    rewrites = tuple(
        Rewrite("A", text.index(old), text.index(old) + len(old), new)
        for old, new in changes
    )
    order = Rewriting(text, rewrites, _TIME)
    return with_rewrites(content, order, is_markdown=is_markdown)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_encoding_and_its_mark_stay(mark: bytes, encoding: str) -> None:
    """Only the rewritten words differ, in the encoding that all others have."""
    text = "Größe zählt “immer”.\n\nSchönes Ende über alles.\n"
    content = mark + text.encode(encoding)

    edited = _rewritten(content, ("zählt", "wäre"), ("Ende", "Schluß"))

    expected = text.replace("zählt", "wäre").replace("Ende", "Schluß")
    assert edited == Edited(mark + expected.encode(encoding), (None, None))


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_line_ends_stay_as_they_are(line_end: str) -> None:
    """Also within what is rewritten."""
    content = f"One{line_end}two{line_end}{line_end}three".encode()

    edited = _rewritten(content, ("one\ntwo".capitalize(), "1\n2"), ("ree", "ird"))

    inner = line_end if line_end == "\r\n" else "\n"
    expected = f"1{inner}2{line_end}{line_end}third"
    assert edited.content == expected.encode()


def test_words_behind_removed_characters_are_found() -> None:
    """Offsets are of the text as it was read; the file keeps what was left out."""
    content = "a\x01b\x1bc\fd\x0be\u2028f\u2029ghost\r\n".encode()

    edited = _rewritten(content, ("ghost", "spirit"), ("d", "D"))

    assert edited.content == "a\x01b\x1bc\fD\x0be\u2028f\u2029spirit\r\n".encode()


def test_words_that_the_encoding_lacks_are_left_out() -> None:
    """The others go in."""
    content = "Größe zählt, und Länge.".encode("cp1252")

    edited = _rewritten(content, ("zählt", "→ zählt"), ("Länge", "Weite"))

    assert edited.obstacles == (Obstacle.NOT_IN_ENCODING, None)
    assert edited.content.decode("cp1252") == "Größe zählt, und Weite."


@pytest.mark.parametrize(
    ("text", "old", "is_cut"),
    [
        ("We **never** fail.", "never** fail", True),
        ("We **never** fail.", "**never** fail", False),
        ("We `never` fail.", "`never", True),
        ("See [the docs](https://a.example).", "docs](https://a.example)", True),
        ("See [the docs](https://a.example).", "[the docs](https://a.example)", False),
        ("See [the docs](https://a.example).", "See [the", True),
        ("See [the docs](https://a.example).", "[the docs]", True),
        ("See [the docs](https://a.example).", "[the docs](https", True),
        ("Our snake_case * 2 [sic].", "snake_case * 2 [sic]", False),
        ("~~old~~ new", "~~old", True),
    ],
)
def test_rewrite_takes_markdown_marks_whole_or_not_at_all(
    text: str, old: str, *, is_cut: bool
) -> None:
    """Half a mark would change how the rest is read; plain text has none."""
    edited = _rewritten(text.encode(), (old, "x"), is_markdown=True)
    plain = _rewritten(text.encode(), (old, "x"))

    assert edited.obstacles == ((Obstacle.MARKUP_CUT,) if is_cut else (None,))
    assert plain.content.decode() == text.replace(old, "x")


def test_text_that_was_read_otherwise_is_left_alone() -> None:
    """Offsets of another text would rewrite the wrong words."""
    order = Rewriting("Other.", (Rewrite("A", 0, 5, "x"),), _TIME)

    edited = with_rewrites(b"Words.", order, is_markdown=False)

    assert edited == Edited(b"Words.", (Obstacle.READ_DIFFERENTLY,))


@settings(max_examples=300)
@given(
    st.text(
        st.sampled_from("ab \n\r\t\f\x01\x85\u2028\u2029\u00e4\U0001f600"), max_size=20
    ),
    st.text(st.sampled_from("ab \n\r\f\x01\x85\u2028\u2029"), max_size=20),
)
def test_words_are_found_behind_whatever_reading_changes(
    before: str, behind: str
) -> None:
    """Line ends, form feeds and controls of every sort stay as they are."""
    content = f"x{before}WORDS{behind}".encode()

    edited = _rewritten(content, ("WORDS", "new"))

    assert edited.content == f"x{before}new{behind}".encode()
