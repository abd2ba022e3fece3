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
    "an empty block": ("Hm.\n```json\n```", "Hm.\n```json\n```", ""),
    "quoted code": (
        "See ```x``` and\n```kubectl get pods```.\n```json\n{}\n```",
        "See ```x``` and\n```kubectl get pods```.",
        "{}",
    ),
    "a line with a brace": (
        "{name} is unfilled.\n{x}\n```json\n{}\n```",
        "{name} is unfilled.\n{x}",
        "{}",
    ),
    "a fence of four": ("Hm.\n````json\n{}\n````", "Hm.", "{}"),
    "an endless info word": ("Hm.\n```" + "a" * 99, "Hm.\n```" + "a" * 99, ""),
    "nothing": ("", "", ""),
}


def _split(pieces: list[str], *, takes_first: bool = True) -> tuple[str, ...]:
    """Return the prose and every block."""
    prose: list[str] = []
    blocks = [""]

    def take_block(text: str) -> None:
        blocks[-1] += text

    def close_block() -> bool:
        if not takes_first:
            blocks.append("")
        return takes_first

    splitter = FenceSplitter(
        on_prose=prose.append,
        on_block=take_block,
        on_closed=close_block,
    )
    for piece in pieces:
        splitter.feed(piece)
    splitter.close()
    return "".join(prose), *blocks


@pytest.mark.parametrize("name", _CASES)
@pytest.mark.parametrize("step", [1, 2, 3, 5, 1_000])
def test_prose_and_block_are_told_apart(name: str, step: int) -> None:
    """Whatever the fence looks like, and wherever a piece of the text ends."""
    text, prose, block = _CASES[name]
    pieces = [text[begin : begin + step] for begin in range(0, len(text), step)]

    split_prose, split_block = _split(pieces)

    assert (split_prose, split_block.strip()) == (prose, block)


@pytest.mark.parametrize("step", [1, 2, 3, 5, 1_000])
def test_another_block_is_found_where_the_first_is_not_the_one(step: int) -> None:
    """With a fence or without, closed or not; what stands between is dropped."""
    text = (
        'Hm.\n{"a": 1} is one.\n```json\n{"b": 2}\n```\nOr ```js {"c": 3}\n```'
        '\n{"d": 4}\nend'
    )
    pieces = [text[begin : begin + step] for begin in range(0, len(text), step)]

    prose, *blocks = _split(pieces, takes_first=False)

    assert prose == "Hm."
    assert blocks == ['{"a": 1} is one.', '{"b": 2}', '{"c": 3}', '{"d": 4}\nend']


@given(
    text=st.text(alphabet='a `\n{}"j', max_size=60),
    takes_first=st.booleans(),
    data=st.data(),
)
def test_the_cut_changes_nothing(
    *, text: str, takes_first: bool, data: st.DataObject
) -> None:
    """Any text splits the same in one piece and in many."""
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    borders = [0, *cuts, len(text)]
    pieces = [text[begin:end] for begin, end in pairwise(borders)]

    assert _split(pieces, takes_first=takes_first) == _split(
        [text], takes_first=takes_first
    )


def test_words_are_passed_on_as_they_come() -> None:
    """Only what may yet be a fence, or the space before one, is held back."""
    prose: list[str] = []
    splitter = FenceSplitter(
        on_prose=prose.append, on_block=lambda _: None, on_closed=lambda: True
    )

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
    splitter = FenceSplitter(
        on_prose=lambda _: None, on_block=lambda _: None, on_closed=lambda: True
    )

    splitter.feed("```json\n{}\n```" + "x" * 30)

    assert splitter.dropped_characters == 30
