"""Whether an account works, and which models it offers, as a runner tells of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest

from roundtable.runner.v1 import (
    account_service_pb2,
    runner_service_pb2,
    turn_service_pb2,
)
from roundtable_kit.rpc_errors import from_call_error
from support.anthropic_endpoint import ScriptedEndpoint
from support.anthropic_network import API, AnthropicNetwork
from support.messages_script import Script
from support.processes import cli_children
from support.runner_harness import RunnerHarness, run_runner, start_request

_CLAUDE = turn_service_pb2.TURN_ENGINE_CLAUDE
_REFUSED = Script(status=401, error_type="authentication_error")


@pytest.fixture
async def keyed(
    tmp_path: Path, endpoint: ScriptedEndpoint
) -> AsyncIterator[RunnerHarness]:
    """A runner whose account is the endpoint; nothing waits warm."""
    async with run_runner(
        tmp_path / "data", anthropic_base_url=endpoint.url, warm=0
    ) as runner:
        yield runner


@pytest.fixture
async def network(
    tmp_path: Path, endpoint: ScriptedEndpoint
) -> AsyncIterator[AnthropicNetwork]:
    """Anthropic's hosts, on loopback."""
    async with AnthropicNetwork(tmp_path, endpoint) as network:
        yield network


async def _look(runner: RunnerHarness) -> runner_service_pb2.GetRunnerResponse:
    return await runner.runner.GetRunner(runner_service_pb2.GetRunnerRequest())


async def _prove(
    runner: RunnerHarness, model: str = ""
) -> account_service_pb2.TestAccountResponse:
    return await runner.account.TestAccount(
        account_service_pb2.TestAccountRequest(model=model)
    )


async def _log_in(runner: RunnerHarness) -> None:
    login = await runner.account.StartLogin(account_service_pb2.StartLoginRequest())
    await runner.account.FinishLogin(
        account_service_pb2.FinishLoginRequest(login_id=login.login_id, code="a#b")
    )


async def _known_models(
    runner: RunnerHarness,
) -> runner_service_pb2.GetRunnerResponse:
    """Ask twice: the first answer does not wait for the models, the second has them."""
    first = await _look(runner)
    assert (list(first.models), first.default_model) == ([], "")
    asking = [task for task in asyncio.all_tasks() if task.get_name() == "models"]
    await asyncio.wait(asking)
    return await _look(runner)


async def test_every_turn_tells_whether_the_account_works(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Unknown, then refused with its reason, then working again."""
    untried = await _look(keyed)
    endpoint.script(_REFUSED)
    failed = await keyed.end_of(start_request("turn-1"))
    refused = await _look(keyed)
    await keyed.end_of(start_request("turn-2"))
    working = await _look(keyed)

    assert not untried.HasField("is_working")
    assert not untried.HasField("last_error")
    assert failed.failure.reason == "auth_required"
    assert (refused.HasField("is_working"), refused.is_working) == (True, False)
    assert refused.last_error.reason == "auth_required"
    assert refused.last_error.detail == failed.failure.detail
    assert refused.last_error.time.ToDatetime(UTC) <= datetime.now(UTC)
    assert working.is_working
    assert not working.HasField("last_error")


async def test_a_failure_of_the_line_says_nothing_of_the_credential(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """It is the last error, and the account works as it did."""
    await keyed.end_of(start_request("turn-1"))
    endpoint.script(Script(status=500))
    await keyed.end_of(start_request("turn-2"))
    runner = await _look(keyed)

    assert runner.is_working
    assert runner.last_error.reason == "unreachable"


async def test_a_model_that_is_not_allowed_leaves_the_account_working(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Other seats go on with other models; the owner sees what was refused."""
    await keyed.end_of(start_request("turn-1"))
    endpoint.script(Script(status=403, error_type="permission_error"))
    end = await keyed.end_of(start_request("turn-2"))
    runner = await _look(keyed)

    assert end.failure.reason == "model_not_found"
    assert "may not use this model" in end.failure.detail
    assert runner.is_working
    assert runner.last_error.reason == "model_not_found"


async def test_a_limit_tells_when_it_opens(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """About when the endpoint said, until a turn is answered."""
    headers = {"retry-after": "50"}
    endpoint.script(Script(status=429, error_type="rate_limit_error", headers=headers))
    end = await keyed.end_of(start_request("turn-1"))
    limited = await _look(keyed)
    await keyed.end_of(start_request("turn-2"))
    opened = await _look(keyed)

    wait = limited.limit_reset_time.ToDatetime(UTC) - datetime.now(UTC)
    assert end.failure.reason == "rate_limited"
    assert 30 < wait.total_seconds() < 80
    assert not opened.HasField("limit_reset_time")


async def test_a_rehearsal_tells_nothing_of_the_account(
    keyed: RunnerHarness,
) -> None:
    """Only what was asked with the account's own credential counts."""
    rehearsal = turn_service_pb2.TURN_ENGINE_REHEARSAL
    end = await keyed.end_of(start_request(engine=rehearsal))
    runner = await _look(keyed)

    assert end.HasField("review")
    assert not runner.HasField("is_working")


async def test_a_test_proves_the_account_with_one_request(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """It tells how long it took, what answered and what it used."""
    proof = await _prove(keyed, "claude-sonnet-4-5")
    runner = await _look(keyed)

    assert not proof.HasField("failure")
    assert proof.duration.ToTimedelta().total_seconds() > 0
    assert proof.model == "claude-sonnet-4-5"
    assert proof.usage.input_tokens == 1020
    (request,) = endpoint.tiny_requests
    assert len(request.raw_body) < 4096
    assert runner.is_working
    assert cli_children() == []


async def test_a_test_of_a_refused_credential_says_so(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """The failure has a turn's reason and words."""
    endpoint.script_tiny(_REFUSED)

    proof = await _prove(keyed)
    runner = await _look(keyed)

    assert proof.failure.reason == "auth_required"
    assert proof.model == ""
    assert not runner.is_working
    assert runner.last_error.reason == "auth_required"


async def test_a_test_without_an_account_says_how_to_get_one(tmp_path: Path) -> None:
    """It is no fault of the service; nothing is asked of anybody."""
    async with run_runner(tmp_path / "data", warm=0) as runner:
        proof = await _prove(runner)

    assert proof.failure.reason == "auth_required"
    assert "log in" in proof.failure.detail


async def test_a_test_takes_no_flag_for_a_model(keyed: RunnerHarness) -> None:
    """What could be read as an argument is refused by its field."""
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await _prove(keyed, "--model")

    refusal = from_call_error(error.value)
    assert refusal.reason == "INVALID_REQUEST"
    assert [violation.field for violation in refusal.violations] == ["model"]


async def test_a_new_login_mends_an_account_that_was_refused(
    network: AnthropicNetwork, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """Refused, logged in again, untried, working; and untried after a restart."""
    settings = {"warm": 0, **network.settings}
    async with run_runner(tmp_path / "data", **settings) as runner:
        await _log_in(runner)
        network.accepts_code = False
        endpoint.script(_REFUSED, marker="Revoked.")
        failed = await runner.end_of(
            start_request("turn-1", engine=_CLAUDE, paragraphs=("Revoked.",))
        )
        refused = await _look(runner)
        network.accepts_code = True
        await _log_in(runner)
        untried = await _look(runner)
        end = await runner.end_of(start_request("turn-2", engine=_CLAUDE))
        working = await _look(runner)
    async with run_runner(tmp_path / "data", **settings) as runner:
        restarted = await _look(runner)

    bearers = {request.headers["authorization"] for request in endpoint.requests}
    assert failed.failure.reason == "auth_required"
    assert (refused.HasField("is_working"), refused.is_working) == (True, False)
    assert not untried.HasField("is_working")
    assert not untried.HasField("last_error")
    assert end.HasField("review")
    assert bearers == {"Bearer made-up-access"}
    assert working.is_working
    assert restarted.account == runner_service_pb2.ACCOUNT_SUBSCRIPTION
    assert not restarted.HasField("is_working")


async def test_an_endpoint_lists_its_models(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """They are asked for once, with the credential; the default is its own affair."""
    endpoint.models = ("small", "large", "small")

    runner = await _known_models(keyed)

    (request,) = endpoint.lists
    assert list(runner.models) == ["small", "large"]
    assert runner.default_model == ""
    assert request.headers["x-api-key"] == "not-needed"


async def test_an_endpoint_behind_a_proxy_lists_its_models(
    network: AnthropicNetwork, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """It is asked the way that the CLI goes, and its authority is trusted as there."""
    endpoint.models = ("far-away",)
    settings = {"anthropic_base_url": f"https://{API}", **network.settings}
    async with run_runner(tmp_path / "data", **settings) as runner:
        models = await _known_models(runner)

    assert list(models.models) == ["far-away"]
    assert network.hosts == [API]


async def test_an_endpoint_without_a_list_has_none(
    keyed: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """It is asked once and left alone for a while."""
    runner = await _known_models(keyed)
    await _look(keyed)

    assert list(runner.models) == []
    assert len(endpoint.lists) == 1


async def test_a_login_offers_the_models_of_the_cli(
    network: AnthropicNetwork, tmp_path: Path
) -> None:
    """Full names, the account's default among them; no request is spent on them."""
    settings = {"warm": 0, **network.settings}
    async with run_runner(tmp_path / "data", **settings) as runner:
        await _log_in(runner)
        known = await _known_models(runner)

    assert known.default_model in known.models
    assert len(known.models) > 1
    assert all(model.startswith("claude-") for model in known.models)
    assert cli_children() == []


async def test_credentials_that_lie_idle_are_named_at_the_start(
    tmp_path: Path, endpoint: ScriptedEndpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """By their variables' names; no value of any is logged."""
    async with run_runner(
        tmp_path / "data",
        anthropic_base_url=endpoint.url,
        claude_code_oauth_token="idle-secret",
        warm=0,
    ):
        pass

    logged = capsys.readouterr().out
    assert "account.outranked" in logged
    assert "CLAUDE_CODE_OAUTH_TOKEN" in logged
    assert "idle-secret" not in logged
