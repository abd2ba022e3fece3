"""Every way in which an endpoint fails has its reason."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from roundtable.runner.v1 import turn_service_pb2
from roundtable_runner.turn.parts import FailureReason, TurnFailure
from support.anthropic_endpoint import ScriptedEndpoint
from support.engine_harness import review_with, token_access
from support.messages_script import Script
from support.processes import cli_children
from support.review_tasks import review_task
from support.runner_harness import RunnerHarness, run_runner, start_request


def _refusal(status: int, retry_after: str | None) -> Script:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Script(status=status, error_type="scripted_error", headers=headers)


_FORBIDDEN = Script(status=403, error_type="permission_error")
_SECRET_WORDS = "the endpoint quotes the document"

_FAILURES = {
    "bad key": (
        Script(status=401, error_type="authentication_error"),
        "auth_required",
    ),
    "forbidden model": (_FORBIDDEN, "model_not_found"),
    "no credit": (
        Script(
            status=400,
            error_type="invalid_request_error",
            error_message="Your credit balance is too low to access the API.",
        ),
        "auth_required",
    ),
    "unknown model": (
        Script(status=404, error_type="not_found_error"),
        "model_not_found",
    ),
    "rate limit": (
        Script(status=429, error_type="rate_limit_error", headers={"retry-after": "7"}),
        "rate_limited",
    ),
    "overload": (Script(status=529, error_type="overloaded_error"), "overloaded"),
    "server error": (Script(status=500), "unreachable"),
    "bad gateway": (Script(status=502), "unreachable"),
    "bad request": (
        Script(status=400, error_type="invalid_request_error"),
        "internal",
    ),
    "too long": (
        Script(
            status=400,
            error_type="invalid_request_error",
            error_message="prompt is too long: 250000 tokens > 200000 maximum",
        ),
        "context_too_long",
    ),
    "too large": (
        Script(status=413, error_type="request_too_large"),
        "context_too_long",
    ),
    "drop before the first event": (Script(drop_after=0), "unreachable"),
    "drop in the middle": (Script(drop_after=6), "unreachable"),
    "garbage": (Script(garbage_after=6), "unreachable"),
    "wrong schema": (Script(output={"findings": []}), "invalid_output"),
    "broken json": (Script(raw_output='{"findings": [], "overall'), "invalid_output"),
    "prose alone": (Script(calls_tool=False), "invalid_output"),
    "nothing at all": (Script(prose=None, calls_tool=False), "invalid_output"),
    "refusal": (Script(calls_tool=False, stop_reason="refusal"), "refused"),
    "token limit": (Script(stop_reason="max_tokens"), "output_too_long"),
    "endless prose": (Script(prose="word " * 10_000), "output_too_long"),
}
_REQUESTS = {
    # The CLI asks once more without streaming whether a model is really unknown.
    "unknown model": 2,
    # One repair.
    "wrong schema": 2,
    "broken json": 2,
    "prose alone": 2,
}


@pytest.mark.parametrize("name", _FAILURES)
async def test_failure_has_its_reason_and_its_number_of_requests(
    name: str, tmp_path: Path
) -> None:
    """The attempt ends with the reason, asks no more than that, leaves no process."""
    script, reason = _FAILURES[name]
    async with (
        ScriptedEndpoint(default=script) as endpoint,
        run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner,
    ):
        end = await runner.end_of(start_request())

        assert end.failure.reason == reason
        assert end.failure.detail.endswith(".")
        assert len(endpoint.requests) == _REQUESTS.get(name, 1)
        assert cli_children() == []


async def test_account_that_is_forbidden_any_model_needs_another(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Where the turn left the model to the account, no other model would help."""
    endpoint.script(_FORBIDDEN)
    request = start_request()
    request.model = ""

    end = await runner.end_of(request)

    assert end.failure.reason == "auth_required"


async def test_detail_never_quotes_the_endpoint(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """What an endpoint says of an error may hold the document, so it is not told."""
    endpoint.script(Script(status=400, error_message=_SECRET_WORDS))

    end = await runner.end_of(start_request())

    assert _SECRET_WORDS not in end.failure.detail


async def test_unreachable_endpoint_is_unreachable(tmp_path: Path) -> None:
    """A refused connection has the reason unreachable."""
    async with ScriptedEndpoint() as endpoint:
        url = endpoint.url
    async with run_runner(tmp_path / "data", anthropic_base_url=url) as runner:
        end = await runner.end_of(start_request())

    assert end.failure.reason == "unreachable"


async def test_usage_of_a_failed_attempt_is_told(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Tokens that were paid for are told even though there is no answer."""
    endpoint.script(Script(stop_reason="max_tokens"))

    end = await runner.end_of(start_request())

    assert (end.usage.input_tokens, end.usage.output_tokens) == (1020, 321)


@pytest.mark.parametrize(
    ("script", "deadline", "detail"),
    [
        (Script(stall_after=0), "first_token_seconds", "No word came within 2 s."),
        (Script(stall_after=8), "idle_seconds", "The model fell silent for 2 s."),
        (
            Script(tokens_per_second=2),
            "total_seconds",
            "The turn was not over after 2 s.",
        ),
    ],
)
async def test_silence_ends_in_a_timeout(
    script: Script, deadline: str, detail: str, tmp_path: Path
) -> None:
    """Each deadline ends the attempt, says which it was, and leaves no process."""
    settings: dict[str, Any] = {deadline: 2}
    async with (
        ScriptedEndpoint(default=script) as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, **settings
        ) as runner,
    ):
        end = await runner.end_of(start_request())

        assert (end.failure.reason, end.failure.detail) == ("timeout", detail)
        assert cli_children() == []


@pytest.mark.parametrize(
    ("script", "reason", "asked"),
    [
        (_refusal(429, "3"), "rate_limited", 3),
        (_refusal(429, "30"), "rate_limited", 30),
        (_refusal(429, "60"), "rate_limited", 60),
        (_refusal(529, "7"), "overloaded", 7),
        (_refusal(503, "7"), "unreachable", 7),
        # The CLI gives up without a word of how long where that is over a minute.
        (_refusal(429, "120"), "rate_limited", None),
        (_refusal(429, "3600"), "rate_limited", None),
        (_refusal(429, None), "rate_limited", None),
        (_refusal(529, None), "overloaded", None),
    ],
)
async def test_wait_that_an_endpoint_asks_for_is_told(
    script: Script,
    reason: str,
    asked: int | None,
    runner: RunnerHarness,
    endpoint: ScriptedEndpoint,
) -> None:
    """It is as long as asked or a quarter longer, and nothing is sent again."""
    endpoint.script(script)

    end = await runner.end_of(start_request())

    delay = end.failure.retry_delay.ToTimedelta().total_seconds()
    assert end.failure.reason == reason
    assert end.failure.HasField("retry_delay") == (asked is not None)
    assert (asked or 0) <= delay <= 1.3 * (asked or 0)
    assert len(endpoint.requests) == 1
    assert cli_children() == []


@pytest.mark.parametrize(
    "engine",
    [turn_service_pb2.TURN_ENGINE_CLAUDE, turn_service_pb2.TURN_ENGINE_ENDPOINT],
)
async def test_without_an_account_a_turn_needs_one(
    engine: "turn_service_pb2.TurnEngine.ValueType", tmp_path: Path
) -> None:
    """A turn on the account of a runner that has none ends at once."""
    async with run_runner(tmp_path / "data") as runner:
        end = await runner.end_of(start_request(engine=engine))

    assert end.failure.reason == "auth_required"


async def test_an_account_of_another_sort_does_not_answer(tmp_path: Path) -> None:
    """A run that began on Claude is not carried on by an endpoint, nor back."""
    async with (
        ScriptedEndpoint() as endpoint,
        run_runner(tmp_path / "one", anthropic_base_url=endpoint.url) as on_endpoint,
        run_runner(tmp_path / "two", anthropic_api_key="made-up") as on_key,
    ):
        ends = [
            await on_endpoint.end_of(
                start_request(engine=turn_service_pb2.TURN_ENGINE_CLAUDE)
            ),
            await on_key.end_of(
                start_request(engine=turn_service_pb2.TURN_ENGINE_ENDPOINT)
            ),
        ]

    assert [end.failure.reason for end in ends] == ["auth_required"] * 2
    assert endpoint.requests == []


async def test_limit_of_a_subscription_tells_when_it_opens(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """The wait is as long as the endpoint's headers say."""
    resets = datetime.now(UTC) + timedelta(hours=2)
    headers = {
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-reset": str(int(resets.timestamp())),
        "anthropic-ratelimit-unified-representative-claim": "five_hour",
    }
    endpoint.script(Script(status=429, error_type="rate_limit_error", headers=headers))
    access = token_access(endpoint.url, config_dir=tmp_path)

    outcome = await review_with(review_task(), access)

    assert isinstance(outcome, TurnFailure)
    assert outcome.reason is FailureReason.RATE_LIMITED
    assert outcome.retry_delay is not None
    assert timedelta(minutes=119) < outcome.retry_delay <= timedelta(hours=2)
