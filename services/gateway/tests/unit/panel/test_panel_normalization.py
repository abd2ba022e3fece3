"""Normalised texts and their way back to the original."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.panel.normalization import Span, normalize

# How long an example takes says nothing on a busy machine.
PATIENT = settings(deadline=None)

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        pytest.param("“We’ll” ‘go’ «now»", '"we\'ll" \'go\' "now"', id="quotes"),
        pytest.param("a–b — c − d", "a-b - c - d", id="dashes"),
        pytest.param("a --- b", "a - b", id="dash run"),
        pytest.param("a\u00a0 b\t\n\n c\u2003d", "a b c d", id="spaces"),
        pytest.param("in\u00adfor\u200bma\ufefftion", "information", id="invisible"),
        pytest.param("a \u200b b", "a b", id="invisible between spaces"),
        pytest.param("ﬁne Ｏﬃce №", "fine office no", id="compatibility forms"),
        pytest.param("Cafe\u0301 CAFÉ", "café café", id="composition"),
        pytest.param("STRASSE Straße", "strasse strasse", id="case"),
        pytest.param("✔\ufe0f done", "✔ done", id="variation selector"),
        pytest.param("\uff8a\uff9f", "\u30d1", id="half-width voice mark"),
        pytest.param("\u1100\u1161\u11a8", "\uac01", id="Hangul letters"),
        pytest.param(
            "is **very** `fast` ~~and~~ _cheap_",
            "is very fast and cheap",
            id="emphasis",
        ),
        pytest.param(
            "# One\n## Two\n> said\n- a\n  * b\n• c",
            " one two said a b c",
            id="line starts",
        ),
        pytest.param(
            "see [the plan](http://x.y/z) ![pic](p.png)!",
            "see the plan pic!",
            id="links",
        ),
        pytest.param("wait…", "wait...", id="ellipsis"),
    ],
)
def test_typography_is_normalised(text: str, normalized: str) -> None:
    """Typography, case and Markdown leave no trace."""
    assert normalize(text).text == normalized


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10²", id="superscript"),
        pytest.param("1½", id="fraction"),
        pytest.param("①②", id="circled"),
        pytest.param("㎡", id="square metre"),
        pytest.param("2*3", id="product"),
        pytest.param("2 * 3", id="spaced product"),
        pytest.param("1_000", id="digit groups"),
        pytest.param("snake_case", id="name with underscore"),
        pytest.param("~5 %", id="about"),
        pytest.param("[1] and [x]", id="brackets without a link"),
        pytest.param("a\n- 5 units", id="sign at a line's start"),
        pytest.param("a\n> 5 units", id="comparison at a line's start"),
    ],
)
def test_what_may_be_a_number_or_a_name_stays(text: str) -> None:
    """Nothing is dropped that would turn one number or name into another."""
    assert normalize(text).text == text.replace("\n", " ")


@PATIENT
@given(ANY_TEXT)
def test_every_stretch_leads_back_to_its_words(text: str) -> None:
    """Any normalised stretch stands for words that normalise to hold it."""
    normalized = normalize(text)

    length = len(normalized.text)
    for start, end in [
        (0, length),
        (length // 3, length // 2 + 1),
        (length - 1, length),
    ]:
        if 0 <= start < end <= length:
            source = normalized.source(Span(start, end))
            assert 0 <= source.start < source.end <= len(text)
            assert normalized.index_of(source.start) <= start


@PATIENT
@given(ANY_TEXT)
def test_offsets_never_run_backwards(text: str) -> None:
    """The map back is monotonous and as long as the normalised text."""
    normalized = normalize(text)

    spans = [normalized.source(Span(i, i + 1)) for i in range(len(normalized.text))]

    assert spans == sorted(spans, key=lambda span: (span.start, span.end))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@PATIENT
@given(st.text(st.characters(categories=["L", "Nd"])))
def test_canonically_equal_texts_are_equal(text: str) -> None:
    """A letter written with or without a combining mark is the same letter."""
    composed = normalize(unicodedata.normalize("NFC", text)).text
    decomposed = normalize(unicodedata.normalize("NFD", text)).text

    assert composed == decomposed
