"""Numbering: what holds for any text, and what Markdown adds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.documents.blocks import Block
from roundtable_gateway.documents.paragraphs import (
    Numbered,
    count_words,
    is_visible,
    number,
)

_ANYTHING = st.text(
    st.one_of(
        st.characters(codec=None, categories=None),
        st.sampled_from("\n\r\t #`~-= a\u200b\u200d\u2028\u2029\x85\x00\ufeff\ud800"),
    )
)
_BLOCKS = st.lists(
    st.builds(
        Block,
        text=_ANYTHING,
        page=st.one_of(st.none(), st.integers(1, 500)),
        is_heading=st.booleans(),
        is_markdown=st.booleans(),
        begins_section=st.booleans(),
    )
)


def _texts(numbered: Numbered) -> list[str]:
    text = numbered.text.text
    return [text[each.start : each.end] for each in numbered.text.paragraphs]


def _markdown(text: str) -> Numbered:
    return number([Block(text, is_markdown=True)])


@given(_BLOCKS)
def test_any_text_gives_paragraphs_without_blank_lines_or_loose_ends(
    blocks: list[Block],
) -> None:
    """Every paragraph is stripped, not empty, and has no blank line within."""
    for paragraph in _texts(number(blocks)):
        assert paragraph
        assert paragraph == paragraph.strip()
        assert all(line.strip() for line in paragraph.splitlines())


@given(_BLOCKS)
def test_any_text_gives_ascending_offsets_that_leave_out_only_space(
    blocks: list[Block],
) -> None:
    """Paragraphs follow each other in order and nothing but space lies between."""
    numbered = number(blocks)

    behind = 0
    for place, paragraph in enumerate(numbered.text.paragraphs, start=1):
        assert paragraph.id == f"P{place}"
        assert behind <= paragraph.start < paragraph.end
        assert not numbered.text.text[behind : paragraph.start].strip()
        behind = paragraph.end
    assert not numbered.text.text[behind:].strip()


@given(_BLOCKS)
def test_any_text_comes_out_storable(blocks: list[Block]) -> None:
    """The text can be encoded and has no control character but newline and tab."""
    text = number(blocks).text.text

    text.encode()
    controls = {mark for mark in text if unicodedata.category(mark) == "Cc"}
    assert controls <= {"\n", "\t"}


@given(_BLOCKS)
def test_numbering_its_own_text_again_changes_nothing(blocks: list[Block]) -> None:
    """Text that was normalised once stays as it is."""
    once = number(blocks)

    again = number([Block(once.text.text)])

    visible = once.text.text.removeprefix("\ufeff")
    assert again.text.text == (visible if visible.strip() else "")


def test_line_ends_of_all_systems_become_newlines() -> None:
    """CRLF, CR and Unicode's own separators part lines and paragraphs alike."""
    numbered = number([Block("a\r\nb\r\rc\u2029d\u2028e")])

    assert _texts(numbered) == ["a\nb", "c", "d\ne"]


def test_control_characters_are_removed_with_a_warning() -> None:
    """NUL and its kin go; newline and tab stay."""
    numbered = number([Block("a\x00b\tc\x1b[0m\nd")])

    assert numbered.text.text == "ab\tc[0m\nd"
    assert [each.code for each in numbered.warnings] == ["CONTROL_CHARACTERS_REMOVED"]
    assert numbered.warnings[0].detail.startswith("2 ")


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\U000e0041", "\u200d"]
)
def test_hidden_characters_stay_and_are_reported_with_their_paragraph(
    hidden: str,
) -> None:
    """Zero-width, bidirectional and tag characters are named, and where they stand."""
    numbered = number([Block(f"first\n\npay{hidden}ee")])

    assert hidden in numbered.text.text
    assert [each.code for each in numbered.warnings] == ["HIDDEN_CHARACTERS"]
    assert f"U+{ord(hidden):04X}" in numbered.warnings[0].detail
    assert "P2" in numbered.warnings[0].detail


@pytest.mark.parametrize("honest", ["\u06cc\u200c\u062e", "\U0001f469\u200d\U0001f4bb"])
def test_joiners_in_persian_and_emoji_are_no_hidden_characters(honest: str) -> None:
    """Joiners between letters that need them are not reported."""
    assert number([Block(honest)]).warnings == ()


def test_byte_order_mark_is_removed_without_a_warning() -> None:
    """A mark at the very start is no hidden character."""
    numbered = number([Block("\ufefftext")])

    assert numbered.text.text == "text"
    assert numbered.warnings == ()


def test_markdown_headings_stand_alone_and_name_what_follows() -> None:
    """A heading is its own paragraph even without blank lines around it."""
    numbered = _markdown("intro\n# One #\nbody\n\nTwo\n===\nmore\n\n#hashtag\n")

    assert _texts(numbered) == [
        "intro",
        "# One #",
        "body",
        "Two\n===",
        "more",
        "#hashtag",
    ]
    headings = [each.heading for each in numbered.text.paragraphs]
    assert headings == [None, None, "One", "One", "Two", "Two"]


def test_front_matter_and_rules_are_no_headings() -> None:
    """Dashes make a heading only of a single line that begins a paragraph."""
    numbered = _markdown("---\ntitle: x\n---\n\none\ntwo\n---\n\nend")

    assert [each.heading for each in numbered.text.paragraphs] == [None] * 3


def test_code_block_is_split_at_blank_lines_and_holds_no_headings() -> None:
    """A comment in code is not a heading, and the invariant beats the fence."""
    numbered = _markdown("```sh\n# not one\n\n~~~\n# nor this\n```\n# yes\nafter")

    assert _texts(numbered) == [
        "```sh\n# not one",
        "~~~\n# nor this\n```",
        "# yes",
        "after",
    ]
    assert numbered.text.paragraphs[-1].heading == "yes"


def test_plain_text_has_no_headings() -> None:
    """Marks mean nothing outside Markdown."""
    numbered = number([Block("# one\ntwo")])

    assert _texts(numbered) == ["# one\ntwo"]


def test_blocks_keep_their_page_and_heading() -> None:
    """Each paragraph knows the page it begins on and the heading block above it."""
    numbered = number([Block("Title", 1, is_heading=True), Block("a\n\nb", 2)])

    assert [(each.page, each.heading) for each in numbered.text.paragraphs] == [
        (1, None),
        (2, "Title"),
        (2, "Title"),
    ]


def test_heading_label_is_cut() -> None:
    """A heading as long as a page is still only a label of what follows."""
    numbered = _markdown(f"# {'x' * 5_000}\nbody")

    heading = numbered.text.paragraphs[1].heading
    assert heading == "x" * 200


def test_words_are_what_has_a_letter_or_digit() -> None:
    """Marks that stand alone are not words."""
    assert count_words("- It's 40 % off... -- *now*") == 4


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff\n\u2060"])
def test_space_and_hidden_characters_are_not_visible(text: str) -> None:
    """What would leave the paper blank is no text."""
    assert not is_visible(text)


def test_section_begins_without_the_heading_above() -> None:
    """A slide without a title does not go by the title of the one before."""
    blocks = [
        Block("One", is_heading=True),
        Block("a"),
        Block("b", begins_section=True),
        Block("c"),
    ]

    headings = [each.heading for each in number(blocks).text.paragraphs]

    assert headings == [None, "One", None, None]
