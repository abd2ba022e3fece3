"""The services as `make run` starts them: known to one another by certificates."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roundtable_kit.certs import ensure_certificates
from roundtable_kit.errors import PermissionDenied, Unavailable
from roundtable_kit.identity import read_identity
from roundtable_kit.rpc_client import open_channel
from support.anthropic_endpoint import ScriptedEndpoint
from support.certificates import error_of, open_as
from support.messages_script import Script
from support.stack import GATEWAY, RUNNER, STORE, Stack
from support.visitor import Visitor, check_history, of_type

_SLOW = Script(prose="word " * 60, tokens_per_second=25, characters_per_delta=30)
_HEALTH = "/grpc.health.v1.Health/Check"
_METHODS = {
    STORE: "/roundtable.store.v1.RunService/ListRuns",
    RUNNER: "/roundtable.runner.v1.TurnService/StartTurn",
}
_FOLDERS = {STORE: "store", RUNNER: "persona-runner", GATEWAY: "gateway"}


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    """Return an endpoint that answers well unless told otherwise."""
    async with ScriptedEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
async def stack(endpoint: ScriptedEndpoint, tmp_path: Path) -> AsyncIterator[Stack]:
    """Return a stack whose runner uses the endpoint."""
    account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "key"}
    async with Stack(tmp_path, account=account) as stack:
        yield stack


async def test_a_renewal_in_the_middle_of_a_run_is_not_noticed(
    endpoint: ScriptedEndpoint, stack: Stack, sample: Path
) -> None:
    """Turns stream on over the old connections; what comes next goes over new ones."""
    for _ in range(3):
        endpoint.script(_SLOW)
    async with Visitor(stack.url) as visitor:
        document_id = await visitor.upload(sample)
        run = await visitor.start(
            document_id, persona_ids=["ciso", "cio", "plain_reader"]
        )
        await visitor.follow(run["id"], until=lambda event: event.type == "turn.delta")

        ensure_certificates(stack.certificates_dir, renew=True)
        health = await visitor.http.get(f"{stack.url}/health")
        events = await visitor.follow(run["id"])

    check_history(events)
    assert health.json()["status"] == "ok"
    assert events[-1].type == "run.succeeded"
    assert of_type(events, "turn.failed") == []
    assert len(endpoint.requests) == 3
    for service, folder in _FOLDERS.items():
        serial = read_identity(stack.certificates_dir / folder).serial
        renewed = [
            line
            for line in stack.log(service).splitlines()
            if "certificate.renewed" in line
        ]
        assert len(renewed) == 1, service
        assert f"{serial:x}" in renewed[0]


@pytest.mark.parametrize(
    ("service", "stranger"), [(STORE, "persona-runner"), (RUNNER, "store")]
)
async def test_store_and_runner_do_not_serve_each_other(
    service: str, stranger: str, stack: Stack
) -> None:
    """Each is refused by the other, though both are of the house."""
    address = f"127.0.0.1:{stack.port(service)}"
    folder = stack.certificates_dir
    async with open_as(stranger, folder, address, peer=_FOLDERS[service]) as channel:
        error = await error_of(channel, _METHODS[service])
        health_error = await error_of(channel, _HEALTH)

    assert isinstance(error, PermissionDenied)
    assert error.reason == "SERVICE_NOT_ALLOWED"
    assert health_error is None


@pytest.mark.parametrize("service", [STORE, RUNNER])
async def test_who_has_no_certificate_gets_nothing(service: str, stack: Stack) -> None:
    """Another account of the machine that reaches the port gets no answer."""
    async with open_channel(f"127.0.0.1:{stack.port(service)}") as channel:
        for method in (_METHODS[service], _HEALTH):
            assert isinstance(await error_of(channel, method), Unavailable)
