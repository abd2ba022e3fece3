"""HTTPS on a real port: who is answered, how, and what a renewal does."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from roundtable_gateway.app import GatewayApp
from roundtable_gateway.domain.event import RunStarted, RunSucceeded
from roundtable_gateway.http.tls import CertificateError, ServedCertificate
from roundtable_gateway.settings import GatewaySettings
from services.gateway.tests.support.authority import Authority
from services.gateway.tests.support.http_harness import WRITE, Gateway, serve
from services.gateway.tests.support.samples import run_summary
from services.gateway.tests.support.viewer import view

_OFTEN = timedelta(milliseconds=10)
_TLS_1_2, _TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
_HSTS = "Strict-Transport-Security"


@pytest.fixture(scope="module")
def authority() -> Authority:
    """The authority that this module's clients trust."""
    return Authority()


@pytest.fixture
async def secure(tmp_path: Path, authority: Authority) -> AsyncIterator[Gateway]:
    """A gateway that speaks HTTPS with certificate number 11."""
    certificate = ServedCertificate(
        authority.write_pair(tmp_path, serial=11), check_every=_OFTEN
    )
    async with serve(tmp_path, certificate=certificate) as gateway:
        yield gateway


def _client(gateway: Gateway, trust: ssl.SSLContext | None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"https://127.0.0.1:{gateway.port}",
        headers=WRITE,
        verify=trust or True,
        trust_env=False,
    )


async def _serial(port: int, trust: ssl.SSLContext, host: str = "localhost") -> int:
    """Return the number of the certificate that a new connection is shown."""
    _, writer = await asyncio.open_connection(host, port, ssl=trust)
    shown = writer.get_extra_info("peercert")["serialNumber"]
    writer.close()
    return int(shown, 16)


async def _until_shown(serial: int, port: int, trust: ssl.SSLContext) -> None:
    while await _serial(port, trust) != serial:
        pass


async def test_client_that_trusts_the_authority_is_answered(
    secure: Gateway, authority: Authority
) -> None:
    """By address too, for which no client names a host in its hello."""
    async with _client(secure, authority.trust()) as client:
        response = await client.get("/api/v1/me")

    assert response.json()["email"] == "owner@localhost"
    assert response.http_version == "HTTP/1.1"


async def test_client_that_does_not_know_the_authority_goes_away(
    secure: Gateway,
) -> None:
    """The certificate is a real one: verification fails without its authority."""
    async with _client(secure, None) as client:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.get("/api/v1/me")


@pytest.mark.parametrize("version", [_TLS_1_2, _TLS_1_3])
async def test_both_present_versions_of_tls_are_spoken(
    secure: Gateway, authority: Authority, version: ssl.TLSVersion
) -> None:
    """And a new connection is shown the certificate in both."""
    trust = authority.trust()
    trust.minimum_version = trust.maximum_version = version

    assert await _serial(secure.port, trust) == 11


async def test_older_tls_is_refused(secure: Gateway, authority: Authority) -> None:
    """TLS 1.1 is broken; a client that knows no better gets no connection."""
    trust = authority.trust()
    trust.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        trust.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        trust.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await _serial(secure.port, trust)


async def test_plain_http_is_told_nothing(secure: Gateway) -> None:
    """Neither an answer of ours nor a redirect that a cookie would travel before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", secure.port)
    writer.write(b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")

    answer = await reader.read()

    writer.close()
    assert b"HTTP" not in answer


async def test_own_origin_is_the_https_one(
    secure: Gateway, authority: Authority
) -> None:
    """The page as it was served may write; the same host by plain http may not."""
    host = f"127.0.0.1:{secure.port}"
    async with _client(secure, authority.trust()) as client:
        own = await client.post(
            "/api/v1/documents",
            json={"title": "Plan", "text": "We plan."},
            headers={"Origin": f"https://{host}"},
        )
        plain = await client.post(
            "/api/v1/documents",
            json={"title": "Plan", "text": "We plan."},
            headers={"Origin": f"http://{host}"},
        )

    assert own.status_code == 201
    assert plain.json()["reason"] == "ORIGIN_NOT_ALLOWED"


async def test_events_are_streamed_and_resumed(
    secure: Gateway, authority: Authority
) -> None:
    """A viewer that lost its connection goes on behind what it has."""
    trust = authority.trust()
    secure.runs.add(run_summary("run_1"))
    secure.runs.append("run_1", RunStarted())
    async with view(secure.port, trust=trust) as viewer:
        await viewer.until("run.started")

    secure.runs.append("run_1", RunSucceeded())
    secure.runs.rest("run_1")
    async with view(secure.port, last_event_id="2", trust=trust) as again:
        await again.to_the_end()

    assert viewer.sequences == [1, 2]
    assert again.sequences == [3]
    assert again.is_clean


async def test_renewed_pair_is_shown_while_streams_go_on(
    secure: Gateway, authority: Authority, tmp_path: Path
) -> None:
    """New connections see the new certificate; an open one does not notice."""
    trust = authority.trust()
    secure.runs.add(run_summary("run_1"))
    async with view(secure.port, trust=trust) as viewer:
        await viewer.until("run.created")
        before = await _serial(secure.port, trust)

        authority.write_pair(tmp_path, serial=12)
        await _until_shown(12, secure.port, trust)

        secure.runs.append("run_1", RunStarted(), RunSucceeded())
        secure.runs.rest("run_1")
        await viewer.to_the_end()

    assert before == 11
    assert viewer.sequences == [1, 2, 3]
    assert viewer.is_clean


async def test_half_written_pair_is_not_served(
    authority: Authority, tmp_path: Path
) -> None:
    """The old pair is shown, and the log says why, until the new one is whole."""
    trust = authority.trust()
    files = authority.write_pair(tmp_path, serial=11)
    old_key = files.key.read_bytes()
    certificate = ServedCertificate(files, check_every=_OFTEN)
    authority.write_pair(tmp_path, serial=12)
    new_key = files.key.read_bytes()
    files.key.write_bytes(old_key)
    with capture_logs() as logs:
        async with serve(tmp_path, certificate=certificate) as gateway:
            seen = []
            while not any(entry["event"] == "certificate.kept" for entry in logs):
                seen.append(await _serial(gateway.port, trust))
            seen.append(await _serial(gateway.port, trust))

            files.key.write_bytes(new_key)
            await _until_shown(12, gateway.port, trust)

    assert set(seen) == {11}
    kept = next(entry for entry in logs if entry["event"] == "certificate.kept")
    assert f"{files.key} is not the key of {files.certificate}" in kept["error"]


async def test_files_that_vanish_are_survived(
    secure: Gateway, authority: Authority, tmp_path: Path
) -> None:
    """Between the removal of old files and the writing of new ones."""
    trust = authority.trust()
    (tmp_path / "service.crt").unlink()
    with capture_logs() as logs:
        while not any(entry["event"] == "certificate.kept" for entry in logs):
            assert await _serial(secure.port, trust) == 11

    authority.write_pair(tmp_path, serial=12)

    await _until_shown(12, secure.port, trust)


async def test_gateway_is_wired_for_https(authority: Authority, tmp_path: Path) -> None:
    """From the two settings to an answer."""
    files = authority.write_pair(tmp_path, serial=11)
    app = GatewayApp(
        GatewaySettings(
            data_dir=tmp_path,
            port=0,
            tls_cert_file=files.certificate,
            tls_key_file=files.key,
            page_dir=tmp_path / "none",
        )
    )
    await app.start()
    try:
        async with httpx.AsyncClient(
            verify=authority.trust(), trust_env=False
        ) as client:
            response = await client.get(f"https://localhost:{app.port}/livez")
    finally:
        await app.stop()

    assert response.json() == {"status": "ok"}


def _not_a_key(files: Path) -> None:
    (files / "service.key").write_text("no key")


def _other_key(files: Path) -> None:
    key = (files / "service.key").read_bytes()
    Authority().write_pair(files, serial=1)
    (files / "service.key").write_bytes(key)


def _no_key(files: Path) -> None:
    (files / "service.key").unlink()


def _locked_key(files: Path) -> None:
    Authority().write_pair(files, serial=1, password=b"secret")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_not_a_key, "are no PEM certificate and key"),
        (_other_key, "is not the key of"),
        (_no_key, "can't be read: No such file or directory"),
        (_locked_key, "must not have a password"),
    ],
)
async def test_bad_pair_refuses_to_start(
    authority: Authority, tmp_path: Path, spoil: object, words: str
) -> None:
    """The message names the settings and says what is wrong with which file."""
    files = authority.write_pair(tmp_path, serial=11)
    assert callable(spoil)
    spoil(tmp_path)

    with pytest.raises(CertificateError, match=words) as raised:
        ServedCertificate(files)

    assert "ROUNDTABLE_GATEWAY_TLS_KEY_FILE" in str(raised.value)


@pytest.mark.parametrize(
    ("public_url", "host", "expected"),
    [
        ("https://round.example", "round.example", "max-age=31536000"),
        ("https://round.example", "localhost:8000", None),
        (None, "round.example", None),
        ("http://round.example", "round.example", None),
    ],
)
async def test_browsers_are_held_to_https(
    tmp_path: Path, public_url: str | None, host: str, expected: str | None
) -> None:
    """Where people come by HTTPS; never for a loopback name, which others share."""
    settings = GatewaySettings(public_url=public_url, page_dir=tmp_path)
    async with serve(tmp_path, settings=settings) as gateway:
        response = await gateway.http.get("/livez", headers={"Host": host})

    assert response.headers.get(_HSTS) == expected
