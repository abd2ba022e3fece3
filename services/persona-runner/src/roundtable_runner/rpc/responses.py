"""Writes the domain's types as messages."""

from google.protobuf import duration_pb2

from roundtable.runner.v1 import turn_part_pb2
from roundtable_runner.rpc.results import (
    answer_to_proto,
    cluster_to_proto,
    discussion_to_proto,
    finding_to_proto,
    repair_to_proto,
    review_to_proto,
    synthesis_to_proto,
)
from roundtable_runner.turn.parts import (
    AnswerResult,
    ClusterResult,
    DiscussionResult,
    EndPart,
    FindingPart,
    RepairResult,
    ReviewResult,
    SynthesisResult,
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
            finding = finding_to_proto(part.finding)
            return turn_part_pb2.TurnPart(index=index, finding=finding)
        case EndPart():
            return turn_part_pb2.TurnPart(index=index, end=_end(part))


def _end(part: EndPart) -> turn_part_pb2.EndPart:  # noqa: PLR0911 - one an outcome
    usage = usage_to_proto(part.usage)
    match part.outcome:
        case ReviewResult() as result:
            return turn_part_pb2.EndPart(review=review_to_proto(result), usage=usage)
        case RepairResult() as result:
            return turn_part_pb2.EndPart(repair=repair_to_proto(result), usage=usage)
        case ClusterResult() as result:
            return turn_part_pb2.EndPart(cluster=cluster_to_proto(result), usage=usage)
        case DiscussionResult() as result:
            discussion = discussion_to_proto(result)
            return turn_part_pb2.EndPart(discussion=discussion, usage=usage)
        case SynthesisResult() as result:
            synthesis = synthesis_to_proto(result)
            return turn_part_pb2.EndPart(synthesis=synthesis, usage=usage)
        case AnswerResult() as result:
            return turn_part_pb2.EndPart(answer=answer_to_proto(result), usage=usage)
        case TurnFailure() as failure:
            return turn_part_pb2.EndPart(failure=failure_to_proto(failure), usage=usage)


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
