"""Splitting prose from the block that ends it, however the text is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_runner.turn.fence import FenceSplitter

_CASES = {
    "json fence": ("Hm.\n\n```json\n{}\n```", "Hm.", "{}"),
    "bare fence": ("Hm.\n```\n{}\n```\n", "Hm.", "{}"),
    "fence behind words": ("Hm. Here: ```json {} \n```", "Hm. Here:", "{}"),
    "no closing fence": ('Hm.\n```json\n{"a": 1}', "Hm.", '{"a": 1}'),
    "text behind it": ("Hm.\n```json\n{}\n```\nThat is all. ```", "Hm.", "{}"),
    "no fence at all": ('Hm.\n\n{"a": 1}', "Hm.", '{"a": 1}'),
    "nothing but JSON": (' {"a": 1}', "", '{"a": 1}'),
    "nothing but prose": (
        "Hm. Use `x` {or y}.\nDone. ",
        "Hm. Use `x` {or y}.\nDone.",
        "",
    ),
    "fences in a string": (
        'Hm.\n```json\n{"a": "```json"}\n```',
        "Hm.",
        '{"a": "```json"}',
    ),
    "an empty block": ("Hm.\n```json\n```", "Hm.", ""),
    "nothing": ("", "", ""),
}


def _split(pieces: list[str]) -> tuple[str, str]:
    prose: list[str] = []
    block: list[str] = []
    splitter = FenceSplitter(on_prose=prose.append, on_block=block.append)
    for piece in pieces:
        splitter.feed(piece)
    splitter.close()
    return "".join(prose), "".join(block)


@pytest.mark.parametrize("name", _CASES)
@pytest.mark.parametrize("step", [1, 2, 3, 5, 1_000])
def test_prose_and_block_are_told_apart(name: str, step: int) -> None:
    """Whatever the fence looks like, and wherever a piece of the text ends."""
    text, prose, block = _CASES[name]
    pieces = [text[begin : begin + step] for begin in range(0, len(text), step)]

    split_prose, split_block = _split(pieces)

    assert (split_prose, split_block.strip()) == (prose, block)


@given(st.text(alphabet='a `\n{}"j', max_size=60), st.data())
def test_the_cut_changes_nothing(text: str, data: st.DataObject) -> None:
    """Any text splits the same in one piece and in many."""
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    borders = [0, *cuts, len(text)]
    pieces = [text[begin:end] for begin, end in pairwise(borders)]

    assert _split(pieces) == _split([text])


def test_words_are_passed_on_as_they_come() -> None:
    """Only what may yet be a fence, or the space before one, is held back."""
    prose: list[str] = []
    splitter = FenceSplitter(on_prose=prose.append, on_block=lambda _: None)

    told = []
    for piece in ("One", " two ", "three ``", "four", "\n", "``"):
        splitter.feed(piece)
        told.append("".join(prose))

    assert told == [
        "One",
        "One two",
        "One two three",
        "One two three ``four",
        "One two three ``four",
        "One two three ``four",
    ]


def test_what_comes_behind_the_block_is_counted() -> None:
    """So that a model that talks on can be stopped."""
    splitter = FenceSplitter(on_prose=lambda _: None, on_block=lambda _: None)

    splitter.feed("```json\n{}\n```" + "x" * 30)

    assert splitter.dropped_characters == 30
