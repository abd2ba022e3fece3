"""Faults as a token or a login meets them, and endpoints that are none.

`test_runner_failures` holds the same for keys and endpoints, whose processes announce
one retry; these have none, and renew a login by themselves.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roundtable_runner.turn.parts import FailureReason, TurnFailure
from support.anthropic_endpoint import ScriptedEndpoint
from support.engine_harness import review_with, token_access
from support.messages_script import Script
from support.processes import cli_children
from support.review_tasks import review_task
from support.runner_harness import run_runner, start_request


@dataclass(frozen=True, slots=True)
class _ErrorEvent(Script):
    """A stream that begins well and then tells of an error."""

    def events(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield a beginning, then the error."""
        for number, event in enumerate(Script.events(self, request)):
            if number == 6:
                yield {"type": "error", "error": {"type": self.error_type}}
                return
            yield event


_OVERLOADED_MIDWAY = _ErrorEvent(error_type="overloaded_error")
_FAULTS = {
    "revoked": (
        Script(status=401, error_type="authentication_error"),
        FailureReason.AUTH_REQUIRED,
    ),
    "forbidden model": (
        Script(status=403, error_type="permission_error"),
        FailureReason.MODEL_NOT_FOUND,
    ),
    "limit without a reset": (
        Script(status=429, error_type="rate_limit_error"),
        FailureReason.RATE_LIMITED,
    ),
    "server error": (Script(status=500), FailureReason.UNREACHABLE),
    "overload": (
        Script(status=529, error_type="overloaded_error"),
        FailureReason.OVERLOADED,
    ),
    "overload midway": (_OVERLOADED_MIDWAY, FailureReason.OVERLOADED),
    "drop before the first event": (Script(drop_after=0), FailureReason.UNREACHABLE),
    "drop midway": (Script(drop_after=6), FailureReason.UNREACHABLE),
    "garbage": (Script(garbage_after=6), FailureReason.UNREACHABLE),
    "too long": (
        Script(
            status=400,
            error_type="invalid_request_error",
            error_message="prompt is too long: 250000 tokens > 200000 maximum",
        ),
        FailureReason.CONTEXT_TOO_LONG,
    ),
    "wrong schema twice": (Script(output={}), FailureReason.INVALID_OUTPUT),
}
_REQUESTS = {
    # The CLI reads its login again and asks once more.
    "revoked": 2,
    "wrong schema twice": 2,
}


@pytest.mark.parametrize("name", _FAULTS)
async def test_fault_of_a_subscription_has_its_reason(
    name: str, tmp_path: Path
) -> None:
    """It ends with the reason, asks no more than that, and leaves no process."""
    script, reason = _FAULTS[name]
    async with ScriptedEndpoint(default=script) as endpoint:
        access = token_access(endpoint.url, config_dir=tmp_path)

        outcome = await review_with(review_task(), access)

        assert isinstance(outcome, TurnFailure)
        assert outcome.reason is reason
        assert outcome.retry_delay is None
        assert len(endpoint.requests) == _REQUESTS.get(name, 1)
        assert cli_children() == []


async def test_refused_connection_of_a_subscription_is_unreachable(
    tmp_path: Path,
) -> None:
    """Where nobody listens, it ends at once."""
    async with ScriptedEndpoint() as endpoint:
        url = endpoint.url

    outcome = await review_with(review_task(), token_access(url, config_dir=tmp_path))

    assert isinstance(outcome, TurnFailure)
    assert outcome.reason is FailureReason.UNREACHABLE


async def test_overload_told_midway_is_an_overload(tmp_path: Path) -> None:
    """An endpoint that fails after its first words is not asked twice."""
    async with (
        ScriptedEndpoint(default=_OVERLOADED_MIDWAY) as endpoint,
        run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner,
    ):
        end = await runner.end_of(start_request())

        assert end.failure.reason == "overloaded"
        assert len(endpoint.requests) == 1
        assert cli_children() == []


@contextlib.asynccontextmanager
async def _server_that_says(answer: bytes) -> AsyncIterator[str]:
    """Listen, answer whatever comes with the same bytes, and hang up."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read(64 * 1024)
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


_PAGE = b"<html><body>Sign in to the hotel's network.</body></html>"
_STRANGERS = {
    "a web page": b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_PAGE), _PAGE),
    "empty json": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    b"content-length: 2\r\nconnection: close\r\n\r\n{}",
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", _STRANGERS)
async def test_server_that_speaks_another_language_is_unreachable(
    name: str, tmp_path: Path
) -> None:
    """A wrong address ends soon, as what it is, whoever answers there."""
    async with (
        _server_that_says(_STRANGERS[name]) as url,
        run_runner(tmp_path / "data", anthropic_base_url=url) as runner,
    ):
        async with asyncio.timeout(30):
            end = await runner.end_of(start_request())

    assert end.failure.reason == "unreachable"
    assert cli_children() == []


async def test_endpoint_without_a_word_ends_in_a_timeout(tmp_path: Path) -> None:
    """A connection that is taken and never answered costs the first deadline."""
    silent = Script(first_token_seconds=3600)
    async with (
        ScriptedEndpoint(default=silent) as endpoint,
        run_runner(
            tmp_path / "data", anthropic_base_url=endpoint.url, first_token_seconds=2
        ) as runner,
    ):
        end = await runner.end_of(start_request())

    assert (end.failure.reason, end.failure.detail) == (
        "timeout",
        "No word came within 2 s.",
    )
    assert cli_children() == []
