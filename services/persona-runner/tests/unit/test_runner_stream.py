"""Reading the SDK's messages of one turn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from claude_agent_sdk import (
    AssistantMessage,
    RateLimitEvent,
    RateLimitInfo,
    ResultMessage,
    StreamEvent,
    SystemMessage,
)

from roundtable_runner.claude.stream import TurnStream
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import FailureReason, TurnUsage

_NOW = datetime(2026, 11, 1, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return _NOW

    def monotonic(self) -> float:
        return 0.0


class _Sink:
    """Keeps what it was told, in order."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.usage = TurnUsage()

    def begin_draft(self) -> None:
        self.heard.append("draft")

    def begin_output(self) -> None:
        self.heard.append("output")

    def set_model(self, model: str) -> None:
        self.heard.append(model)

    def add_text(self, text: str) -> None:
        self.heard.append(text)

    def add_output(self, fragment: str) -> None:
        self.heard.append(fragment)

    def set_usage(self, usage: TurnUsage) -> None:
        self.usage = usage


def _event(**event: Any) -> StreamEvent:
    return StreamEvent(uuid="u", session_id="s", event=event)


def _result(**fields: Any) -> ResultMessage:
    return ResultMessage(
        **{
            "subtype": "success",
            "duration_ms": 1,
            "duration_api_ms": 1,
            "is_error": False,
            "num_turns": 1,
            "session_id": "s",
            "structured_output": {"answer": 1},
            **fields,
        }
    )


def _stream(sink: _Sink, *, has_price: bool = True) -> TurnStream:
    return TurnStream(sink, has_price=has_price, clock=_Clock())


def test_words_and_output_go_to_the_sink_in_order() -> None:
    """Deltas are passed on as they come; what the CLI says of itself is not."""
    sink = _Sink()
    stream = _stream(sink)

    stream.take(SystemMessage(subtype="init", data={}))
    stream.take(_event(type="message_start", message={}))
    stream.take(
        _event(type="content_block_delta", delta={"type": "text_delta", "text": "Hi"})
    )
    stream.take(
        _event(
            type="content_block_delta",
            delta={"type": "input_json_delta", "partial_json": "{"},
        )
    )
    stream.take(_event(type="ping"))

    assert sink.heard == ["draft", "Hi", "{"]
    assert stream.has_token
    assert stream.result is None


def test_rejected_limit_tells_when_to_come_back() -> None:
    """A subscription's limit names its reset; the delay runs to it."""
    stream = _stream(_Sink())
    resets = int((_NOW + timedelta(minutes=5)).timestamp())
    limit = RateLimitInfo(status="rejected", resets_at=resets)
    stream.take(RateLimitEvent(rate_limit_info=limit, uuid="u", session_id="s"))
    stream.take(AssistantMessage(content=[], model="m", error="rate_limit"))

    with pytest.raises(TurnFailed) as raised:
        stream.take(_result(is_error=True, structured_output=None))

    failure = raised.value.failure
    assert failure.reason is FailureReason.RATE_LIMITED
    assert failure.retry_delay == timedelta(minutes=5)


@pytest.mark.parametrize("resets", [1_793_491_200_000, 2**62, -(2**62), None])
def test_limit_without_a_moment_is_a_limit_all_the_same(resets: int | None) -> None:
    """Milliseconds, nonsense or nothing: nobody knows when, and nothing breaks."""
    stream = _stream(_Sink())
    limit = RateLimitInfo(status="rejected", resets_at=resets)
    stream.take(RateLimitEvent(rate_limit_info=limit, uuid="u", session_id="s"))
    stream.take(AssistantMessage(content=[], model="m", error="rate_limit"))

    with pytest.raises(TurnFailed) as raised:
        stream.take(_result(is_error=True, structured_output=None))

    failure = raised.value.failure
    assert failure.reason is FailureReason.RATE_LIMITED
    assert failure.retry_delay is None


@pytest.mark.parametrize(
    ("has_price", "basis", "cost"),
    [(True, "list", 0.5), (True, "unknown", None), (False, "list", None)],
)
def test_price_is_told_only_where_it_is_known(
    basis: str, cost: float | None, *, has_price: bool
) -> None:
    """A guessed price, or one that nobody pays, is none."""
    sink = _Sink()

    _stream(sink, has_price=has_price).take(
        _result(
            total_cost_usd=0.5,
            model_usage={"m": {"costBasis": basis}},
            usage={"input_tokens": 7, "output_tokens": 9},
        )
    )

    assert sink.usage == TurnUsage(7, 9, 0, cost)


def _start(**usage: int) -> StreamEvent:
    return _event(type="message_start", message={"usage": usage})


def _words(text: str = "Hi") -> StreamEvent:
    return _event(
        type="content_block_delta", delta={"type": "text_delta", "text": text}
    )


def _stop(reason: str = "end_turn", **usage: int) -> StreamEvent:
    return _event(type="message_delta", delta={"stop_reason": reason}, usage=usage)


def test_words_alone_are_forgiven_once() -> None:
    """The CLI reminds the model of the tool; the second time the turn ends."""
    stream = _stream(_Sink())
    for event in (_start(), _words(), _stop(), _start(), _words()):
        stream.take(event)

    with pytest.raises(TurnFailed) as raised:
        stream.take(_stop())

    assert raised.value.failure.reason is FailureReason.INVALID_OUTPUT


@pytest.mark.parametrize(
    ("events", "may_repair"),
    [([_start()], True), ([_start(), _words()], False)],
)
def test_silence_and_a_turn_without_repair_end_at_once(
    events: list[StreamEvent], *, may_repair: bool
) -> None:
    """Nothing is asked for a second time."""
    stream = TurnStream(_Sink(), has_price=True, clock=_Clock(), may_repair=may_repair)
    for event in events:
        stream.take(event)

    with pytest.raises(TurnFailed) as raised:
        stream.take(_stop())

    assert raised.value.failure.reason is FailureReason.INVALID_OUTPUT


def test_usage_of_every_message_counts() -> None:
    """A repair is paid for, too; the result's own sum is not added to it."""
    sink = _Sink()
    stream = _stream(sink)
    for event in (
        _start(input_tokens=5, output_tokens=1),
        _words(),
        _stop(output_tokens=7),
        _start(input_tokens=6, output_tokens=1),
        _words(),
    ):
        stream.take(event)

    stream.take(_result(usage={"input_tokens": 11, "output_tokens": 8}))

    assert sink.usage == TurnUsage(11, 8)


def _announcement(**fields: Any) -> SystemMessage:
    return SystemMessage(subtype="api_retry", data={"max_retries": 1, **fields})


@pytest.mark.parametrize(
    ("status", "error", "milliseconds", "reason", "delay"),
    [
        (429, "rate_limit", 32_957, FailureReason.RATE_LIMITED, 32.957),
        (429, "rate_limit", 579, FailureReason.RATE_LIMITED, None),
        (529, "overloaded", 8_522, FailureReason.OVERLOADED, 8.522),
        (503, "server_error", 501, FailureReason.UNREACHABLE, None),
        (401, "authentication_failed", 504, FailureReason.AUTH_REQUIRED, None),
        (None, "unknown", 598, FailureReason.UNREACHABLE, None),
    ],
)
def test_announced_retry_ends_the_turn(
    status: int | None,
    error: str,
    milliseconds: int,
    reason: FailureReason,
    delay: float | None,
) -> None:
    """Its delay is the endpoint's wish where it is longer than the CLI's own."""
    with pytest.raises(TurnFailed) as raised:
        _stream(_Sink()).take(
            _announcement(error_status=status, error=error, retry_delay_ms=milliseconds)
        )

    failure = raised.value.failure
    told = failure.retry_delay and failure.retry_delay.total_seconds()
    assert (failure.reason, told) == (reason, delay)


def test_retry_of_the_clis_own_is_left_to_it() -> None:
    """With a token it asks once more after it has looked for a newer one."""
    stream = _stream(_Sink())

    stream.take(_announcement(max_retries=0, error_status=401))

    assert stream.result is None


def test_result_without_structured_output_is_invalid() -> None:
    """Success is not success while there is no structured answer."""
    with pytest.raises(TurnFailed) as raised:
        _stream(_Sink()).take(_result(structured_output=None))

    assert raised.value.failure.reason is FailureReason.INVALID_OUTPUT


def test_structured_output_ends_the_stream() -> None:
    """The result is kept for the engine."""
    stream = _stream(_Sink())

    stream.take(_result())

    assert stream.result is not None
    assert stream.result.structured_output == {"answer": 1}
