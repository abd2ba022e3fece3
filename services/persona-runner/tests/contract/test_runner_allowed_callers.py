"""Who may call the runner, tried with real certificates on every method."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roundtable_kit.errors import PermissionDenied, Unavailable
from roundtable_runner.app import App
from roundtable_runner.rpc.allowed_callers import ALLOWED_CALLERS
from roundtable_runner.settings import RunnerSettings
from support.certificates import (
    OUTSIDERS,
    UNLISTED,
    error_of,
    make_callers,
    open_as,
)


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of certificates."""
    return make_callers(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
async def address(callers: Path, tmp_path: Path) -> AsyncIterator[str]:
    """Return where a runner with certificates listens."""
    settings = RunnerSettings(
        data_dir=tmp_path,
        address="127.0.0.1:0",
        certificates_dir=callers / "persona-runner",
    )
    app = App(settings)
    await app.start()
    yield f"127.0.0.1:{app.port}"
    await app.stop()


async def test_runner_lets_the_gateway_call_every_method(
    address: str, callers: Path
) -> None:
    """No method refuses the gateway for who it is."""
    async with open_as("gateway", callers, address, peer="persona-runner") as channel:
        reasons = {
            method: error.reason if (error := await error_of(channel, method)) else None
            for method in ALLOWED_CALLERS
        }

    assert not {"SERVICE_NOT_ALLOWED", "UNREACHABLE"} & set(reasons.values()), reasons


@pytest.mark.parametrize("caller", UNLISTED)
async def test_runner_refuses_every_other_service_on_every_method(
    caller: str, address: str, callers: Path
) -> None:
    """The store's certificate, the runner's own and an unknown one open nothing."""
    async with open_as(caller, callers, address, peer="persona-runner") as channel:
        errors = {m: await error_of(channel, m) for m in ALLOWED_CALLERS}

    for method, error in errors.items():
        assert isinstance(error, PermissionDenied), method
        assert error.reason == "SERVICE_NOT_ALLOWED", method


@pytest.mark.parametrize("caller", OUTSIDERS)
async def test_runner_gives_outsiders_no_connection(
    caller: str, address: str, callers: Path
) -> None:
    """Without a certificate of our authority that holds, not even health answers."""
    async with open_as(caller, callers, address, peer="persona-runner") as channel:
        error = await error_of(channel, "/grpc.health.v1.Health/Check")

    assert isinstance(error, Unavailable)
    assert error.reason == "UNREACHABLE"
