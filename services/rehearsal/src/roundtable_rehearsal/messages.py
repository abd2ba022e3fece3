"""Anthropic's Messages API as this engine needs it: requests in, answers out."""

import json
from dataclasses import dataclass
from typing import Any

from roundtable_rehearsal.output_schema import fit
from roundtable_rehearsal.reading import read_turn
from roundtable_rehearsal.turns import write_reply

OUTPUT_TOOL = "StructuredOutput"

_CHARACTERS_PER_TOKEN = 4


class InvalidRequestError(ValueError):
    """The body is not a Messages request; the text says why and quotes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesRequest:
    """What a Messages request says that matters here."""

    model: str
    is_stream: bool
    last_user_text: str
    output_schema: dict[str, Any] | None
    has_output: bool
    input_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine says: text, the output tool's input if it calls it, or both."""

    text: str
    result: dict[str, Any] | None = None

    @property
    def output_tokens(self) -> int:
        """Estimate the answer's tokens."""
        result = _json(self.result) if self.result is not None else ""
        return _tokens(len(self.text) + len(result))

    @property
    def stop_reason(self) -> str:
        """Name the reason why the answer ends."""
        return "end_turn" if self.result is None else "tool_use"


def read_request(body: bytes) -> MessagesRequest:
    """Read a request's body.

    Raises:
        InvalidRequestError: It is not JSON, or lacks what every request has.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("The request body is not valid JSON.") from error
    match request:
        case {"model": str(model), "messages": [_, *_] as messages}:
            return MessagesRequest(
                model=model,
                is_stream=request.get("stream") is True,
                last_user_text=_last_user_text(messages),
                output_schema=_output_schema(request.get("tools")),
                has_output=_has_output(messages),
                input_tokens=_input_tokens(request),
            )
    raise InvalidRequestError("A request needs a model and at least one message.")


def answer(request: MessagesRequest) -> Answer:
    """Answer a request: a turn where there is a seat, else a word that it is alive.

    Raises:
        TurnError: The turn is not one that rules can answer.
    """
    if request.has_output:
        return Answer(text="The rehearsal has given its answer.")
    turn = read_turn(request.last_user_text)
    if turn is None:
        return Answer(text="OK (rehearsal)")
    reply = write_reply(turn)
    if request.output_schema is None:
        fenced = json.dumps(reply.result, ensure_ascii=False, indent=1)
        block = f"```json\n{fenced}\n```"
        return Answer(text=f"{reply.prose}\n\n{block}" if reply.prose else block)
    return Answer(text=reply.prose, result=fit(reply.result, request.output_schema))


def whole_message(
    answered: Answer, request: MessagesRequest, *, message_id: str
) -> bytes:
    """Encode the answer to a request that did not ask for a stream."""
    content: list[dict[str, Any]] = []
    if answered.text:
        content.append({"type": "text", "text": answered.text})
    if answered.result is not None:
        content.append(tool_use(message_id) | {"input": answered.result})
    message = message_head(request, message_id=message_id) | {
        "content": content,
        "stop_reason": answered.stop_reason,
        "usage": usage(request, output_tokens=answered.output_tokens),
    }
    return _json(message).encode()


def message_head(request: MessagesRequest, *, message_id: str) -> dict[str, Any]:
    """Give a message that has no content yet."""
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage(request, output_tokens=1),
    }


def tool_use(message_id: str) -> dict[str, Any]:
    """Give the output tool's call, its input still empty."""
    tool_id = f"toolu_{message_id.removeprefix('msg_')}"
    return {"type": "tool_use", "id": tool_id, "name": OUTPUT_TOOL, "input": {}}


def usage(request: MessagesRequest, *, output_tokens: int) -> dict[str, int]:
    """Give the usage block; both figures are estimates by characters."""
    return {
        "input_tokens": request.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
    }


def _json(value: Any) -> str:
    # ASCII: a lone surrogate from a hostile document could not be encoded otherwise.
    return json.dumps(value, separators=(",", ":"))


def _tokens(characters: int) -> int:
    return max(1, characters // _CHARACTERS_PER_TOKEN)


def _input_tokens(request: dict[str, Any]) -> int:
    counted = (request.get(name) for name in ("system", "messages", "tools"))
    return _tokens(sum(_characters(part) for part in counted))


def _characters(value: Any) -> int:
    match value:
        case str():
            return len(value)
        case list():
            return sum(_characters(item) for item in value)
        case dict():
            return sum(len(key) + _characters(item) for key, item in value.items())
    return 0


def _last_user_text(messages: list[Any]) -> str:
    for message in reversed(messages):
        match message:
            case {"role": "user", "content": str(text)}:
                return text
            case {"role": "user", "content": list(blocks)}:
                return "\n".join(
                    block["text"]
                    for block in blocks
                    if _is_block(block, "text") and isinstance(block.get("text"), str)
                )
    return ""


def _output_schema(tools: Any) -> dict[str, Any] | None:
    for tool in tools if isinstance(tools, list) else ():
        match tool:
            case {"name": "StructuredOutput", "input_schema": dict(schema)}:
                return schema
    return None


def _has_output(messages: list[Any]) -> bool:
    """Whether the output tool was called before and its result has come back."""
    blocks = [
        block
        for message in messages
        if isinstance(message, dict) and isinstance(message.get("content"), list)
        for block in message["content"]
    ]
    called = [
        block.get("id")
        for block in blocks
        if _is_block(block, "tool_use") and block.get("name") == OUTPUT_TOOL
    ]
    return any(
        _is_block(block, "tool_result") and block.get("tool_use_id") in called
        for block in blocks
    )


def _is_block(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind
