"""The Messages API on the wire: shapes, stream, authentication, errors."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from httpx_sse import aconnect_sse
from jsonschema import Draft202012Validator

Compose = Callable[..., str]

_TEXT = "Acme Shield is an unhackable vault. TBD: name the customer of the month."


def _request(
    message: str, schema: dict[str, Any] | None, **more: Any
) -> dict[str, Any]:
    tools = [{"name": "StructuredOutput", "input_schema": schema}] if schema else []
    content = [{"type": "text", "text": message}]
    return {
        "model": "any-model",
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": content}],
        "tools": tools,
    } | more


async def _stream(
    client: httpx.AsyncClient, request: dict[str, Any]
) -> list[dict[str, Any]]:
    events = []
    async with aconnect_sse(
        client, "POST", "/v1/messages?beta=true", json=request | {"stream": True}
    ) as source:
        async for event in source.aiter_sse():
            parsed = json.loads(event.data)
            assert parsed["type"] == event.event
            events.append(parsed)
    return events


def _deltas(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in events if event["type"] == "content_block_delta"]


async def test_stream_has_the_apis_events_in_the_apis_order(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """Prose comes first, then the tool call, each block opened and closed."""
    request = _request(turn_message(_TEXT), review_schema)

    events = await _stream(client, request)

    kinds = [event["type"] for event in events]
    without_repeats = [
        kind
        for kind, before in zip(kinds, [None, *kinds], strict=False)
        if kind != before
    ]
    assert without_repeats == [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_stop",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert events[0]["message"]["usage"]["input_tokens"] > 100
    assert events[-2]["delta"]["stop_reason"] == "tool_use"
    assert events[-2]["usage"]["output_tokens"] > 100


async def test_streamed_pieces_add_up_to_the_result(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """The JSON pieces are short, and joined they fit the request's schema."""
    request = _request(turn_message(_TEXT), review_schema)

    events = await _stream(client, request)

    deltas = [event["delta"] for event in events if "delta" in event]
    pieces = [delta["partial_json"] for delta in deltas if "partial_json" in delta]
    prose = "".join(delta.get("text", "") for delta in deltas)
    assert max(len(piece) for piece in pieces) <= 100
    result = json.loads("".join(pieces))
    Draft202012Validator(review_schema).validate(result)
    assert len(result["findings"]) >= 2
    assert prose.startswith("This is a rehearsal")


async def test_whole_message_says_the_same_as_the_stream(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """Without `stream` the same content comes in one object."""
    request = _request(turn_message(_TEXT), review_schema)
    events = await _stream(client, request)

    response = await client.post("/v1/messages", json=request)

    message = response.json()
    text, call = message["content"]
    deltas = [event["delta"] for event in events if "delta" in event]
    assert text["text"] == "".join(delta.get("text", "") for delta in deltas)
    assert call["input"] == json.loads(
        "".join(delta.get("partial_json", "") for delta in deltas)
    )
    assert message["stop_reason"] == "tool_use"
    assert message["model"] == "any-model"


async def test_without_the_tool_the_result_is_a_fenced_block(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """An endpoint without tools gets prose and then one JSON block."""
    response = await client.post(
        "/v1/messages", json=_request(turn_message(_TEXT), None)
    )

    [block] = response.json()["content"]
    prose, _, fenced = block["text"].partition("\n\n```json\n")
    Draft202012Validator(review_schema).validate(
        json.loads(fenced.removesuffix("\n```"))
    )
    assert prose.startswith("This is a rehearsal")
    assert response.json()["stop_reason"] == "end_turn"


async def test_fields_that_the_schema_has_no_place_for_are_left_out(
    client: httpx.AsyncClient, turn_message: Compose
) -> None:
    """The request's schema decides which fields are sent, through references too."""
    schema = {
        "type": "object",
        "properties": {"verdict": {}, "findings": {"items": {"$ref": "#/$defs/F"}}},
        "required": ["verdict"],
        "$defs": {"F": {"properties": {"title": {}}}},
    }

    response = await client.post(
        "/v1/messages", json=_request(turn_message(_TEXT), schema)
    )

    result = response.json()["content"][1]["input"]
    assert list(result) == ["verdict", "findings"]
    assert {tuple(finding) for finding in result["findings"]} == {("title",)}


async def test_schema_of_another_kind_of_turn_is_refused(
    client: httpx.AsyncClient, turn_message: Compose
) -> None:
    """A required field that a review does not have is named in a 400."""
    schema = {"properties": {"stance": {}}, "required": ["stance"]}

    response = await client.post(
        "/v1/messages", json=_request(turn_message(_TEXT), schema)
    )

    assert response.status_code == 400
    assert "'stance'" in response.json()["error"]["message"]


async def test_kind_without_prose_is_the_tools_call_alone(
    client: httpx.AsyncClient,
    turn_message: Compose,
    schemas: dict[str, dict[str, Any]],
) -> None:
    """A sweep has one block, whole and as a stream, and no empty text before it."""
    request = _request(turn_message(_TEXT, kind="sweep"), schemas["sweep"])

    events = await _stream(client, request)
    response = await client.post("/v1/messages", json=request)

    [call] = response.json()["content"]
    pieces = [event["delta"].get("partial_json", "") for event in _deltas(events)]
    assert call["type"] == "tool_use"
    assert json.loads("".join(pieces)) == call["input"]
    assert {event["index"] for event in _deltas(events)} == {0}
    Draft202012Validator(schemas["sweep"]).validate(call["input"])


async def test_kind_without_prose_is_a_fenced_block_alone(
    client: httpx.AsyncClient, turn_message: Compose
) -> None:
    """An endpoint without tools gets nothing before the block."""
    message = turn_message(_TEXT, kind="sweep")

    response = await client.post("/v1/messages", json=_request(message, None))

    [block] = response.json()["content"]
    assert block["text"].startswith("```json\n{")


async def test_material_that_breaks_its_contract_is_an_invalid_request(
    client: httpx.AsyncClient, material_message: Compose
) -> None:
    """The field is named, what stood there is not."""
    message = material_message("cluster", {"pairs": [{"number": "secret"}]})

    response = await client.post("/v1/messages", json=_request(message, None))

    assert response.status_code == 400
    assert "'number'" in response.json()["error"]["message"]
    assert "secret" not in response.text


async def test_control_is_answered_like_a_seat(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """The generalist beside the panel is reviewed by the same rules."""
    message = turn_message(_TEXT, kind="control", criteria=["security", "clarity"])

    response = await client.post("/v1/messages", json=_request(message, review_schema))

    result = response.json()["content"][1]["input"]
    assert result["verdict"] == "request_changes"


async def test_second_request_of_a_turn_ends_politely(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """After the tool's result there is nothing more to say."""
    request = _request(turn_message(_TEXT), review_schema)
    call = {"type": "tool_use", "id": "t1", "name": "StructuredOutput", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "ok"}
    request["messages"] += [
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]

    response = await client.post("/v1/messages", json=request)

    assert [block["type"] for block in response.json()["content"]] == ["text"]
    assert response.json()["stop_reason"] == "end_turn"


async def test_tokens_are_counted_by_characters(
    client: httpx.AsyncClient, turn_message: Compose
) -> None:
    """The estimate grows with the text."""
    short = _request(turn_message("a"), None)
    long = _request(turn_message("a" * 4000), None)

    counts = [
        (await client.post("/v1/messages/count_tokens", json=request)).json()
        for request in (short, long)
    ]

    assert counts[1]["input_tokens"] - counts[0]["input_tokens"] in {999, 1000}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-api-key": "wrong"}, 401),
        ({"x-api-key": "made-up-ke\u00fd"}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer made-up-key"}, 200),
        ({"x-api-key": "made-up-key"}, 200),
    ],
)
async def test_only_the_key_opens(
    headers: dict[str, str], status: int, served: Any
) -> None:
    """A missing or wrong key gets the API's authentication error."""
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with httpx.AsyncClient(base_url=served.url) as client:
        response = await client.post(
            "/v1/messages", json=_request("Reply with OK", None), headers=encoded
        )

    assert response.status_code == status
    if status == 401:
        assert response.json()["error"]["type"] == "authentication_error"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"model": "m", "messages": []}',
        b"[" * 100_000,
        b"\xff",
    ],
)
async def test_malformed_body_is_an_invalid_request(
    body: bytes, client: httpx.AsyncClient
) -> None:
    """What is no Messages request is refused in the API's error form."""
    response = await client.post("/v1/messages", content=body)

    assert response.status_code == 400
    assert response.json()["type"] == "error"
    assert response.json()["error"]["type"] == "invalid_request_error"


async def test_too_large_a_body_is_refused(client: httpx.AsyncClient) -> None:
    """Reading stops at the limit."""
    response = await client.post("/v1/messages", content=b" " * (33 * 1024 * 1024))

    assert response.status_code == 413
    assert response.json()["error"]["type"] == "request_too_large"


async def test_root_is_harmless_and_other_paths_are_not_found(
    client: httpx.AsyncClient,
) -> None:
    """The CLI's preconnect gets an answer; anything else an error in form."""
    statuses = [
        (await client.head("/")).status_code,
        (await client.get("/")).status_code,
        (await client.get("/v1/other")).status_code,
        (await client.get("/v1/messages")).status_code,
    ]

    assert statuses == [200, 200, 404, 405]


async def test_hostile_text_is_answered(
    client: httpx.AsyncClient, turn_message: Compose, review_schema: dict[str, Any]
) -> None:
    """Lone surrogates, controls and nulls come through without an error."""
    message = turn_message("\ud800 TBD \x00 and the \udfff \u2028 end of it.")
    body = json.dumps(_request(message, review_schema, stream=True))

    response = await client.post("/v1/messages", content=body.encode())

    assert response.status_code == 200
    assert "message_stop" in response.text


async def test_long_document_does_not_hold_up_others(
    client: httpx.AsyncClient, turn_message: Compose
) -> None:
    """While rules read two megabytes, a short request is answered."""
    long = _request(turn_message("It is the best of the many. " * 70_000), None)
    reading = asyncio.create_task(client.post("/v1/messages", json=long, timeout=50))
    while not reading.done():
        short = await client.post(
            "/v1/messages", json=_request("Reply with OK", None), timeout=50
        )
        if short.status_code == 200:
            break

    assert not reading.done()
    assert (await reading).status_code == 200


async def test_pace_is_kept(serve: Callable[..., Any], turn_message: Compose) -> None:
    """Words come one by one at the pace that was asked for."""
    request = _request("Reply with OK", None, stream=True)
    loop = asyncio.get_running_loop()
    async with serve(words_per_second=10) as served:
        headers = {"x-api-key": "made-up-key"}
        async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
            start = loop.time()
            response = await client.post("/v1/messages", json=request)
            seconds = loop.time() - start

    assert response.text.count("text_delta") == 2
    assert seconds >= 0.2
