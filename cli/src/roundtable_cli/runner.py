"""The runner and its account, as the gateway tells of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from roundtable_cli.client import API, GatewayClient, json_of
from roundtable_cli.errors import MalformedAnswerError

NO_ACCOUNT = "none"

# Longer than the gateway waits for the runner.
_LOGIN_TIMEOUT = httpx.Timeout(90.0, connect=5.0)
_TEST_TIMEOUT = httpx.Timeout(200.0, connect=5.0)
_LOGIN = f"{API}/admin/claude/login"


@dataclass(frozen=True, slots=True)
class AccountFailure:
    """Why a use of the account failed."""

    reason: str
    detail: str

    @classmethod
    def from_json(cls, error: Mapping[str, Any]) -> "AccountFailure":
        """Read the part of an answer that tells of it."""
        return cls(str(error["reason"]), str(error["detail"] or ""))

    @property
    def in_words(self) -> str:
        """What happened, its reason in front for whoever looks it up."""
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


@dataclass(frozen=True, slots=True)
class Runner:
    """A runner at one moment.

    Attributes:
        is_working: Whether the account answered when it was last used; None while
            nobody has tried it.
        queued: Turns of the gateway that wait for their start.
        limit_reset_time: When the account's limit opens again; None for no limit.
        last_error: Why its last use failed; None when it did not.
    """

    engine: str
    account: str
    since: datetime
    is_working: bool | None
    cli_version: str
    models: tuple[str, ...]
    default_model: str | None
    slots: int
    busy: int
    warm: int
    queued: int
    limit_reset_time: datetime | None
    last_error: AccountFailure | None

    @classmethod
    def from_json(cls, runner: Mapping[str, Any]) -> "Runner":
        """Read the answer of ``GET /runner``.

        Raises:
            MalformedAnswerError: It is none.
        """
        try:
            return cls._read(runner)
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedAnswerError("a runner with fields missing") from error

    @classmethod
    def _read(cls, runner: Mapping[str, Any]) -> "Runner":
        capacity, limits = runner["capacity"], runner["limits"]
        error = runner["last_error"]
        return cls(
            engine=runner["engine"],
            account=runner["account"],
            since=datetime.fromisoformat(runner["since"]),
            is_working=runner["working"],
            cli_version=runner["cli_version"],
            models=tuple(map(str, runner["models"])),
            default_model=runner["default_model"],
            slots=int(capacity["slots"]),
            busy=int(capacity["busy"]),
            warm=int(capacity["warm"]),
            queued=int(capacity["queued"]),
            limit_reset_time=(
                datetime.fromisoformat(limits["reset_time"]) if limits else None
            ),
            last_error=AccountFailure.from_json(error) if error else None,
        )


@dataclass(frozen=True, slots=True)
class Login:
    """A login under way: where its owner signs in and is shown a code."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class AccountTest:
    """What came of one tiny turn; no failure when it was answered."""

    failure: AccountFailure | None
    seconds: float
    model: str | None


async def get_runner(client: GatewayClient) -> Runner:
    """Return how the runner is at the moment."""
    return Runner.from_json(json_of(await client.send("GET", f"{API}/runner")))


async def start_login(client: GatewayClient) -> Login:
    """Begin a login; one that was begun before is ended."""
    answer = json_of(await client.send("POST", _LOGIN, timeout=_LOGIN_TIMEOUT))
    try:
        return Login(str(answer["login_id"]), str(answer["url"]))
    except KeyError as error:
        raise MalformedAnswerError("a login without its address") from error


async def finish_login(client: GatewayClient, login: Login, code: str) -> None:
    """Hand over the code that the provider showed."""
    await client.send(
        "POST",
        f"{_LOGIN}/{login.id}/code",
        attempts=1,  # a code counts once
        json={"code": code},
        timeout=_LOGIN_TIMEOUT,
    )


async def log_out(client: GatewayClient) -> None:
    """End a login that is under way, and take the one that is there off the runner."""
    await client.send("DELETE", _LOGIN, timeout=_LOGIN_TIMEOUT)


async def prove_account(client: GatewayClient, model: str | None) -> AccountTest:
    """Prove the account with one tiny turn."""
    body = {} if model is None else {"model": model}
    answer = json_of(
        await client.send(
            "POST",
            f"{API}/admin/claude/test",
            attempts=1,  # it costs something
            json=body,
            timeout=_TEST_TIMEOUT,
        )
    )
    try:
        failure = None if answer["working"] else AccountFailure.from_json(answer)
        return AccountTest(failure, float(answer["seconds"]), answer["model"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedAnswerError("a test without its result") from error
