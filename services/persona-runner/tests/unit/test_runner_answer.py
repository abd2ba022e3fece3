"""Pacing words, and what an answer's writer keeps."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_runner.turn.answer import AnswerWriter, TextPacer
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.forms import find_form
from roundtable_runner.turn.parts import (
    FailureReason,
    FindingPart,
    TextPart,
    TurnPart,
)
from support.fake_timers import FakeTimers
from support.review_tasks import review_task

_FINDING: dict[str, Any] = {
    "kind": "strength",
    "criterion": "clarity",
    "paragraph_ids": [],
    "quotes": [],
    "searched_for": [],
    "impact": "",
    "affected_reader": "",
    "fix": "",
    "rewrite": None,
    "fix_kind": "choice",
    "severity": "note",
    "confidence": 1,
    "title": "Clear",
    "would_change_mind_if": "",
}


def _writer(parts: list[TurnPart], timers: FakeTimers) -> AnswerWriter:
    form = find_form(review_task())
    return AnswerWriter(form, emit=parts.append, timers=timers)


def test_first_words_are_told_at_once() -> None:
    """Nobody waits for the pace to see that the panelist speaks."""
    texts: list[str] = []

    TextPacer(texts.append, timers=FakeTimers()).push("Hello")

    assert texts == ["Hello"]


def test_words_in_between_are_told_together() -> None:
    """What comes within 50 ms is one part, told when they have passed."""
    texts: list[str] = []
    timers = FakeTimers()
    pacer = TextPacer(texts.append, timers=timers)
    pacer.push("one")
    pacer.push(" two")
    timers.advance(0.04)
    pacer.push(" three")
    before = list(texts)

    timers.advance(0.01)

    assert before == ["one"]
    assert texts == ["one", " two three"]


@given(st.lists(st.tuples(st.floats(0, 0.3), st.text(max_size=5)), max_size=60))
def test_no_second_holds_more_than_twenty_parts_and_no_letter_is_lost(
    pushes: list[tuple[float, str]],
) -> None:
    """Whatever the rhythm, the pace holds and the text is whole."""
    told: list[tuple[float, str]] = []
    timers = FakeTimers()
    pacer = TextPacer(lambda text: told.append((timers.time(), text)), timers=timers)

    for pause, text in pushes:
        timers.advance(pause)
        pacer.push(text)
    timers.advance(1)

    gaps = [b[0] - a[0] for a, b in pairwise(told)]
    assert all(gap >= 0.05 - 1e-9 for gap in gaps)
    assert "".join(text for _, text in told) == "".join(text for _, text in pushes)


def test_words_are_told_before_the_finding_that_follows_them() -> None:
    """A finding never overtakes the prose."""
    parts: list[TurnPart] = []
    writer = _writer(parts, FakeTimers())
    writer.begin_draft()
    writer.add_text("one")
    writer.add_text(" two")

    writer.add_output(json.dumps({"findings": [_FINDING]}))

    assert [type(part) for part in parts] == [TextPart, TextPart, FindingPart]


def test_close_tells_the_last_words() -> None:
    """The end comes after all that was said."""
    parts: list[TurnPart] = []
    writer = _writer(parts, FakeTimers())
    writer.begin_draft()
    writer.add_text("one")
    writer.add_text(" two")

    writer.close()

    assert parts == [TextPart("one", 0), TextPart(" two", 0)]
    assert writer.text == "one two"


def test_second_draft_replaces_the_first() -> None:
    """Only the last draft's words count; its findings are read afresh."""
    parts: list[TurnPart] = []
    writer = _writer(parts, FakeTimers())
    writer.begin_draft()
    writer.add_text("one")
    writer.add_output('{"findings": [{"ki')

    writer.begin_draft()
    writer.add_text("uno")
    writer.add_output(json.dumps({"findings": [_FINDING]}))

    assert [part.draft for part in parts if isinstance(part, TextPart)] == [0, 1]
    assert isinstance(parts[-1], FindingPart)
    assert writer.text == "uno"


@pytest.mark.parametrize("words", [(), ("",), ("\n\n",)])
def test_draft_without_words_keeps_the_prose(words: tuple[str, ...]) -> None:
    """A repair that repeats the tool's call alone wipes nothing that viewers saw."""
    parts: list[TurnPart] = []
    writer = _writer(parts, FakeTimers())
    writer.begin_draft()
    writer.add_text("one")
    writer.add_output('{"findings": [{"ki')

    writer.begin_draft()
    for text in words:
        writer.add_text(text)
    writer.add_output(json.dumps({"findings": [_FINDING]}))

    assert [part for part in parts if isinstance(part, TextPart)] == [
        TextPart("one", 0)
    ]
    assert writer.text == "one"


def test_half_characters_are_not_told() -> None:
    """What can't be encoded is replaced before it reaches the wire."""
    parts: list[TurnPart] = []
    writer = _writer(parts, FakeTimers())

    writer.add_text("a\ud83d")

    assert parts == [TextPart("a?", 0)]


def test_endless_output_ends_the_turn() -> None:
    """Memory is bounded, whatever a model sends."""
    writer = _writer([], FakeTimers())

    with pytest.raises(TurnFailed) as raised:  # noqa: PT012 - one of many calls
        for _ in range(100):
            writer.add_output(" " * 100_000)

    assert raised.value.failure.reason is FailureReason.OUTPUT_TOO_LONG
