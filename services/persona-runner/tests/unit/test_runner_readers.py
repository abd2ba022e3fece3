"""Reading the answers of every kind of turn."""

from dataclasses import replace
from typing import Any

import pytest

from roundtable_runner.turn.answer import AnswerWriter
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.forms import find_form
from roundtable_runner.turn.parts import (
    AnswerResult,
    CitedSentence,
    ClusterResult,
    DiscussionResult,
    FailureReason,
    FindingRepair,
    PairAnswer,
    QuoteDraft,
    RepairResult,
    ReviewResult,
    SynthesisResult,
    TurnPart,
    TurnResult,
)
from roundtable_runner.turn.task import Task
from support.fake_timers import FakeTimers
from support.turn_requests import OUTPUTS
from support.turn_tasks import CLUSTER, DISCUSSION, REPAIR, TASKS


def _read(task: Task, output: Any, *, text: str = "") -> TurnResult:
    return find_form(task).read(output, text=text)


def _statement(**changes: Any) -> dict[str, Any]:
    (statement,) = OUTPUTS["discussion"]["statements"]
    return {**statement, **changes}


def _discussion(*statements: dict[str, Any]) -> dict[str, Any]:
    return {**OUTPUTS["discussion"], "statements": list(statements)}


def _failure(task: Task, output: Any, *, text: str = "") -> str:
    with pytest.raises(TurnFailed) as raised:
        _read(task, output, text=text)
    assert raised.value.failure.reason is FailureReason.INVALID_OUTPUT
    return raised.value.failure.detail


def test_sweep_is_a_review_without_marks_and_verdict() -> None:
    """Its findings count as its panelist's; it calls nothing good or bad."""
    result = _read(TASKS["sweep"], OUTPUTS["sweep"])

    assert isinstance(result, ReviewResult)
    assert [finding.title for finding in result.findings] == ["No source"]
    assert (result.scores, result.overall, result.verdict) == ((), None, "")
    assert result.not_assessed == ("prices",)


def test_repair_gives_words_or_takes_back() -> None:
    """Each finding is told by its number."""
    output = {
        "repairs": [
            {
                "number": 1,
                "quotes": [{"text": "100% secure", "paragraph_id": None}],
                "is_withdrawn": False,
            },
            {"number": 2, "quotes": [], "is_withdrawn": True},
        ]
    }

    assert _read(REPAIR, output) == RepairResult(
        (
            FindingRepair(1, (QuoteDraft("100% secure", None),), is_withdrawn=False),
            FindingRepair(2, (), is_withdrawn=True),
        )
    )


def test_repair_of_a_finding_that_was_not_asked_about_counts_for_nothing() -> None:
    """Two findings have no third, and the word on the second stands."""
    withdrawn = {"quotes": [], "is_withdrawn": True}

    result = _read(
        REPAIR, {"repairs": [{"number": 3, **withdrawn}, {"number": 2, **withdrawn}]}
    )

    assert result == RepairResult((FindingRepair(2, (), is_withdrawn=True),))


def test_first_of_two_answers_for_one_thing_counts() -> None:
    """A model that says it twice has said it once."""
    twice = [
        {"number": 1, "reason": "The one.", "is_same": False},
        {"number": 1, "reason": "The other.", "is_same": True},
    ]
    pairs = replace(CLUSTER, pairs=CLUSTER.pairs * 2)
    repairs = [
        {"number": 1, "quotes": [], "is_withdrawn": True},
        {"number": 1, "quotes": [], "is_withdrawn": False},
    ]
    said = _discussion(_statement(), _statement(move="concede"))

    cluster = _read(pairs, {"answers": twice})
    repair = _read(REPAIR, {"repairs": repairs})
    item = replace(DISCUSSION.items[0], item_id="I2")
    discussion = _read(replace(DISCUSSION, items=(*DISCUSSION.items, item)), said)

    assert cluster == ClusterResult((PairAnswer(1, is_same=False, reason="The one."),))
    assert isinstance(repair, RepairResult)
    assert [each.is_withdrawn for each in repair.repairs] == [True]
    assert isinstance(discussion, DiscussionResult)
    assert [each.move for each in discussion.statements] == ["add_evidence"]


def test_pair_that_was_not_asked_about_does_not_fit() -> None:
    """One pair has no second."""
    answer = {"number": 2, "reason": "", "is_same": True}

    assert "answers/0/number" in _failure(CLUSTER, {"answers": [answer]})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"item_id": "I7"}, "item_id"),
        ({"finding_id": "Z9"}, "finding_id"),
        ({"move": "shout"}, "move"),
        ({"stance": None}, "stance"),
        ({"severity": "huge"}, "severity"),
    ],
)
def test_statement_names_what_is_on_the_agenda(
    change: dict[str, Any], place: str
) -> None:
    """An item or a finding that nobody discusses can't be spoken of."""
    detail = _failure(DISCUSSION, _discussion(_statement(**change)))

    assert f"statements/0/{place}" in detail


def test_statement_on_marks_names_no_finding_and_no_severity() -> None:
    """What is absent stays absent."""
    said = _discussion(_statement(finding_id=None, severity=None, quotes=[]))

    result = _read(DISCUSSION, said, text="I hold to my mark.")

    assert isinstance(result, DiscussionResult)
    (statement,) = result.statements
    assert (statement.finding_id, statement.severity) == (None, None)
    assert (result.text, result.overall) == ("I hold to my mark.", 2)


def test_synthesis_is_told_sentence_by_sentence() -> None:
    """The ids are passed on as they are; who knows the run checks them."""
    output = {
        "sentences": [{"text": "Name the source.", "finding_ids": ["A1", "Z9"]}],
        "minority": [],
    }

    assert _read(TASKS["synthesis"], output) == SynthesisResult(
        (CitedSentence("Name the source.", ("A1", "Z9")),), ()
    )


def test_answer_is_its_prose() -> None:
    """Ids without words are no answer."""
    task = TASKS["answer"]

    result = _read(task, OUTPUTS["answer"], text="An audit.")

    assert result == AnswerResult("An audit.", ("A1",), ("P1",))
    assert "gave no answer" in _failure(task, OUTPUTS["answer"])


@pytest.mark.parametrize("kind", ["sweep", "repair", "cluster", "synthesis"])
def test_words_that_nobody_asked_for_go_nowhere(kind: str) -> None:
    """A model that talks before its answer is not shown to anybody."""
    parts: list[TurnPart] = []
    writer = AnswerWriter(
        find_form(TASKS[kind]), emit=parts.append, timers=FakeTimers()
    )
    writer.begin_draft()
    writer.add_text("Let me see.")
    writer.close()

    assert parts == []
    assert writer.text == ""


@pytest.mark.parametrize("kind", ["sweep", "answer"])
def test_endless_words_end_the_turn(kind: str) -> None:
    """Memory is bounded, whether the words are shown or not."""
    writer = AnswerWriter(
        find_form(TASKS[kind]), emit=lambda _part: None, timers=FakeTimers()
    )

    with pytest.raises(TurnFailed) as raised:
        writer.add_text("word " * 10_000)

    assert raised.value.failure.reason is FailureReason.OUTPUT_TOO_LONG
