"""Text that a terminal may show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_cli.printable import one_line, printable


@given(st.text())
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    """No control character and no mark that reorders text gets through."""
    shown = printable(text)

    left = {c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs"}}
    assert left <= {"\n", "\t", "\u200c", "\u200d"}


@pytest.mark.parametrize("text", ["naïve “quoted”", "日本語", "👩\u200d🔬", "a\tb\nc"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Scripts, punctuation and joined emoji are left alone."""
    assert printable(text) == text


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """Whatever the text, it takes one line of the terminal."""
    assert len(one_line(text).splitlines()) <= 1
