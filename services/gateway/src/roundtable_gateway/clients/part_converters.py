"""A turn's parts: the runner's messages -> the conductor's types."""

from datetime import timedelta

from roundtable.runner.v1 import turn_part_pb2
from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingDraft,
    FindingPart,
    QuoteDraft,
    ReviewResult,
    ScoreDraft,
    TextPart,
    TurnFailure,
    TurnPart,
)
from roundtable_gateway.domain.run import Usage
from roundtable_kit.errors import Internal


def part_from_proto(message: turn_part_pb2.TurnPart) -> TurnPart:
    """Return the part of a message. Raises Internal for a piece not known here."""
    match message.WhichOneof("piece"):
        case "text":
            return TextPart(message.index, message.text.text, message.text.draft)
        case "finding":
            return FindingPart(message.index, _finding_from_proto(message.finding))
        case "end":
            return _end_from_proto(message.index, message.end)
    raise Internal(
        "UNKNOWN_VALUE",
        "The runner sent a part that this gateway doesn't know; upgrade the gateway.",
    )


def _end_from_proto(index: int, message: turn_part_pb2.EndPart) -> EndPart:
    outcome = (
        _result_from_proto(message.review)
        if message.HasField("review")
        else _failure_from_proto(message.failure)
    )
    return EndPart(index=index, outcome=outcome, usage=usage_from_proto(message.usage))


def usage_from_proto(usage: turn_part_pb2.TurnUsage) -> Usage:
    """Return what one attempt used."""
    return Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cost_usd=usage.cost_usd if usage.HasField("cost_usd") else None,
    )


def _failure_from_proto(message: turn_part_pb2.TurnFailure) -> TurnFailure:
    delay: timedelta | None = None
    if message.HasField("retry_delay"):
        delay = message.retry_delay.ToTimedelta()
    return TurnFailure(message.reason or "internal", delay)


def _result_from_proto(message: turn_part_pb2.ReviewResult) -> ReviewResult:
    return ReviewResult(
        text=message.text,
        findings=tuple(map(_finding_from_proto, message.findings)),
        scores=tuple(
            ScoreDraft(
                criterion=score.criterion,
                score=score.score if score.HasField("score") else None,
                finding_numbers=tuple(score.finding_numbers),
                rationale=score.rationale,
            )
            for score in message.scores
        ),
        overall=message.overall if message.HasField("overall") else None,
        verdict=message.verdict,
        verdict_reason=message.verdict_reason,
        not_assessed=tuple(message.not_assessed),
    )


def _finding_from_proto(message: turn_part_pb2.FindingDraft) -> FindingDraft:
    return FindingDraft(
        kind=message.kind,
        title=message.title,
        severity=message.severity,
        criterion=message.criterion,
        paragraph_ids=tuple(message.paragraph_ids),
        quotes=tuple(
            QuoteDraft(
                text=quote.text,
                paragraph_id=(
                    quote.paragraph_id if quote.HasField("paragraph_id") else None
                ),
            )
            for quote in message.quotes
        ),
        searched_for=tuple(message.searched_for),
        impact=message.impact,
        affected_reader=message.affected_reader,
        fix=message.fix,
        rewrite=message.rewrite if message.HasField("rewrite") else None,
        fix_kind=message.fix_kind,
        confidence=message.confidence,
        would_change_mind_if=message.would_change_mind_if,
    )
