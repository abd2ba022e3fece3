"""Writing the domain's types as messages."""

from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from roundtable_runner.rpc.responses import part_to_proto
from roundtable_runner.turn.parts import (
    AnswerResult,
    CitedSentence,
    ClusterResult,
    DiscussionResult,
    EndPart,
    FailureReason,
    FindingRepair,
    PairAnswer,
    QuoteDraft,
    RepairResult,
    ReviewResult,
    StatementDraft,
    SynthesisResult,
    TextPart,
    TurnFailure,
    TurnResult,
    TurnUsage,
)


def test_failure_tells_how_long_to_wait() -> None:
    """Reason, detail, delay and usage reach the wire."""
    failure = TurnFailure(
        FailureReason.RATE_LIMITED, "Later.", retry_delay=timedelta(seconds=90)
    )

    message = part_to_proto(EndPart(failure, TurnUsage(1, 2, 3, 0.5)), 7)

    assert message.index == 7
    assert message.end.failure.reason == "rate_limited"
    assert message.end.failure.detail == "Later."
    assert message.end.failure.retry_delay.seconds == 90
    assert message.end.usage.cost_usd == 0.5


def test_what_is_absent_stays_absent() -> None:
    """No delay, no price and no mark differ from zero."""
    result = ReviewResult(
        text="",
        findings=(),
        scores=(),
        overall=None,
        verdict="abstain",
        verdict_reason="",
        not_assessed=(),
    )
    failure = TurnFailure(FailureReason.REFUSED, "No.")

    good = part_to_proto(EndPart(result, TurnUsage()), 0).end
    bad = part_to_proto(EndPart(failure, TurnUsage()), 0).end

    assert not good.review.HasField("overall")
    assert not good.usage.HasField("cost_usd")
    assert not bad.failure.HasField("retry_delay")


def test_text_keeps_its_draft() -> None:
    """Words and draft reach the wire."""
    message = part_to_proto(TextPart("Hi", draft=2), 1)

    assert (message.text.text, message.text.draft) == ("Hi", 2)


_QUOTES = (QuoteDraft("as soon as possible", None),)


@pytest.mark.parametrize(
    ("result", "name", "told"),
    [
        (
            RepairResult((FindingRepair(2, _QUOTES, is_withdrawn=True),)),
            "repair",
            {
                "repairs": [
                    {
                        "number": 2,
                        "quotes": [{"text": "as soon as possible"}],
                        "is_withdrawn": True,
                    }
                ]
            },
        ),
        (
            ClusterResult((PairAnswer(1, is_same=True, reason="One date."),)),
            "cluster",
            {"answers": [{"number": 1, "is_same": True, "reason": "One date."}]},
        ),
        (
            SynthesisResult((CitedSentence("Name it.", ("A1",)),), ()),
            "synthesis",
            {"sentences": [{"text": "Name it.", "finding_ids": ["A1"]}]},
        ),
        (
            AnswerResult("No.", ("A1",), ("P2",)),
            "answer",
            {"text": "No.", "finding_ids": ["A1"], "paragraph_ids": ["P2"]},
        ),
    ],
)
def test_result_of_every_kind_reaches_the_wire(
    result: TurnResult, name: str, told: dict[str, Any]
) -> None:
    """Each kind has its own outcome, and nothing of it is lost."""
    end = part_to_proto(EndPart(result, TurnUsage()), 0).end

    assert end.WhichOneof("outcome") == name
    message = getattr(end, name)
    assert MessageToDict(message, preserving_proto_field_name=True) == told


def test_statement_on_marks_leaves_finding_and_severity_empty() -> None:
    """What nothing was said of is empty on the wire."""
    statement = StatementDraft(
        item_id="I1",
        finding_id=None,
        quotes=_QUOTES,
        argument="It says when.",
        move="challenge",
        stance="disagree",
        severity=None,
        changed_by=None,
    )
    result = DiscussionResult("I differ.", (statement,), None, "approve", "Fine.")

    end = part_to_proto(EndPart(result, TurnUsage()), 0).end

    (told,) = end.discussion.statements
    assert (told.finding_id, told.severity, told.changed_by) == ("", "", "")
    assert (told.item_id, told.move, told.stance) == ("I1", "challenge", "disagree")
    assert told.quotes[0].text == "as soon as possible"
    assert not end.discussion.HasField("overall")
    assert (end.discussion.text, end.discussion.verdict) == ("I differ.", "approve")
