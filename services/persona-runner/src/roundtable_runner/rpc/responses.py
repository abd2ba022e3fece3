"""Writes the domain's types as messages."""

from google.protobuf import duration_pb2

from roundtable.runner.v1 import turn_part_pb2
from roundtable_runner.turn.parts import (
    EndPart,
    FindingDraft,
    FindingPart,
    QuoteDraft,
    ReviewResult,
    ScoreDraft,
    TextPart,
    TurnFailure,
    TurnPart,
    TurnUsage,
)


def part_to_proto(part: TurnPart, index: int) -> turn_part_pb2.TurnPart:
    """Return a part as the message with this index."""
    match part:
        case TextPart():
            text = turn_part_pb2.TextPart(text=part.text, draft=part.draft)
            return turn_part_pb2.TurnPart(index=index, text=text)
        case FindingPart():
            finding = _finding(part.finding)
            return turn_part_pb2.TurnPart(index=index, finding=finding)
        case EndPart():
            return turn_part_pb2.TurnPart(index=index, end=_end(part))


def _end(part: EndPart) -> turn_part_pb2.EndPart:
    usage = usage_to_proto(part.usage)
    match part.outcome:
        case ReviewResult() as result:
            return turn_part_pb2.EndPart(review=_result(result), usage=usage)
        case TurnFailure() as failure:
            return turn_part_pb2.EndPart(failure=failure_to_proto(failure), usage=usage)


def _result(result: ReviewResult) -> turn_part_pb2.ReviewResult:
    return turn_part_pb2.ReviewResult(
        text=result.text,
        findings=[_finding(finding) for finding in result.findings],
        scores=[_score(score) for score in result.scores],
        overall=result.overall,
        verdict=result.verdict,
        verdict_reason=result.verdict_reason,
        not_assessed=result.not_assessed,
    )


def failure_to_proto(failure: TurnFailure) -> turn_part_pb2.TurnFailure:
    """Return why there is no answer as its message."""
    message = turn_part_pb2.TurnFailure(
        reason=failure.reason.value, detail=failure.detail
    )
    if failure.retry_delay is not None:
        delay = duration_pb2.Duration()
        delay.FromTimedelta(failure.retry_delay)
        message.retry_delay.CopyFrom(delay)
    return message


def usage_to_proto(usage: TurnUsage) -> turn_part_pb2.TurnUsage:
    """Return what was used as its message."""
    return turn_part_pb2.TurnUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cost_usd=usage.cost_usd,
    )


def _finding(finding: FindingDraft) -> turn_part_pb2.FindingDraft:
    return turn_part_pb2.FindingDraft(
        kind=finding.kind,
        title=finding.title,
        severity=finding.severity,
        criterion=finding.criterion,
        paragraph_ids=finding.paragraph_ids,
        quotes=[_quote(quote) for quote in finding.quotes],
        searched_for=finding.searched_for,
        impact=finding.impact,
        affected_reader=finding.affected_reader,
        fix=finding.fix,
        rewrite=finding.rewrite,
        fix_kind=finding.fix_kind,
        confidence=finding.confidence,
        would_change_mind_if=finding.would_change_mind_if,
    )


def _quote(quote: QuoteDraft) -> turn_part_pb2.QuoteDraft:
    return turn_part_pb2.QuoteDraft(text=quote.text, paragraph_id=quote.paragraph_id)


def _score(score: ScoreDraft) -> turn_part_pb2.ScoreDraft:
    return turn_part_pb2.ScoreDraft(
        criterion=score.criterion,
        score=score.score,
        finding_numbers=score.finding_numbers,
        rationale=score.rationale,
    )
