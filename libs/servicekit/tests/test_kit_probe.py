"""A container's health check: one question, its answer as exit code."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from roundtable_kit.certs import ensure_certificates
from support.echo_service import Echo, serving


async def _probe(*arguments: str, certificates_dir: Path | None = None) -> int:
    folder = "" if certificates_dir is None else str(certificates_dir)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "roundtable_kit.probe", *arguments),
        env={"ROUNDTABLE_CERTIFICATES_DIR": folder},
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    assert (process.returncode == 0) is not errors.startswith(b"probe: ")
    assert b"Traceback" not in errors
    return process.returncode or 0


@asynccontextmanager
async def _web(status: str, *, folder: Path | None = None) -> AsyncIterator[str]:
    """Answer every request so; over TLS with the certificate in a folder."""

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        assert request.startswith(b"GET /readyz HTTP/1.1\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nLocation: /livez\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        writer.close()

    context = None
    if folder is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "service.crt", folder / "service.key")
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    scheme = "http" if folder is None else "https"
    async with server:
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/readyz"


async def test_a_service_probes_itself_with_its_own_certificate(tmp_path: Path) -> None:
    """No other certificate is needed in the container."""
    ensure_certificates(tmp_path)
    own = tmp_path / "store"

    async with serving(Echo(), own) as address:
        assert await _probe("grpc", address, certificates_dir=own) == 0


async def test_a_plain_service_is_probed_without(tmp_path: Path) -> None:
    """Where nothing has certificates, neither has the probe."""
    async with serving(Echo(), None) as address:
        assert await _probe("grpc", address) == 0


async def test_a_service_of_another_name_is_not_this_one(tmp_path: Path) -> None:
    """What answers in a service's place does not make it well."""
    ensure_certificates(tmp_path)

    async with serving(Echo(), tmp_path / "store") as address:
        own = tmp_path / "persona-runner"
        assert await _probe("grpc", address, certificates_dir=own) == 1


async def test_nobody_there_is_not_well(tmp_path: Path) -> None:
    """A refused connection is exit code 1, for both protocols."""
    assert await _probe("grpc", "127.0.0.1:9") == 1
    assert await _probe("http", "http://127.0.0.1:9/readyz") == 1


async def test_certificates_that_cannot_be_used_are_not_well(tmp_path: Path) -> None:
    """A folder without certificates is exit code 1 and words."""
    assert await _probe("grpc", "127.0.0.1:9", certificates_dir=tmp_path) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("200 OK", 0),
        ("503 Service Unavailable", 1),
        ("307 Temporary Redirect", 1),
    ],
)
async def test_a_page_is_well_when_it_says_so(status: str, code: int) -> None:
    """Only 200 counts; nothing is followed."""
    async with _web(status) as url:
        assert await _probe("http", url) == code


async def test_a_certificate_may_hold_another_name(tmp_path: Path) -> None:
    """The gateway's is for its public name, not for the one it is probed under."""
    ensure_certificates(tmp_path)

    async with _web("200 OK", folder=tmp_path / "gateway") as url:
        assert await _probe("http", url) == 0


async def test_asking_for_a_page_loads_no_grpc() -> None:
    """It is asked every few seconds, and loading takes longer than asking."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-m", "roundtable_kit.probe"),
        *("http", "http://127.0.0.1:9/readyz"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()

    loaded = {line.rpartition(b"|")[2].strip() for line in told.splitlines()}
    assert b"http.client" in loaded
    assert not loaded & {b"grpc", b"pydantic", b"structlog", b"cryptography"}
