"""What the CLI says went wrong, as the reason of a turn's failure.

The table follows what the pinned CLI was seen to do; the contract tests see it again
with every new pin. The CLI's own texts are never passed on: they quote the endpoint,
and an endpoint may quote the document.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from claude_agent_sdk import ResultMessage

from roundtable_runner.turn.parts import FailureReason, TurnFailure

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_RATE_LIMITED = 429
_OVERLOADED = 529
_NOT_FOUND = 404
_TOO_LARGE = 413
_SERVER_ERROR = 500

_INVALID_SUBTYPES = frozenset(
    {"error_max_structured_output_retries", "error_max_turns"}
)
_CONTEXT_TERMINAL_REASONS = frozenset({"prompt_too_long", "blocking_limit"})

# A stop reason after which the CLI would send another request of its own; the turn
# ends there instead.
STOP_REASON_FAILURES = {
    "max_tokens": TurnFailure(
        FailureReason.OUTPUT_TOO_LONG, "The model's answer reached its longest length."
    ),
    "refusal": TurnFailure(
        FailureReason.REFUSED, "The model declined to answer; its provider says why."
    ),
    "model_context_window_exceeded": TurnFailure(
        FailureReason.CONTEXT_TOO_LONG, "Document and answer exceed the model's window."
    ),
}

NO_OUTPUT = TurnFailure(
    FailureReason.INVALID_OUTPUT, "The model ended without its structured answer."
)
NO_RESULT = TurnFailure(
    FailureReason.CLI_CRASHED, "The Claude CLI ended in the middle of the turn."
)
NO_START = TurnFailure(
    FailureReason.CLI_CRASHED, "The machine could not start the Claude CLI."
)
NO_ACCOUNT = TurnFailure(
    FailureReason.AUTH_REQUIRED,
    "This runner has no Claude account: set a key, a token or an endpoint, or log in.",
)
# Other models may still answer: it fails the turn, and pauses nobody.
_MODEL_FORBIDDEN = TurnFailure(
    FailureReason.MODEL_NOT_FOUND,
    "The account may not use this model; name another, or ask its owner to allow it.",
)

# Without word from the endpoint the CLI would wait less.
_SHORTEST_ASKED_DELAY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is known of a turn when trouble comes.

    Attributes:
        names_model: Whether it asked for one model, and not for the account's default.
        error: The last assistant message's word for what went wrong.
        limit_resets: When a rejected limit opens again.
    """

    names_model: bool = True
    error: str | None = None
    limit_resets: datetime | None = None


def failure_of(
    result: ResultMessage, trouble: Trouble, *, now: datetime
) -> TurnFailure | None:
    """Return why a result is none, or None when it holds a structured answer."""
    if result.subtype in _INVALID_SUBTYPES:
        return TurnFailure(
            FailureReason.INVALID_OUTPUT, "The model's answer does not fit its schema."
        )
    if result.is_error:
        return _api_failure(result, trouble, now)
    if result.structured_output is None:
        return NO_OUTPUT
    return None


def failure_of_retry(announcement: dict[str, Any], trouble: Trouble) -> TurnFailure:
    """Return why a request is about to be sent again, which the turn won't await."""
    status = announcement.get("error_status")
    delay = timedelta(milliseconds=announcement.get("retry_delay_ms") or 0)
    return _request_failure(
        status if isinstance(status, int) else None,
        replace(trouble, error=announcement.get("error")),
        delay if delay >= _SHORTEST_ASKED_DELAY else None,
    )


def crashed(how: str) -> TurnFailure:
    """Return the failure of a CLI that ended by itself."""
    return TurnFailure(
        FailureReason.CLI_CRASHED,
        f"The Claude CLI ended in the middle of the turn ({how}).",
    )


def _api_failure(result: ResultMessage, trouble: Trouble, now: datetime) -> TurnFailure:
    status = result.api_error_status
    if result.terminal_reason in _CONTEXT_TERMINAL_REASONS or status == _TOO_LARGE:
        return TurnFailure(
            FailureReason.CONTEXT_TOO_LONG, "The document exceeds the model's window."
        )
    return _request_failure(status, trouble, _delay(trouble.limit_resets, now))


def _request_failure(
    status: int | None, trouble: Trouble, delay: timedelta | None
) -> TurnFailure:
    error = trouble.error
    if error == "model_not_found" or status == _NOT_FOUND:
        return TurnFailure(
            FailureReason.MODEL_NOT_FOUND, "The endpoint does not know the model."
        )
    if error == "billing_error":
        return TurnFailure(
            FailureReason.AUTH_REQUIRED, "The account has no credit left."
        )
    if status == _FORBIDDEN and trouble.names_model:
        return _MODEL_FORBIDDEN
    if status in {_UNAUTHORIZED, _FORBIDDEN} or error == "authentication_failed":
        return TurnFailure(
            FailureReason.AUTH_REQUIRED, "The endpoint does not accept the credential."
        )
    if status == _RATE_LIMITED or error == "rate_limit":
        return TurnFailure(
            FailureReason.RATE_LIMITED,
            "The account's limit is reached.",
            retry_delay=delay,
        )
    return _endpoint_failure(status, delay)


def _endpoint_failure(status: int | None, delay: timedelta | None) -> TurnFailure:
    if status == _OVERLOADED:
        return TurnFailure(
            FailureReason.OVERLOADED, "The endpoint is overloaded.", retry_delay=delay
        )
    if status is None:
        return TurnFailure(
            FailureReason.UNREACHABLE,
            "The connection to the endpoint failed, or it sent what can't be read.",
        )
    if status >= _SERVER_ERROR:
        return TurnFailure(
            FailureReason.UNREACHABLE,
            f"The endpoint failed (HTTP {status}).",
            retry_delay=delay,
        )
    return TurnFailure(
        FailureReason.INTERNAL, f"The endpoint refused the request (HTTP {status})."
    )


def _delay(resets: datetime | None, now: datetime) -> timedelta | None:
    if resets is None or resets <= now:
        return None
    return resets - now
