"""The answer as the server-sent events of the Messages API."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roundtable_rehearsal.messages import (
    Answer,
    MessagesRequest,
    message_head,
    tool_use,
)

_WORD_WITH_BLANKS = re.compile(r"\s*\S+\s*")
_PIECE_CHARACTERS = 80
# As long as it takes to say this many words, so that findings arrive one by one.
_PAUSE_AFTER_FINDING = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """An encoded event, and how many words' time to wait after it."""

    encoded: bytes
    words: int = 0


def frames(
    answer: Answer, request: MessagesRequest, *, message_id: str
) -> Iterator[Frame]:
    """Give the answer's events in the order in which the API sends them."""
    head = message_head(request, message_id=message_id)
    yield _frame("message_start", message=head)
    if answer.text:
        yield from _text_frames(answer.text)
    if answer.result is not None:
        call = tool_use(message_id)
        yield from _tool_frames(answer.result, call, index=1 if answer.text else 0)
    yield _frame(
        "message_delta",
        delta={"stop_reason": answer.stop_reason, "stop_sequence": None},
        usage={"output_tokens": answer.output_tokens},
    )
    yield _frame("message_stop")


def error_frame(kind: str, message: str) -> bytes:
    """Encode the event that ends a stream early."""
    return _frame("error", error={"type": kind, "message": message}).encoded


def _text_frames(said: str) -> Iterator[Frame]:
    text = {"type": "text", "text": ""}
    yield _frame("content_block_start", index=0, content_block=text)
    yield _frame("ping")
    for word in _WORD_WITH_BLANKS.findall(said):
        yield _delta(0, words=1, type="text_delta", text=word)
    yield _frame("content_block_stop", index=0)


def _tool_frames(
    result: dict[str, Any], call: dict[str, Any], *, index: int
) -> Iterator[Frame]:
    yield _frame("content_block_start", index=index, content_block=call)
    for section in _sections(result):
        pieces = [
            section[start : start + _PIECE_CHARACTERS]
            for start in range(0, len(section), _PIECE_CHARACTERS)
        ]
        for piece in pieces[:-1]:
            yield _delta(index, type="input_json_delta", partial_json=piece)
        yield _delta(
            index,
            words=_PAUSE_AFTER_FINDING,
            type="input_json_delta",
            partial_json=pieces[-1],
        )
    yield _frame("content_block_stop", index=index)


def _sections(result: dict[str, Any]) -> Iterator[str]:
    """Cut the result's JSON behind each finding and each field."""
    opening = "{"
    for name, value in result.items():
        opening += f"{_json(name)}:"
        if name == "findings" and value:
            for number, finding in enumerate(value):
                yield f"{opening if number == 0 else ','}{'[' * (number == 0)}" + _json(
                    finding
                )
            opening = "],"
        else:
            yield f"{opening}{_json(value)}"
            opening = ","
    yield f"{opening.removesuffix(',')}}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _delta(index: int, *, words: int = 0, **delta: str) -> Frame:
    frame = _frame("content_block_delta", index=index, delta=delta)
    return Frame(frame.encoded, words)


def _frame(event: str, **fields: Any) -> Frame:
    # ASCII: a lone surrogate from a hostile document could not be encoded otherwise.
    encoded = json.dumps({"type": event} | fields, separators=(",", ":"))
    return Frame(f"event: {event}\ndata: {encoded}\n\n".encode())
