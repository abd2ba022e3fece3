"""A turn's parts as a runner sends them."""

from dataclasses import asdict
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import ParseDict

from roundtable.runner.v1 import turn_part_pb2
from roundtable_gateway.conductor.parts import (
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
    TurnResult,
)

RESULT_FIELDS: dict[type[TurnResult], str] = {
    ReviewResult: "review",
    RepairResult: "repair",
    ClusterResult: "cluster",
    DiscussionResult: "discussion",
    SynthesisResult: "synthesis",
    AnswerResult: "answer",
}


def part_to_proto(part: TurnPart) -> turn_part_pb2.TurnPart:
    """Return a part as a runner sends it."""
    match part:
        case TextPart():
            text = turn_part_pb2.TextPart(text=part.text, draft=part.draft)
            return turn_part_pb2.TurnPart(index=part.index, text=text)
        case FindingPart():
            finding = ParseDict(asdict(part.finding), turn_part_pb2.FindingDraft())
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
        failed = _failure_to_proto(part.outcome)
        return turn_part_pb2.EndPart(failure=failed, usage=usage)
    # The fields of results have the same names on both sides.
    result: dict[str, Any] = {RESULT_FIELDS[type(part.outcome)]: asdict(part.outcome)}
    end = ParseDict(result, turn_part_pb2.EndPart())
    end.usage.CopyFrom(usage)
    return end


def _failure_to_proto(failure: TurnFailure) -> turn_part_pb2.TurnFailure:
    message = turn_part_pb2.TurnFailure(reason=failure.reason)
    if failure.retry_delay is not None:
        delay = Duration()
        delay.FromTimedelta(failure.retry_delay)
        message.retry_delay.CopyFrom(delay)
    return message
