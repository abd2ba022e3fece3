"""Writing the domain's types as messages."""

from datetime import timedelta

from roundtable_runner.rpc.responses import part_to_proto
from roundtable_runner.turn.parts import (
    EndPart,
    FailureReason,
    ReviewResult,
    TextPart,
    TurnFailure,
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
