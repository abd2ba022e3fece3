"""Reads the SDK's messages of one turn: to the sink, then a result or a failure."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from claude_agent_sdk import (
    AssistantMessage,
    Message,
    RateLimitEvent,
    ResultMessage,
    StreamEvent,
    SystemMessage,
)

from roundtable_kit.clock import Clock
from roundtable_runner.claude.failures import (
    NO_OUTPUT,
    STOP_REASON_FAILURES,
    Trouble,
    failure_of,
    failure_of_retry,
)
from roundtable_runner.turn.engine import AnswerSink, TurnFailed
from roundtable_runner.turn.fenced import NOT_THE_JSON, UNFINISHED
from roundtable_runner.turn.parts import TurnUsage


class TurnStream:
    """Takes one turn's messages in order.

    Args:
        sink: Gets what the model says.
        has_price: Whether the CLI's figures in dollars mean anything.
        clock: For how long a limit lasts.
        names_model: Whether one model was asked for, and not the account's default.
        needs_tool: Whether an answer has to call the tool; words will do otherwise.
        may_repair: Whether the CLI may ask once more for what does not fit.

    Attributes:
        has_token: Whether the model is in the middle of a message.
        result: The answer's last message once it has come.
    """

    def __init__(
        self,
        sink: AnswerSink,
        *,
        has_price: bool,
        clock: Clock,
        names_model: bool = True,
        needs_tool: bool = True,
        may_repair: bool = True,
    ) -> None:
        self.has_token = False
        self.result: ResultMessage | None = None
        self._sink = sink
        self._has_price = has_price
        self._clock = clock
        self._needs_tool = needs_tool
        self._may_repair = may_repair
        self._has_output = False
        self._messages = 0
        self._trouble = Trouble(names_model)
        self._earlier_usage = TurnUsage()
        self._usage = TurnUsage()

    @property
    def output(self) -> Any:
        """The structured output; None before the result."""
        return None if self.result is None else self.result.structured_output

    def begin_answer(self) -> None:
        """Expect an answer, the first or a further one of the same process."""
        self.has_token = False
        self.result = None
        self._messages = 0
        self._begin_message()

    def take(self, message: Message) -> None:
        """Take the next message. Raises TurnFailed when the turn ends with it."""
        match message:
            case StreamEvent(event=event):
                self._take_event(event)
            case AssistantMessage(error=str(error)):
                self._trouble = replace(self._trouble, error=error)
            case RateLimitEvent(rate_limit_info=info) if info.status == "rejected":
                resets = _moment(info.resets_at)
                self._trouble = replace(self._trouble, limit_resets=resets)
            # Without retries of ours it is the CLI's own, to renew its login.
            case SystemMessage(subtype="api_retry", data={"max_retries": 1} as data):
                raise TurnFailed(failure_of_retry(data, self._trouble))
            case ResultMessage():
                self._take_result(message)
            case _:
                pass  # what the CLI says of itself

    def _take_event(self, event: dict[str, Any]) -> None:
        match event:
            case {"type": "message_start", "message": dict(message)}:
                self._sink.begin_draft()
                self._take_start(message)
            case {"type": "content_block_delta", "delta": dict(delta)}:
                self._take_delta(delta)
            case {"type": "message_delta", "delta": {"stop_reason": str(reason)}}:
                self._note_usage(event.get("usage") or {})
                self._take_stop(reason)
            case _:
                pass  # block borders and pings

    def _begin_message(self) -> None:
        self._has_output = False
        self._earlier_usage += self._usage
        self._usage = TurnUsage()

    def _take_start(self, message: dict[str, Any]) -> None:
        self._messages += 1
        self._begin_message()
        if isinstance(model := message.get("model"), str):
            self._sink.set_model(model)
        if isinstance(usage := message.get("usage"), dict):
            self._note_usage(usage)

    def _take_delta(self, delta: dict[str, Any]) -> None:
        self.has_token = True
        match delta:
            case {"type": "text_delta", "text": str(text)}:
                self._has_output |= not self._needs_tool
                self._sink.add_text(text)
            case {"type": "input_json_delta", "partial_json": str(fragment)}:
                self._has_output = True
                self._sink.add_output(fragment)
            case _:
                pass  # thinking is off; whatever else comes is not the answer

    def _take_stop(self, reason: str) -> None:
        failure = STOP_REASON_FAILURES.get(reason)
        if reason == "max_tokens" and not self._needs_tool:
            failure = UNFINISHED
        if failure is None and not self._has_output and not self._is_repaired():
            failure = NO_OUTPUT if self._needs_tool else NOT_THE_JSON
        if failure is not None:
            raise TurnFailed(failure)
        self.has_token = False

    def _is_repaired(self) -> bool:
        # The CLI reminds the model of the tool by itself: once after words, but after
        # silence one request more than that.
        is_first = self._messages == 1 and self.has_token
        return self._needs_tool and self._may_repair and is_first

    def _take_result(self, result: ResultMessage) -> None:
        if self._messages == 0:  # else each message has told its own
            self._note_usage(result.usage or {})
        failure = failure_of(result, self._trouble, now=self._clock.now())
        if failure is NO_OUTPUT and not self._needs_tool:
            failure = None
        if failure is not None:
            raise TurnFailed(failure)
        if self._has_price and _is_priced(result):
            self._usage = TurnUsage(
                self._usage.input_tokens,
                self._usage.output_tokens,
                self._usage.cache_read_tokens,
                result.total_cost_usd,
            )
            self._sink.set_usage(self._earlier_usage + self._usage)
        self.result = result

    def _note_usage(self, usage: dict[str, Any]) -> None:
        told = {name: count for name, count in usage.items() if isinstance(count, int)}
        if {"input_tokens", "cache_read_input_tokens"} & told.keys():
            self._usage = TurnUsage(
                told.get("input_tokens", 0)
                + told.get("cache_creation_input_tokens", 0),
                told.get("output_tokens", 0),
                told.get("cache_read_input_tokens", 0),
            )
        elif "output_tokens" in told:
            self._usage = TurnUsage(
                self._usage.input_tokens,
                told["output_tokens"],
                self._usage.cache_read_tokens,
            )
        self._sink.set_usage(self._earlier_usage + self._usage)


def _is_priced(result: ResultMessage) -> bool:
    models: dict[str, Any] = dict(result.model_usage or {})
    return bool(models) and all(
        model.get("costBasis") != "unknown" for model in models.values()
    )


def _moment(unix_seconds: int | None) -> datetime | None:
    if unix_seconds is None:
        return None
    try:
        return datetime.fromtimestamp(unix_seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None  # no moment of ours; the endpoint counts in something else
