"""The services as `make run` starts them: known to one another by certificates."""

import subprocess
import sys
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
    # Three reviews, the question on what is alike, the moderator: each asked once.
    assert len(endpoint.requests) == 5
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


def _start_alone(service: str, folder: Path, **settings: str) -> str:
    """Start one service that is to fail; return its last words."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PORT": "0",
        "ROUNDTABLE_DATA_DIR": str(folder),
        "ROUNDTABLE_STORE_ADDRESS": "127.0.0.1:0",
        "ROUNDTABLE_RUNNER_ADDRESS": "127.0.0.1:0",
        "ANTHROPIC_API_KEY": "made-up-secret",
        **settings,
    }
    done = subprocess.run(  # noqa: S603 - our own program
        (sys.executable, "-m", f"roundtable_{service}"),
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode in {1, 2}
    assert done.stderr.startswith(f"roundtable-{service}: ")
    assert "Traceback" not in done.stderr
    assert "made-up-secret" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        (STORE, "ROUNDTABLE_STORE_ADDRESS"),
        (RUNNER, "ROUNDTABLE_RUNNER_ADDRESS"),
        (GATEWAY, "ROUNDTABLE_GATEWAY_STORE_ADDRESS"),
        (GATEWAY, "ROUNDTABLE_GATEWAY_RUNNER_ADDRESS"),
    ],
)
def test_without_certificates_no_address_leaves_the_machine(
    service: str, variable: str, tmp_path: Path
) -> None:
    """The service does not start, names the variable and says what to do."""
    words = _start_alone(service, tmp_path, **{variable: "[::]:0"})

    assert f"{variable}: [::]:0 is not loopback" in words
    assert "ROUNDTABLE_CERTIFICATES_DIR" in words


@pytest.mark.parametrize("service", [STORE, RUNNER, GATEWAY])
def test_certificates_that_are_not_there_stop_the_start(
    service: str, tmp_path: Path
) -> None:
    """A service that was told of certificates never speaks without them."""
    empty = tmp_path / "empty"

    words = _start_alone(service, tmp_path, ROUNDTABLE_CERTIFICATES_DIR=str(empty))

    assert f"ROUNDTABLE_CERTIFICATES_DIR: {empty}/ca.crt: No such file" in words
