"""Renewed certificates are taken up with no stop, on both sides."""

import asyncio
import shutil
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from structlog.testing import capture_logs

from roundtable_kit.authority import Authority
from roundtable_kit.certs import ensure_certificates
from roundtable_kit.identity import IdentityError, read_identity
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_client import open_channel
from support.echo_service import OFTEN, Echo, connected, once, serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of certificates."""
    ensure_certificates(tmp_path)
    return tmp_path


def _serial(folder: Path, service: str) -> int:
    return read_identity(folder / service).serial


def _shown_serial(pem: bytes) -> int:
    return x509.load_pem_x509_certificate(pem).serial_number


async def _server_serial(address: str, folder: Path) -> int:
    """Return the serial number that a server shows to a new connection."""
    own = folder / "gateway"
    context = ssl.create_default_context(cafile=own / "ca.crt")
    context.load_cert_chain(own / "service.crt", own / "service.key")
    context.set_alpn_protocols(["h2"])
    host, _, port = address.rpartition(":")
    _, writer = await asyncio.open_connection(
        host, int(port), ssl=context, server_hostname="store"
    )
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der).serial_number


def _renew(folder: Path) -> None:
    command = (sys.executable, "-m", "roundtable_kit.certs", str(folder), "--renew")
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program


async def test_both_sides_show_renewed_certificates_without_a_stop(
    folder: Path,
) -> None:
    """The next call shows the new serial, and is met by one; an open stream goes on."""
    old = _serial(folder, "gateway"), _serial(folder, "store")
    async with (
        serving(echo := Echo(), folder / "store") as address,
        connected(address, folder / "gateway") as channel,
    ):
        first = (
            _shown_serial(await once(channel)),
            await _server_serial(address, folder),
        )
        stream = channel.unary_stream(OFTEN, bytes, bytes)(b"")
        begun = await stream.read()

        await asyncio.to_thread(_renew, folder)
        second = (
            _shown_serial(await once(channel)),
            await _server_serial(address, folder),
        )
        echo.go_on.set()
        rest = [await stream.read(), await stream.read()]

    assert first == old
    assert second == (_serial(folder, "gateway"), _serial(folder, "store"))
    assert not set(first) & set(second)
    assert [begun, *rest] == [b"first", b"second", grpc.aio.EOF]


async def test_a_new_authority_is_taken_up_too(folder: Path) -> None:
    """When the whole folder is made anew, both sides move to the new authority."""
    async with (
        serving(Echo(), folder / "store") as address,
        connected(address, folder / "gateway") as channel,
    ):
        await once(channel)
        (folder / "authority" / "ca.crt").unlink()
        ensure_certificates(folder)

        shown = _shown_serial(await once(channel))

    assert shown == _serial(folder, "gateway")


async def test_calls_meet_no_error_while_certificates_change(folder: Path) -> None:
    """Renewals under load fail no call, nor do those that begin at that moment."""
    async with (
        serving(Echo(), folder / "store") as address,
        connected(address, folder / "gateway") as channel,
    ):
        shown = set()
        for _ in range(10):
            calls = [asyncio.create_task(once(channel)) for _ in range(20)]
            await asyncio.sleep(0)  # they begin
            ensure_certificates(folder, renew=True)
            calls += [asyncio.create_task(once(channel)) for _ in range(20)]
            shown |= set(await asyncio.gather(*calls))

    assert len(shown) == 11


async def test_an_inner_channel_is_closed_behind_its_last_call(folder: Path) -> None:
    """An old connection stays for its stream, and no longer."""
    identity = LiveIdentity(folder / "gateway")
    async with (
        serving(echo := Echo(), folder / "store") as address,
        open_channel(address, peer="store", identity=identity) as channel,
    ):
        stream = channel.unary_stream(OFTEN, bytes, bytes)(b"")
        await stream.read()
        ensure_certificates(folder, renew=True)
        await once(channel)
        (closing,) = [
            task for task in asyncio.all_tasks() if task.get_name() == "retire-channel"
        ]
        was_done = closing.done()

        echo.go_on.set()
        await stream.read()
        await stream.read()
        async with asyncio.timeout(10):
            await closing

    assert not was_done


async def test_closing_a_channel_ends_the_calls_on_older_connections(
    folder: Path,
) -> None:
    """Nothing is left behind, whatever certificate it began with."""
    async with serving(Echo(), folder / "store") as address:
        async with connected(address, folder / "gateway") as channel:
            stream = channel.unary_stream(OFTEN, bytes, bytes)(b"")
            await stream.read()
            ensure_certificates(folder, renew=True)
            await once(channel)

        assert await stream.code() is grpc.StatusCode.CANCELLED


async def test_a_channel_that_was_closed_opens_no_other(folder: Path) -> None:
    """A call after the close fails though there is a new certificate."""
    async with serving(Echo(), folder / "store") as address:
        async with connected(address, folder / "gateway") as channel:
            await once(channel)
        ensure_certificates(folder, renew=True)

        with pytest.raises(grpc.aio.UsageError):
            await once(channel)


async def test_a_renewal_that_cannot_be_used_changes_nothing(folder: Path) -> None:
    """Both sides keep what they have and say so once, until the folder is mended."""
    gateway = LiveIdentity(folder / "gateway")
    before = gateway.current()
    (folder / "gateway" / "service.crt").write_text("half a certificate")

    with capture_logs() as logs:
        kept = [gateway.current() for _ in range(3)]
    ensure_certificates(folder)

    assert kept == [before] * 3
    assert [entry["event"] for entry in logs] == ["certificate.unusable"]
    assert gateway.current().serial == _serial(folder, "gateway") != before.serial


def test_files_copied_one_by_one_are_taken_up_when_the_last_has_come(
    folder: Path, tmp_path: Path
) -> None:
    """In alphabetical order the certificate lands before its key; calls go on."""
    used = tmp_path / "used"
    shutil.copytree(folder / "store", used)
    identity = LiveIdentity(used)
    before = identity.current()
    ensure_certificates(folder, renew=True)

    shown = []
    with capture_logs() as logs:
        for file in sorted((folder / "store").iterdir()):
            shutil.copyfile(file, used / file.name)
            shown += [identity.current().serial for _ in range(3)]

    after = _serial(folder, "store")
    assert shown == [before.serial] * 6 + [after] * 3
    assert [entry["event"] for entry in logs] == [
        "certificate.unusable",
        "certificate.renewed",
    ]


async def test_a_folder_that_is_gone_for_a_moment_is_no_loss(folder: Path) -> None:
    """A volume that is mounted anew is looked at again."""
    store = folder / "store"
    identity = LiveIdentity(store)
    before = identity.current()

    store.rename(folder / "away")
    kept = identity.current()
    ensure_certificates(folder)

    assert kept == before
    assert identity.current().serial == _serial(folder, "store") != before.serial


def test_an_identity_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    """The error names the file that is missing."""
    with pytest.raises(IdentityError, match=r"ca\.crt: No such file"):
        LiveIdentity(tmp_path)


class _FixedClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return 0.0


@pytest.mark.parametrize(("days_left", "warnings"), [(31, 0), (30, 1), (1, 1)])
async def test_a_certificate_that_ends_soon_is_warned_of(
    days_left: int, warnings: int, tmp_path: Path
) -> None:
    """From thirty days before its end the log says how many are left."""
    now = datetime.now(UTC)
    authority = Authority.make(tmp_path / "authority", now=now)
    authority.issue("store", tmp_path / "store", now=now)
    moment = now + timedelta(days=365 - days_left, minutes=1)
    identity = LiveIdentity(tmp_path / "store", clock=_FixedClock(moment))

    with capture_logs() as logs:
        watching = asyncio.create_task(identity.watch())
        await asyncio.sleep(0)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    told = [entry for entry in logs if entry["event"] == "certificate.ends_soon"]
    assert [entry["days_left"] for entry in told] == [days_left - 1] * warnings
