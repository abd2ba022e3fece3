"""A turn's parts: the runner's messages -> the conductor's types."""

from datetime import timedelta

from roundtable.runner.v1 import turn_part_pb2
from roundtable_gateway.clients.result_converters import (
    answer_from_proto,
    cluster_from_proto,
    discussion_from_proto,
    finding_from_proto,
    repair_from_proto,
    review_from_proto,
    synthesis_from_proto,
)
from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingPart,
    TextPart,
    TurnFailure,
    TurnPart,
    TurnResult,
)
from roundtable_gateway.domain.run import Usage
from roundtable_kit.errors import Internal


def part_from_proto(message: turn_part_pb2.TurnPart) -> TurnPart:
    """Return the part of a message. Raises Internal for a piece not known here."""
    match message.WhichOneof("piece"):
        case "text":
            return TextPart(message.index, message.text.text, message.text.draft)
        case "finding":
            return FindingPart(message.index, finding_from_proto(message.finding))
        case "end":
            return _end_from_proto(message.index, message.end)
    raise Internal(
        "UNKNOWN_VALUE",
        "The runner sent a part that this gateway doesn't know; upgrade the gateway.",
    )


def _end_from_proto(index: int, message: turn_part_pb2.EndPart) -> EndPart:
    return EndPart(
        index=index,
        outcome=_outcome_from_proto(message),
        usage=usage_from_proto(message.usage),
    )


def _outcome_from_proto(message: turn_part_pb2.EndPart) -> TurnResult | TurnFailure:  # noqa: PLR0911 - a line a kind
    match message.WhichOneof("outcome"):
        case "review":
            return review_from_proto(message.review)
        case "repair":
            return repair_from_proto(message.repair)
        case "cluster":
            return cluster_from_proto(message.cluster)
        case "discussion":
            return discussion_from_proto(message.discussion)
        case "synthesis":
            return synthesis_from_proto(message.synthesis)
        case "answer":
            return answer_from_proto(message.answer)
        case _:
            return _failure_from_proto(message.failure)


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
