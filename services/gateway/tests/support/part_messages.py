"""A turn's parts as a runner sends them."""

from google.protobuf.duration_pb2 import Duration

from roundtable.runner.v1 import turn_part_pb2
from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingDraft,
    FindingPart,
    ReviewResult,
    TextPart,
    TurnFailure,
    TurnPart,
)


def part_to_proto(part: TurnPart) -> turn_part_pb2.TurnPart:
    """Return a part as a runner sends it."""
    match part:
        case TextPart():
            text = turn_part_pb2.TextPart(text=part.text, draft=part.draft)
            return turn_part_pb2.TurnPart(index=part.index, text=text)
        case FindingPart():
            finding = _draft_to_proto(part.finding)
            return turn_part_pb2.TurnPart(index=part.index, finding=finding)
        case EndPart():
            return turn_part_pb2.TurnPart(index=part.index, end=_end_to_proto(part))


def _end_to_proto(part: EndPart) -> turn_part_pb2.EndPart:
    usage = turn_part_pb2.TurnUsage(
        input_tokens=part.usage.input_tokens,
        output_tokens=part.usage.output_tokens,
        cache_read_tokens=part.usage.cache_read_tokens,
        cost_usd=part.usage.cost_usd,
    )
    if isinstance(part.outcome, TurnFailure):
        delay = None
        if part.outcome.retry_delay is not None:
            delay = Duration()
            delay.FromTimedelta(part.outcome.retry_delay)
        failed = turn_part_pb2.TurnFailure(
            reason=part.outcome.reason, retry_delay=delay
        )
        return turn_part_pb2.EndPart(failure=failed, usage=usage)
    assert isinstance(part.outcome, ReviewResult)
    result = part.outcome
    return turn_part_pb2.EndPart(
        review=turn_part_pb2.ReviewResult(
            text=result.text,
            findings=map(_draft_to_proto, result.findings),
            scores=[
                turn_part_pb2.ScoreDraft(
                    criterion=score.criterion,
                    score=score.score,
                    finding_numbers=score.finding_numbers,
                    rationale=score.rationale,
                )
                for score in result.scores
            ],
            overall=result.overall,
            verdict=result.verdict,
            verdict_reason=result.verdict_reason,
            not_assessed=result.not_assessed,
        ),
        usage=usage,
    )


def _draft_to_proto(finding: FindingDraft) -> turn_part_pb2.FindingDraft:
    fields = {name: getattr(finding, name) for name in finding.__slots__}
    fields["quotes"] = [
        turn_part_pb2.QuoteDraft(text=quote.text, paragraph_id=quote.paragraph_id)
        for quote in finding.quotes
    ]
    return turn_part_pb2.FindingDraft(**fields)
