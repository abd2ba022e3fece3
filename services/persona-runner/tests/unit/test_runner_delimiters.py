"""The words between which a document stands."""

from roundtable_runner.turn.delimiters import Delimiters


def test_turns_of_a_run_draw_the_same_words() -> None:
    """So their messages begin alike, whatever word the text makes unusable."""
    delimiters = Delimiters()
    one, other = delimiters.of("run-1"), delimiters.of("run-1")

    assert [one(), one(), one()] == [other(), other(), other()]


def test_no_word_comes_twice_or_is_foreseen() -> None:
    """Another draw, run or runner has other words."""
    delimiters = Delimiters()
    draw = delimiters.of("run-1")
    words = {draw(), draw(), delimiters.of("run-2")(), Delimiters().of("run-1")()}

    assert len(words) == 4
    assert all(len(word) == 10 for word in words)
