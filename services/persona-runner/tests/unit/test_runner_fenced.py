"""Reading the answer of a model that calls no tools."""

import json
from itertools import count
from typing import Any

import pytest

from roundtable_runner.turn.answer import AnswerWriter
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.fenced import (
    NO_END,
    NOT_THE_JSON,
    REPEATS_ITSELF,
    FencedAnswer,
)
from roundtable_runner.turn.forms import find_form
from roundtable_runner.turn.parts import FindingPart, TextPart, TurnPart
from support.fake_timers import FakeTimers
from support.review_tasks import review_task

_FORM = find_form(review_task())
_SCHEMA = _FORM.schema


def _finding(**changes: Any) -> dict[str, Any]:
    finding: dict[str, Any] = {
        "kind": "risk",
        "criterion": "clarity",
        "paragraph_ids": ["P1"],
        "quotes": [{"text": "as soon as possible", "paragraph_id": "P1"}],
        "searched_for": [],
        "impact": "Nobody knows when.",
        "affected_reader": "A buyer.",
        "fix": "Name the day.",
        "rewrite": None,
        "fix_kind": "choice",
        "severity": "major",
        "confidence": 80,
        "title": "No date",
        "would_change_mind_if": "A date stood elsewhere.",
    }
    return {**finding, **changes}


def _review(*findings: dict[str, Any]) -> dict[str, Any]:
    return {
        "findings": list(findings),
        "scores": [],
        "overall": 3,
        "verdict": "approve",
        "verdict_reason": "Fine.",
        "not_assessed": [],
    }


def _text(output: object, *, prose: str = "I would ask when.") -> str:
    return f"{prose}\n\n```json\n{json.dumps(output)}\n```"


class _Reader:
    """A fenced answer with a writer behind it, as in a turn."""

    def __init__(self) -> None:
        self.parts: list[TurnPart] = []
        self.writer = AnswerWriter(_FORM, emit=self.parts.append, timers=FakeTimers())
        self.answer = FencedAnswer(self.writer, _SCHEMA)

    def say(self, text: str) -> str | None:
        """Say a message in pieces; return what is asked next."""
        self.answer.begin_draft()
        for begin in range(0, len(text), 7):
            self.answer.add_text(text[begin : begin + 7])
        request = self.answer.next_request()
        self.writer.close()
        return request

    @property
    def titles(self) -> list[str]:
        """The headlines of the findings told."""
        return [
            part.finding.title for part in self.parts if isinstance(part, FindingPart)
        ]


def test_an_answer_that_fits_is_read_at_once() -> None:
    """Prose is prose, findings are told on the way, the block is the output."""
    reader = _Reader()

    request = reader.say(_text(_review(_finding())))

    assert request is None
    assert reader.answer.output == _review(_finding())
    assert reader.writer.text == "I would ask when."
    assert reader.titles == ["No date"]
    told = [part.text for part in reader.parts if isinstance(part, TextPart)]
    assert "".join(told) == reader.writer.text


def test_findings_are_told_while_the_block_is_still_open() -> None:
    """Nobody waits for the verdict to see what was found."""
    reader = _Reader()
    reader.answer.begin_draft()

    reader.answer.add_text("Hm.\n```json\n" + json.dumps(_review(_finding()))[:-60])

    assert reader.titles == ["No date"]


def test_violations_are_named_in_the_one_repair() -> None:
    """The model is told where and what, in words, and what the form is."""
    reader = _Reader()
    wrong = _finding(severity="terrible", confidence="high")
    del wrong["fix"]

    request = reader.say(_text({**_review(wrong), "note": 1}))

    assert request is not None
    assert "findings 1 severity: must be one of blocker, major, minor, note" in request
    assert "findings 1 confidence: must be integer" in request
    assert "findings 1: lacks fix" in request
    assert "the whole: holds a field that is not in the form" in request
    assert "terrible" not in request


def test_repair_keeps_the_prose_and_tells_no_finding_twice() -> None:
    """Only the block is asked for again; what stands on the page stays."""
    reader = _Reader()
    reader.say(
        _text(_review(_finding(), _finding(title="Second", severity="terrible")))
    )

    request = reader.say(
        _text(_review(_finding(), _finding(title="Second")), prose="Sorry, here it is:")
    )

    assert request is None
    assert reader.writer.text == "I would ask when."
    assert reader.titles == ["No date", "Second"]
    drafts = {part.draft for part in reader.parts if isinstance(part, TextPart)}
    assert drafts == {0}
    assert len(reader.answer.output["findings"]) == 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Looks good to me.", "there is no block of JSON"),
        ("Hm.\n```json\n{'findings': []}\n```", "no valid JSON from line 1 on"),
        ('Hm.\n```json\n{"a": ' + "[" * 1_100, "no valid JSON"),
        ("Hm.\n```json\n[]\n```", "there is no block of JSON"),
        ("Hm.\n```json\n{}\n```", "the whole: lacks findings"),
    ],
)
def test_what_is_no_such_json_is_asked_for_once_more(text: str, complaint: str) -> None:
    """Prose alone, JSON that isn't, and JSON of another kind get a second chance."""
    reader = _Reader()
    reader.answer.begin_draft()
    reader.answer.add_text(text)

    request = reader.answer.next_request()

    assert request is not None
    assert complaint in request


@pytest.mark.parametrize(
    ("prose", "told"),
    [
        ("See ```x```.", "See ```x```."),
        ("Run ```kubectl get pods```.", "Run ```kubectl get pods```."),
        ("{name} is unfilled.", "{name} is unfilled."),
        ('Hm.\n```json\n{"price": 1}\n```\nsays nothing.', "Hm."),
        ('Hm.\n{"price": 1} says nothing.', "Hm."),
    ],
)
def test_what_prose_quotes_is_not_the_answer(prose: str, told: str) -> None:
    """Code, a placeholder, even JSON of the document: the block that fits counts."""
    reader = _Reader()

    request = reader.say(_text(_review(_finding()), prose=prose))

    assert request is None
    assert reader.answer.output == _review(_finding())
    assert reader.writer.text == told
    assert reader.titles == ["No date"]


def test_an_example_behind_the_answer_changes_nothing() -> None:
    """The first block that fits is the answer, whatever follows it."""
    reader = _Reader()

    request = reader.say(_text(_review(_finding())) + '\n```json\n{"a": 1}\n```')

    assert request is None
    assert reader.answer.output == _review(_finding())


def test_second_answer_that_does_not_fit_is_the_last() -> None:
    """The turn ends as invalid, in plain words."""
    reader = _Reader()
    reader.say("Looks good to me.")

    with pytest.raises(TurnFailed) as raised:
        reader.say("As I said, it looks good to me.")

    assert raised.value.failure == NOT_THE_JSON


def test_a_draft_replaces_prose_and_block() -> None:
    """An answer that begins anew before it ended counts alone."""
    reader = _Reader()
    reader.answer.begin_draft()
    reader.answer.add_text('Wrong.\n```json\n{"findings": [')

    reader.say(_text(_review()))

    assert reader.writer.text == "I would ask when."
    assert reader.answer.output == _review()


def test_a_model_that_talks_on_behind_its_block_is_complete() -> None:
    """What it says there is read by nobody, so nobody waits for it."""
    reader = _Reader()
    reader.answer.begin_draft()
    reader.answer.add_text(_text(_review()))
    before = reader.answer.is_complete

    reader.answer.add_text("".join(f" {number}" for number in range(300)))

    assert (before, reader.answer.is_complete) == (False, True)
    assert reader.answer.next_request() is None


def test_rambling_behind_a_broken_block_is_not_repaired() -> None:
    """The process is still busy with it; a second message would only queue."""
    reader = _Reader()
    reader.answer.begin_draft()
    reader.answer.add_text("Hm.\n```json\n{oops}\n```")
    reader.answer.add_text("".join(f" {number}" for number in range(300)))

    with pytest.raises(TurnFailed) as raised:
        reader.answer.next_request()

    assert raised.value.failure == NOT_THE_JSON


@pytest.mark.parametrize("opening", ["", "```", '```json\n{"findings": ['])
def test_endless_answer_ends_the_turn(opening: str) -> None:
    """A small model that loses the thread is stopped, in prose and in the block."""
    reader = _Reader()
    reader.answer.begin_draft()
    reader.answer.add_text(opening)

    with pytest.raises(TurnFailed) as raised:  # noqa: PT012 - one of many calls
        for number in count():
            reader.answer.add_text(f"word number {number}, ")

    assert raised.value.failure == NO_END


def test_a_model_that_repeats_itself_ends_the_turn_soon() -> None:
    """Long before the longest answer that would be taken."""
    reader = _Reader()
    reader.answer.begin_draft()
    said = 0

    with pytest.raises(TurnFailed) as raised:  # noqa: PT012 - one of many calls
        for _ in range(1_000):
            reader.answer.add_text("It is very secure. ")
            said += 1

    assert raised.value.failure == REPEATS_ITSELF
    assert said < 100
