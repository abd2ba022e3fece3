"""What the scriptable endpoint answers to one request of the Messages API."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from support.review_answer import system_text, user_text
from support.scripted_answer import answer_of

# About what the tokenizers of large models make of English.
CHARACTERS_PER_TOKEN = 4

_WORDS = (
    "Reading this as your toughest reviewer, I see claims that want proof and one"
    " sentence that I would sign today."
)


@dataclass(frozen=True, slots=True)
class Script:
    """One answer, from the happy one (all defaults) to every kind of trouble.

    Attributes:
        prose: What is said before the structured output; None says nothing.
        output: The structured output; None computes it of the request.
        answer: Computes it; a valid one, unless another is given.
        raw_output: Sent in place of the output's JSON, for JSON that isn't.
        is_fenced: Sends the output as a fenced block behind the prose, as a model does
            that calls no tools.
        behind: Said behind that block.
        calls_tool: Whether the structured output is sent at all.
        stop_reason: Why the message ends; None picks tool_use or end_turn.
        first_token_seconds: Wait before the first event.
        tokens_per_second: Pace of the deltas, each taken for a token unless tokens are
            counted; None sends them at once.
        counts_tokens: Tells what the request and the answer came to at
            `CHARACTERS_PER_TOKEN`, with nothing cached, rather than fixed figures.
        status: Another HTTP status than 200 answers with an error and no stream.
        error_type: Type of that error.
        error_message: Text of that error.
        headers: Further headers of the answer.
        drop_after: Number of events after which the connection is torn.
        stall_after: Number of events after which nothing more comes, ever.
        hold_after: Number of events after which `release` is waited for.
        release: Lets a held answer go on; without `hold_after` it is held from the
            start.
        garbage_after: Number of events after which bytes follow that are no events.
        repeats_message_start: Starts the message a second time after the prose.
        characters_per_delta: Length of the pieces of the output's JSON.
    """

    prose: str | None = _WORDS
    output: object = None
    answer: Callable[[Mapping[str, Any]], object] = answer_of
    raw_output: str | None = None
    is_fenced: bool = False
    behind: str = ""
    calls_tool: bool = True
    stop_reason: str | None = None
    first_token_seconds: float = 0.0
    tokens_per_second: float | None = None
    counts_tokens: bool = False
    status: int = 200
    error_type: str = "api_error"
    error_message: str = "scripted error"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop_after: int | None = None
    stall_after: int | None = None
    hold_after: int | None = None
    release: asyncio.Event | None = None
    garbage_after: int | None = None
    repeats_message_start: bool = False
    characters_per_delta: int = 60

    def events(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the stream's events in order."""
        events = self._events(request)
        return _counted(events, request) if self.counts_tokens else events

    def pause_seconds(self, event: Mapping[str, Any]) -> float:
        """Return how long the answer's pace waits behind an event."""
        if self.tokens_per_second is None or event["type"] != "content_block_delta":
            return 0.0
        tokens = len(_said(event)) / CHARACTERS_PER_TOKEN if self.counts_tokens else 1
        return tokens / self.tokens_per_second

    def _events(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if self.is_fenced:
            yield from self._fenced_events(request)
            return
        yield _message_start(request)
        index = 0
        if self.prose is not None:
            yield from _text_block(index, self.prose)
            index += 1
        if self.repeats_message_start:
            yield _message_start(request)
            index = 0
            yield from _text_block(index, self.prose or _WORDS)
            index += 1
        if self.calls_tool:
            output_json = self._output_json(request)
            yield from _tool_block(index, output_json, self.characters_per_delta)
        stop_reason = self.stop_reason or (
            "tool_use" if self.calls_tool else "end_turn"
        )
        yield from _message_end(stop_reason)

    def _fenced_events(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        prose = "" if self.prose is None else f"{self.prose}\n\n"
        text = f"{prose}```json\n{self._output_json(request)}\n```{self.behind}"
        yield _message_start(request)
        yield from _text_block(0, text, step=self.characters_per_delta)
        yield from _message_end(self.stop_reason or "end_turn")

    def _output_json(self, request: Mapping[str, Any]) -> str:
        output = self.answer(request) if self.output is None else self.output
        return self.raw_output or json.dumps(output)

    def error_body(self) -> dict[str, Any]:
        """Return the body that goes with an error status."""
        return {
            "type": "error",
            "error": {"type": self.error_type, "message": self.error_message},
        }


def _counted(
    events: Iterable[dict[str, Any]], request: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the events with the tokens that were really asked and said."""
    said = 0.0
    for event in events:
        match event["type"]:
            case "message_start":
                usage = {"input_tokens": _count(_asked(request)), "output_tokens": 1}
                yield {**event, "message": {**event["message"], "usage": usage}}
            case "message_delta":
                yield {**event, "usage": {"output_tokens": ceil(said)}}
            case _:
                said += len(_said(event)) / CHARACTERS_PER_TOKEN
                yield event


def _asked(request: Mapping[str, Any]) -> str:
    """Return all that a model reads of a request, its tools included."""
    tools = json.dumps(request.get("tools", []))
    return "".join((system_text(request), user_text(request), tools))


def _said(event: Mapping[str, Any]) -> str:
    delta = event.get("delta", {})
    text: str = delta.get("text") or delta.get("partial_json") or ""
    return text


def _count(text: str) -> int:
    return ceil(len(text) / CHARACTERS_PER_TOKEN)


def _message_start(request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "message_start",
        "message": {
            "id": "msg_scripted",
            "type": "message",
            "role": "assistant",
            "model": request.get("model", "scripted"),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {
                "input_tokens": 1000,
                "cache_creation_input_tokens": 20,
                "cache_read_input_tokens": 300,
                "output_tokens": 1,
            },
        },
    }


def _message_end(stop_reason: str) -> Iterator[dict[str, Any]]:
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": stop_reason, "stop_sequence": None},
        "usage": {"output_tokens": 321},
    }
    yield {"type": "message_stop"}


def _text_block(
    index: int, text: str, *, step: int | None = None
) -> Iterator[dict[str, Any]]:
    yield {
        "type": "content_block_start",
        "index": index,
        "content_block": {"type": "text", "text": ""},
    }
    for piece in _words(text) if step is None else _pieces(text, step):
        yield _delta(index, {"type": "text_delta", "text": piece})
    yield {"type": "content_block_stop", "index": index}


def _tool_block(index: int, output_json: str, step: int) -> Iterator[dict[str, Any]]:
    yield {
        "type": "content_block_start",
        "index": index,
        "content_block": {
            "type": "tool_use",
            "id": "toolu_scripted",
            "name": "StructuredOutput",
            "input": {},
        },
    }
    for piece in _pieces(output_json, step):
        yield _delta(index, {"type": "input_json_delta", "partial_json": piece})
    yield {"type": "content_block_stop", "index": index}


def _words(text: str) -> Iterator[str]:
    *words, last = text.split(" ")
    yield from (word + " " for word in words)
    yield last


def _pieces(text: str, step: int) -> Iterator[str]:
    return (text[begin : begin + step] for begin in range(0, len(text), step))


def _delta(index: int, delta: dict[str, Any]) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}
