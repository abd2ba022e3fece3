"""Noticing a model that repeats itself."""

import pytest

from roundtable_runner.turn.loops import LoopWatch

_SENTENCE = "A security review helps us protect our data from potential threats. "


def _length_until_loop(text: str, step: int = 4) -> int | None:
    watch = LoopWatch()
    for begin in range(0, len(text), step):
        if watch.is_looping(text[begin : begin + step]):
            return begin + step
    return None


@pytest.mark.parametrize("looped", [_SENTENCE, "\n", "no, ", _SENTENCE * 3 + "But. "])
def test_a_loop_is_noticed_soon(looped: str) -> None:
    """From one character to a few sentences, within a page."""
    length = _length_until_loop("It began well. " + looped * 2_000)

    assert length is not None
    assert length < 1_500


def test_text_that_says_something_new_is_no_loop() -> None:
    """The same sentence about other figures is not the same."""
    text = "".join(f"Paragraph {number} is too vague. " for number in range(500))

    assert _length_until_loop(text) is None


def test_a_sentence_said_twice_is_no_loop() -> None:
    """People do so too."""
    assert _length_until_loop("x" * 100 + _SENTENCE * 2) is None
