"""Turns and what they used: the store's messages <-> the domain."""

from roundtable.store.v1 import run_pb2, turn_pb2
from roundtable_gateway.clients.document_converters import (
    time_from_proto,
    time_to_proto,
)
from roundtable_gateway.clients.enums import TURN_KINDS, TURN_STATES, VERDICTS
from roundtable_gateway.clients.finding_converters import (
    score_from_proto,
    score_to_proto,
)
from roundtable_gateway.domain.run import Turn, Usage


def turn_to_proto(turn: Turn, *, runner_address: str = "") -> turn_pb2.Turn:
    """Return the wire's form of a turn."""
    return turn_pb2.Turn(
        turn_id=turn.id,
        kind=TURN_KINDS.to_wire(turn.kind),
        panelist_id=turn.panelist_id or "",
        round=turn.round,
        attempt=turn.attempt,
        state=TURN_STATES.to_wire(turn.state),
        reason=turn.reason or "",
        text=turn.text,
        scores=[score_to_proto(score) for score in turn.scores],
        overall=turn.overall,
        verdict=VERDICTS.to_wire(turn.verdict),
        verdict_reason=turn.verdict_reason,
        not_assessed=turn.not_assessed,
        usage=usage_to_proto(turn.usage),
        runner_address=runner_address,
        start_time=time_to_proto(turn.start_time) if turn.start_time else None,
        end_time=time_to_proto(turn.end_time) if turn.end_time else None,
        draft=turn.draft,
        model=turn.model or "",
        paused_attempts=turn.paused_attempts,
        retry_time=time_to_proto(turn.retry_time) if turn.retry_time else None,
        first_paragraph_id=turn.first_paragraph_id or "",
        last_paragraph_id=turn.last_paragraph_id or "",
        question=turn.question or "",
    )


def turn_from_proto(message: turn_pb2.Turn) -> Turn:
    """Return the turn of a message."""
    return Turn(
        id=message.turn_id,
        kind=TURN_KINDS.required(message.kind),
        panelist_id=message.panelist_id or None,
        round=message.round,
        attempt=message.attempt,
        state=TURN_STATES.required(message.state),
        reason=message.reason or None,
        text=message.text,
        scores=tuple(score_from_proto(score) for score in message.scores),
        overall=message.overall if message.HasField("overall") else None,
        verdict=VERDICTS.optional(message.verdict),
        verdict_reason=message.verdict_reason,
        not_assessed=tuple(message.not_assessed),
        usage=usage_from_proto(message.usage),
        start_time=(
            time_from_proto(message.start_time)
            if message.HasField("start_time")
            else None
        ),
        end_time=(
            time_from_proto(message.end_time) if message.HasField("end_time") else None
        ),
        draft=message.draft,
        model=message.model or None,
        paused_attempts=message.paused_attempts,
        retry_time=(
            time_from_proto(message.retry_time)
            if message.HasField("retry_time")
            else None
        ),
        first_paragraph_id=message.first_paragraph_id or None,
        last_paragraph_id=message.last_paragraph_id or None,
        question=message.question or None,
    )


def usage_to_proto(usage: Usage) -> run_pb2.Usage:
    """Return the wire's form of a usage."""
    return run_pb2.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cost_usd=usage.cost_usd,
        turns=usage.turns,
    )


def usage_from_proto(message: run_pb2.Usage) -> Usage:
    """Return the usage of a message."""
    return Usage(
        input_tokens=message.input_tokens,
        output_tokens=message.output_tokens,
        cache_read_tokens=message.cache_read_tokens,
        cost_usd=message.cost_usd if message.HasField("cost_usd") else None,
        turns=message.turns,
    )
