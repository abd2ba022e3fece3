"""How each trouble of an endpoint looks in what the CLI says."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.cli_conversation import (
    OUTPUT,
    TEXT,
    Messages,
    World,
    changed,
    stream_events,
)
from support.engine_harness import token_access
from support.messages_script import Script

_RELIES = "the table of claude/failures.py telling reasons apart"
_NO_RETRY = {"CLAUDE_CODE_MAX_RETRIES": "0"}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the runner reads of a failure.

    Attributes:
        error: The last assistant message's word.
        status: The result's HTTP status.
        terminal_reason: The result's reason.
        requests: What it cost.
    """

    error: str | None
    status: int | None
    terminal_reason: str = "api_error"
    requests: int = 1


def _refusal(status: int, kind: str, message: str = "scripted") -> Script:
    return Script(status=status, error_type=kind, error_message=message)


_INVALID = "invalid_request_error"
_FAILURES = {
    "bad key": (
        _refusal(401, "authentication_error"),
        _Told("authentication_failed", 401),
    ),
    "forbidden": (
        _refusal(403, "permission_error"),
        _Told("authentication_failed", 403),
    ),
    "no credit": (
        _refusal(400, _INVALID, "Your credit balance is too low to access the API."),
        _Told("billing_error", 400),
    ),
    "unknown model": (
        _refusal(404, "not_found_error"),
        # It asks once more without streaming whether the model is really unknown.
        _Told("model_not_found", 404, requests=2),
    ),
    "bad request": (_refusal(400, _INVALID), _Told("unknown", 400)),
    "too long": (
        _refusal(400, _INVALID, "prompt is too long: 250000 tokens > 200000 maximum"),
        _Told("invalid_request", 400, "prompt_too_long"),
    ),
    "too large": (
        _refusal(413, "request_too_large"),
        _Told("invalid_request", 413, "image_error"),
    ),
    "rate limit": (_refusal(429, "rate_limit_error"), _Told("rate_limit", 429)),
    "server error": (_refusal(500, "api_error"), _Told("server_error", 500)),
    "overload": (_refusal(529, "overloaded_error"), _Told("server_error", 529)),
    "drop before the first event": (Script(drop_after=0), _Told("server_error", None)),
    "drop in the middle": (Script(drop_after=6), _Told("server_error", None)),
    "garbage": (Script(garbage_after=6), _Told("unknown", None)),
}


def _told(world: World, messages: Messages) -> _Told:
    result = messages[-1]
    errors = [m["error"] for m in messages if m["type"] == "assistant" and "error" in m]
    assert (result["type"], result["is_error"]) == ("result", True), changed(
        "Failures", f"ends one with {result}", relies="is_error (claude/failures.py)"
    )
    return _Told(
        errors[-1] if errors else None,
        result.get("api_error_status"),
        result.get("terminal_reason", ""),
        len(world.endpoint.requests),
    )


@pytest.mark.parametrize("name", _FAILURES)
async def test_failure_is_told_after_one_request(name: str) -> None:
    """With its retries off, each ends at once, in the words of the table."""
    script, expected = _FAILURES[name]
    async with World(replace(script, output=OUTPUT)) as world:
        told = _told(world, await world.one_turn(variables=_NO_RETRY))

    assert told == expected, changed(
        f"Failure ({name})", f"tells {told}", relies=_RELIES
    )


async def test_refused_connection_is_told() -> None:
    """Where nobody listens it ends at once, without a status."""
    async with ScriptedEndpoint() as gone:
        url = gone.url
    async with World() as world:
        messages = await world.one_turn(
            variables={"ANTHROPIC_BASE_URL": url, **_NO_RETRY}
        )

        told = _told(world, messages)
    assert told == _Told("server_error", None, requests=0), changed(
        "Failure (refused)", f"tells {told}", relies=_RELIES
    )


@dataclass(frozen=True, slots=True)
class _ErrorInStream(Script):
    """An error event in the middle of a stream that began well."""

    def events(self, request: Any) -> Any:
        """Yield a beginning and an error."""
        for number, event in enumerate(Script.events(self, request)):
            if number == 6:
                yield {
                    "type": "error",
                    "error": {"type": "overloaded_error", "message": "Overloaded"},
                }
                return
            yield event


async def test_error_event_in_a_stream_ends_it_at_once() -> None:
    """No second request without streaming; the event's kind becomes its status."""
    async with World(_ErrorInStream(output=OUTPUT)) as world:
        told = _told(world, await world.one_turn(variables=_NO_RETRY))

    assert told == _Told("unknown", 529), changed(
        "Failure (error event)",
        f"tells {told}",
        relies="CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK, and on the status",
    )


def _limit_headers(resets: datetime) -> dict[str, str]:
    return {
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-reset": str(int(resets.timestamp())),
        "anthropic-ratelimit-unified-representative-claim": "five_hour",
    }


async def test_limit_of_a_subscription_tells_its_reset() -> None:
    """With an OAuth token a rejected limit is an event with the moment it opens."""
    resets = datetime.now(UTC) + timedelta(hours=2)
    script = replace(_refusal(429, "rate_limit_error"), headers=_limit_headers(resets))
    async with World(script) as world:
        access = token_access(world.endpoint.url, config_dir=world.workspace.config)
        messages = await world.one_turn(access=access, variables=_NO_RETRY)
        told = _told(world, messages)

    limits = [
        (m["rate_limit_info"].get("status"), m["rate_limit_info"].get("resetsAt"))
        for m in messages
        if m["type"] == "rate_limit_event"
    ]
    assert limits[-1:] == [("rejected", int(resets.timestamp()))], changed(
        "Limit of a subscription",
        f"tells {limits}",
        relies="rate_limit_event to know when a paused run goes on (claude/stream.py)",
    )
    assert told == _Told("rate_limit", 429), changed(
        "Limit of a subscription", f"tells {told}", relies=_RELIES
    )


async def test_limit_of_a_key_tells_no_reset() -> None:
    """The same headers with a key give no event; only Retry-After helps there."""
    resets = datetime.now(UTC) + timedelta(hours=2)
    script = replace(_refusal(429, "rate_limit_error"), headers=_limit_headers(resets))
    async with World(script) as world:
        messages = await world.one_turn(variables=_NO_RETRY)

    kinds = {message["type"] for message in messages}
    assert "rate_limit_event" not in kinds, changed(
        "Limit of a key",
        "gives a rate_limit_event with a key too",
        relies="none there, and lets a key announce one retry for Retry-After",
    )


_BLUNT = {
    "token limit": (Script(stop_reason="max_tokens", calls_tool=False), "max_tokens"),
    "refusal": (Script(stop_reason="refusal", calls_tool=False), "refusal"),
}


@pytest.mark.parametrize("name", _BLUNT)
async def test_stop_reason_is_told_before_the_cli_asks_again(name: str) -> None:
    """The event comes first, so a turn can be ended before it costs more."""
    script, reason = _BLUNT[name]
    async with World(script) as world, world.open_cli() as cli:
        await cli.open()
        messages = await cli.say(TEXT)

    starts_and_ends = [
        m["event"].get("delta", {}).get("stop_reason", "start")
        for m in messages
        if m["type"] == "stream_event"
        and m["event"]["type"] in {"message_start", "message_delta"}
    ]
    assert starts_and_ends[:2] == ["start", reason], changed(
        f"Stop reason ({name})",
        f"tells {starts_and_ends}",
        relies="the stop reason ending a turn (claude/stream.py)",
    )


async def test_reaching_the_token_limit_makes_it_ask_again() -> None:
    """Left alone, the CLI sends continuations; that is why the runner kills it."""
    script = Script(stop_reason="max_tokens", calls_tool=False)
    async with World(script) as world:
        await world.one_turn()

        assert len(world.endpoint.requests) > 1, changed(
            "Token limit",
            "no longer sends continuations by itself",
            relies="nothing of it; the early end in claude/failures.py could go",
        )


async def test_words_before_a_drop_are_not_said_twice() -> None:
    """What was streamed stays, and no second message starts."""
    release = asyncio.Event()
    script = Script(hold_after=5, release=release, drop_after=6, output=OUTPUT)
    async with World(script) as world, world.open_cli(variables=_NO_RETRY) as cli:
        await cli.open()
        heard = await cli.say(TEXT, until="stream_event")
        release.set()
        heard += await cli.hear()

    assert len(stream_events(heard, "message_start")) == 1, changed(
        "Drop in the middle",
        "starts the message again",
        relies="CLAUDE_CODE_MAX_RETRIES=0 and no fallback (claude/environment.py)",
    )
