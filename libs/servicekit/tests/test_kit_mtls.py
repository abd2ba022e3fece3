"""Services know one another by certificates, in both directions."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from roundtable_kit import rpc_server
from roundtable_kit.callers import IncompleteCallersError, require_complete
from roundtable_kit.errors import PermissionDenied, Unavailable
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.rpc_errors import from_call_error
from support.certificates import (
    OUTSIDERS,
    UNLISTED,
    error_of,
    make_callers,
    open_as,
)
from support.echo_service import (
    CALLERS,
    OFTEN,
    ONCE,
    SERVICE,
    Echo,
    connected,
    once,
    serving,
)

_HEALTH = "/grpc.health.v1.Health/Check"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of certificates, of strangers too."""
    return make_callers(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def echo() -> Echo:
    """Return a service that was not called yet."""
    return Echo()


@pytest.fixture
async def address(echo: Echo, folder: Path) -> AsyncIterator[str]:
    """Return where it is served as the store."""
    async with serving(echo, folder / "store") as address:
        yield address


async def test_a_caller_shows_its_own_certificate(address: str, folder: Path) -> None:
    """The handler sees the certificate in the caller's folder."""
    async with connected(address, folder / "gateway") as channel:
        shown = await once(channel)

    assert shown.split() == (folder / "gateway" / "service.crt").read_bytes().split()


@pytest.mark.parametrize("peer", ["persona-runner", "gateway"])
async def test_a_peer_of_another_name_is_not_called(
    peer: str, address: str, folder: Path, echo: Echo
) -> None:
    """Whoever answers at the address must be the service that was meant."""
    async with connected(address, folder / "gateway", peer=peer) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await once(channel)

    assert isinstance(from_call_error(caught.value), Unavailable)
    assert echo.calls == 0


@pytest.mark.parametrize("method", [ONCE, OFTEN])
@pytest.mark.parametrize("caller", ["persona-runner", "unheard-of"])
async def test_a_caller_that_is_not_listed_reaches_no_handler(
    caller: str, method: str, address: str, folder: Path, echo: Echo
) -> None:
    """It is told that it may not, and nothing else."""
    async with open_as(caller, folder, address, peer="store") as channel:
        error = await error_of(channel, method)

    assert isinstance(error, PermissionDenied)
    assert error.reason == "SERVICE_NOT_ALLOWED"
    assert echo.calls == 0


async def test_callers_are_listed_method_by_method(
    address: str, folder: Path, echo: Echo
) -> None:
    """The same caller may call one method and not another."""
    async with open_as("store", folder, address, peer="store") as channel:
        once_error = await error_of(channel, ONCE)
        often_error = await error_of(channel, OFTEN)

    assert isinstance(once_error, PermissionDenied)
    assert often_error is None
    assert echo.calls == 1


async def test_a_method_without_entry_is_nobodys(folder: Path, echo: Echo) -> None:
    """A server that was given no table lets nobody in."""
    async with (
        serving(echo, folder / "store", callers=None) as address,
        open_as("gateway", folder, address, peer="store") as channel,
    ):
        error = await error_of(channel, ONCE)

    assert isinstance(error, PermissionDenied)
    assert echo.calls == 0


@pytest.mark.parametrize("caller", ["gateway", *UNLISTED])
async def test_health_is_open_to_all_of_the_authority(
    caller: str, address: str, folder: Path
) -> None:
    """A container's probe shows the service's own certificate."""
    async with open_as(caller, folder, address, peer="store") as channel:
        assert await error_of(channel, _HEALTH) is None


@pytest.mark.parametrize("caller", OUTSIDERS)
async def test_outsiders_get_no_connection(
    caller: str, address: str, folder: Path
) -> None:
    """Not even health answers them."""
    async with open_as(caller, folder, address, peer="store") as channel:
        error = await error_of(channel, _HEALTH)

    assert isinstance(error, Unavailable)
    assert error.reason == "UNREACHABLE"


async def test_a_plain_caller_gets_no_connection(address: str) -> None:
    """A server with certificates speaks with nobody in the clear."""
    async with open_channel(address) as channel:
        error = await error_of(channel, _HEALTH)

    assert isinstance(error, Unavailable)


async def test_a_caller_with_certificates_does_not_speak_in_the_clear(
    folder: Path, echo: Echo
) -> None:
    """A plain server in the peer's place learns nothing."""
    async with (
        serving(echo, None) as address,
        connected(address, folder / "gateway") as channel,
    ):
        error = await error_of(channel, ONCE)

    assert isinstance(error, Unavailable)
    assert echo.calls == 0


async def test_without_certificates_callers_are_not_told_apart(echo: Echo) -> None:
    """On loopback, in the clear, whoever reaches the port may call."""
    async with serving(echo, None) as address, open_channel(address) as channel:
        assert await once(channel) == b"none"


def test_a_channel_with_an_identity_names_its_peer(folder: Path) -> None:
    """There is no way to trust the whole authority by oversight."""
    with pytest.raises(ValueError, match="name of its peer"):
        open_channel("127.0.0.1:1", identity=LiveIdentity(folder / "gateway"))


@pytest.mark.parametrize(
    "table",
    [{ONCE: CALLERS[ONCE]}, {**CALLERS, f"/{SERVICE}/Gone": frozenset({"gateway"})}],
    ids=["a method without entry", "an entry without method"],
)
def test_a_table_must_fit_its_services(table: dict[str, frozenset[str]]) -> None:
    """A new method without an entry stops the start, and so does a stale entry."""
    with pytest.raises(IncompleteCallersError, match=rf"/{SERVICE}/(Often|Gone)$"):
        require_complete(table, (SERVICE,))


async def test_a_server_with_an_incomplete_table_is_not_made(folder: Path) -> None:
    """The start fails before a port is open."""
    with pytest.raises(IncompleteCallersError):
        async with serving(Echo(), folder / "store", callers={}):
            pass


async def test_connections_are_made_anew_without_cutting_streams(
    monkeypatch: pytest.MonkeyPatch, folder: Path, echo: Echo
) -> None:
    """An aged connection takes no new calls; a stream on it goes on to its end."""
    monkeypatch.setattr(rpc_server, "_CONNECTION_AGE", timedelta(milliseconds=50))
    async with (
        serving(echo, folder / "store") as address,
        connected(address, folder / "gateway") as channel,
    ):
        stream = channel.unary_stream(OFTEN, bytes, bytes)(b"")
        begun = await stream.read()
        while len(echo.connections) < 3:
            await once(channel)
        echo.go_on.set()
        rest = [await stream.read(), await stream.read()]

    assert [begun, *rest] == [b"first", b"second", grpc.aio.EOF]
