"""The runner and its account over HTTP, over a real store and a runner on the wire."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from google.protobuf import duration_pb2, timestamp_pb2

from roundtable.runner.v1 import (
    account_service_pb2,
    runner_service_pb2,
    turn_part_pb2,
)
from roundtable_kit.errors import (
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    ServiceError,
    Unavailable,
)
from services.gateway.tests.support.http_harness import WRITE, Gateway
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.token_gateway import (
    ALICE,
    BOB,
    TokenGateway,
    bearer,
    serve_with_tokens,
)

_SINCE = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
_LOGIN = "/api/v1/admin/claude/login"
_CODE = f"{_LOGIN}/login_1/code"
_TEST = "/api/v1/admin/claude/test"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[TokenGateway]:
    """A gateway whose admin is Alice."""
    async with serve_with_tokens(tmp_path, admin_users=(ALICE,)) as served:
        yield served


@pytest.fixture
async def alice(served: TokenGateway) -> dict[str, str]:
    """The header of an admin."""
    return bearer((await served.token(ALICE)).secret)


def _timestamp(moment: datetime) -> timestamp_pb2.Timestamp:
    timestamp = timestamp_pb2.Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def _duration(delta: timedelta) -> duration_pb2.Duration:
    duration = duration_pb2.Duration()
    duration.FromTimedelta(delta)
    return duration


async def test_runner_is_told_whole(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """Every word of the contract, from the runner's own."""
    served.runner.account = runner_service_pb2.ACCOUNT_SUBSCRIPTION
    served.runner.runner = runner_service_pb2.GetRunnerResponse(
        since=_timestamp(_SINCE),
        cli_version="2.1.330",
        slots=9,
        busy=2,
        warm=3,
        is_working=False,
        models=["opus", "haiku"],
        default_model="opus",
        limit_reset_time=_timestamp(_SINCE + timedelta(hours=5)),
        last_error=runner_service_pb2.AccountError(
            reason="rate_limited",
            detail="The limit is reached.",
            time=_timestamp(_SINCE),
        ),
    )

    response = await served.http.get("/api/v1/runner", headers=alice)

    assert response.json() == {
        "engine": "claude",
        "account": "subscription",
        "since": "2026-05-01T12:30:00Z",
        "working": False,
        "cli_version": "2.1.330",
        "models": ["opus", "haiku"],
        "default_model": "opus",
        "capacity": {"slots": 9, "busy": 2, "warm": 3, "queued": 0},
        "limits": {"reset_time": "2026-05-01T17:30:00Z"},
        "last_error": {
            "reason": "rate_limited",
            "detail": "The limit is reached.",
            "time": "2026-05-01T12:30:00Z",
        },
    }


async def test_what_is_not_known_of_the_runner_is_null(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """An account that nobody has tried works neither, nor does it not."""
    served.runner.runner = runner_service_pb2.GetRunnerResponse(
        since=_timestamp(_SINCE)
    )

    runner = (await served.http.get("/api/v1/runner", headers=alice)).json()

    assert (runner["engine"], runner["account"]) == ("rehearsal", "none")
    assert [
        runner[name] for name in ("working", "default_model", "limits", "last_error")
    ] == [None] * 4
    assert runner["models"] == []


@pytest.mark.parametrize(("wire", "told"), [(True, True), (False, False), (None, None)])
async def test_health_tells_whether_the_account_works_and_since_when_it_is_there(
    served: TokenGateway,
    alice: dict[str, str],
    *,
    wire: bool | None,
    told: bool | None,
) -> None:
    """To those who are signed in, and to nobody else."""
    served.runner.account = runner_service_pb2.ACCOUNT_TOKEN
    served.runner.runner.since.CopyFrom(_timestamp(_SINCE))
    if wire is not None:
        served.runner.runner.is_working = wire

    member = (await served.http.get("/health", headers=alice)).json()
    stranger = (await served.http.get("/health")).json()

    assert member["services"]["persona_runner"] == {
        "status": "ok",
        "engine": "claude",
        "account": "token",
        "since": "2026-05-01T12:30:00Z",
        "working": told,
    }
    unknown = stranger["services"]["persona_runner"]
    assert (unknown["since"], unknown["working"]) == (None, None)


async def test_members_see_the_runner_and_leave_the_account_alone(
    served: TokenGateway,
) -> None:
    """Each of the admins' addresses is closed to them, and nothing is done."""
    bob = bearer((await served.token(BOB)).secret)

    assert (await served.http.get("/api/v1/runner", headers=bob)).status_code == 200
    for method, path, body in (
        ("POST", _LOGIN, None),
        ("POST", _CODE, {"code": "abc#def"}),
        ("DELETE", _LOGIN, None),
        ("POST", _TEST, None),
    ):
        answer = await served.http.request(method, path, json=body, headers=bob)
        check_problem(answer, 403, "NOT_AN_ADMIN")
    assert served.runner.logins == []


async def test_strangers_are_asked_to_sign_in(served: TokenGateway) -> None:
    """The runner, too, is nobody's business."""
    for method, path in (("GET", "/api/v1/runner"), ("POST", _LOGIN)):
        check_problem(await served.http.request(method, path), 401, "SIGN_IN_REQUIRED")


async def test_login_goes_from_an_address_to_a_code(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """The code reaches the runner without the blanks that came with the paste."""
    begun = await served.http.post(_LOGIN, headers=alice)
    finished = await served.http.post(
        _CODE, json={"code": "  abc#def\n"}, headers=alice
    )

    assert (begun.status_code, begun.json()) == (
        201,
        {"login_id": "login_1", "url": "https://login.example.org/?state=1"},
    )
    assert (finished.status_code, finished.content) == (204, b"")
    assert served.runner.logins == [
        account_service_pb2.StartLoginRequest(),
        account_service_pb2.FinishLoginRequest(login_id="login_1", code="abc#def"),
    ]


@pytest.mark.parametrize(
    "code", ["", "   ", "two words", "line\nbreak", "é", "\x1b[2J", "x" * 4097]
)
async def test_what_is_no_code_goes_no_further(
    served: TokenGateway, alice: dict[str, str], code: str
) -> None:
    """It is one word of ASCII; the answer names the field and does not repeat it."""
    answer = await served.http.post(_CODE, json={"code": code}, headers=alice)

    problem = check_problem(answer, 422, "INVALID_FIELD")
    assert wrong_fields(problem) == ["code"]
    assert served.runner.logins == []
    assert not code.strip() or code.strip() not in answer.text


async def test_logging_out_is_asked_of_the_runner(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """Again, too: it is for the runner to say that there is nothing to end."""
    answers = [await served.http.delete(_LOGIN, headers=alice) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert served.runner.logins == [account_service_pb2.LogOutRequest()] * 2


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("LOGIN_NOT_FOUND", "No such login."), 404),
        (FailedPrecondition("ACCOUNT_IS_CONFIGURED", "A key is set."), 409),
        (InvalidArgument("LOGIN_REFUSED", "The code was not accepted."), 422),
        (InvalidArgument("LOGIN_CODE_INCOMPLETE", "Copy all of it."), 422),
        (Unavailable("LOGIN_UNAVAILABLE", "The CLI begins none."), 503),
    ],
    ids=lambda value: getattr(value, "reason", None),
)
async def test_refusals_of_the_runner_have_their_status(
    served: TokenGateway,
    alice: dict[str, str],
    error: ServiceError,
    status: int,
) -> None:
    """Reason and words come through; what is wrong with a code names its field."""
    served.runner.login_error = error

    answer = await served.http.post(_CODE, json={"code": "abc"}, headers=alice)

    problem = check_problem(answer, status, error.reason)
    assert problem["detail"] == error.message
    assert wrong_fields(problem) == (["code"] if status == 422 else [])


async def test_account_is_proved_by_one_turn(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """What it took and used is told; the model is the one that was asked for."""
    served.runner.proof = account_service_pb2.TestAccountResponse(
        duration=_duration(timedelta(seconds=1.2345)),
        model="claude-haiku",
        usage=turn_part_pb2.TurnUsage(
            input_tokens=30, output_tokens=4, cost_usd=0.0001
        ),
    )

    answer = await served.http.post(_TEST, json={"model": "haiku"}, headers=alice)

    assert answer.json() == {
        "working": True,
        "reason": None,
        "detail": None,
        "seconds": 1.234,
        "model": "claude-haiku",
        "usage": {
            "input_tokens": 30,
            "output_tokens": 4,
            "cache_read_tokens": 0,
            "cost_usd": 0.0001,
            "turns": 1,
        },
    }
    assert served.runner.logins[0].model == "haiku"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"model": null}'])
async def test_account_that_fails_the_test_is_no_error(
    served: TokenGateway, alice: dict[str, str], body: bytes
) -> None:
    """That it does not work is the answer; no model needs to be named."""
    served.runner.proof = account_service_pb2.TestAccountResponse(
        failure=turn_part_pb2.TurnFailure(
            reason="auth_required", detail="Log in again."
        )
    )

    answer = await served.http.post(
        _TEST, content=body, headers={**alice, "Content-Type": "application/json"}
    )

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["working"], told["reason"]) == (False, "auth_required")
    assert (told["detail"], told["usage"], told["model"]) == (
        *("Log in again.", None, None),
    )
    assert served.runner.logins[0].model == ""


async def test_idempotency_keys_mean_nothing_to_admins(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """The same key is no promise: each test is a turn of its own."""
    headers = {**alice, "Idempotency-Key": "once"}

    for _ in range(2):
        await served.http.post(_TEST, headers=headers)

    assert len(served.runner.logins) == 2


async def test_runner_that_is_away_is_asked_for_later(
    served: TokenGateway, alice: dict[str, str]
) -> None:
    """503 with Retry-After on each of the addresses."""
    await served.stop_runner()

    answers: list[httpx.Response] = [
        await served.http.request(method, path, json=body, headers=alice)
        for method, path, body in (
            ("GET", "/api/v1/runner", None),
            ("POST", _LOGIN, None),
            ("POST", _CODE, {"code": "abc"}),
            ("DELETE", _LOGIN, None),
            ("POST", _TEST, None),
        )
    ]

    for answer in answers:
        assert answer.status_code == 503
        assert answer.json()["reason"] in {"UNREACHABLE", "DEADLINE_EXCEEDED"}
        assert int(answer.headers["retry-after"]) > 0


async def test_local_owner_is_an_admin(gateway: Gateway) -> None:
    """Whoever sits at the machine looks after its account."""
    begun = await gateway.http.post(_LOGIN, headers=WRITE)

    assert begun.status_code == 201
    assert gateway.accounts.done == [("start_login",)]


async def test_queue_of_this_gateway_is_told(gateway: Gateway) -> None:
    """Turns that wait for their start are this gateway's own to count."""
    gateway.turn_queue.waiting = 7

    runner = (await gateway.http.get("/api/v1/runner")).json()

    assert runner["capacity"] == {"slots": 9, "busy": 0, "warm": 0, "queued": 7}
