"""`roundtable export` as a process, against a played gateway."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

import pytest

_SECONDS = 20.0
_REPORT = "# Größe\r\n\x1b[31mred\n".encode()


class _PlayedGateway(ThreadingHTTPServer):
    """A gateway that has one run, and notes what it is asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str | None]] = []


class _Handler(BaseHTTPRequestHandler):
    server: _PlayedGateway

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        if self.path.startswith("/api/v1/runs/run_1/export?"):
            self._answer(200, "text/markdown", _REPORT)
            return
        problem = {
            "title": "Not found",
            "status": 404,
            "detail": "There is no such run.",
            "reason": "RUN_NOT_FOUND",
        }
        self._answer(404, "application/problem+json", json.dumps(problem).encode())

    def _answer(self, status: int, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[_PlayedGateway]:
    """Serve a played gateway."""
    with _PlayedGateway() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join(_SECONDS)


def _export(
    gateway: _PlayedGateway,
    *arguments: str,
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.CompletedProcess[bytes]:
    url = f"http://127.0.0.1:{gateway.server_port}"
    return subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-P", "-m", "roundtable_cli", "export", *arguments),
        env={**os.environ, "ROUNDTABLE_URL": url, "ROUNDTABLE_TOKEN": "rt_made_up"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("form", ["md", "html", "csv", "json"])
def test_file_holds_what_the_gateway_sent(
    gateway: _PlayedGateway, tmp_path: Path, form: str
) -> None:
    """Byte for byte, over what was there."""
    out = tmp_path / "report"
    out.write_bytes(b"older and much longer than what comes now " * 9)

    done = _export(gateway, "run_1", "--format", form, "--out", str(out))

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert out.read_bytes() == _REPORT
    path = f"/api/v1/runs/run_1/export?format={form}"
    assert gateway.asked == [(path, "Bearer rt_made_up")]


def test_pipe_gets_the_bytes(gateway: _PlayedGateway) -> None:
    """Markdown unless another format is named, and nothing around it."""
    done = _export(gateway, "run_1")

    assert (done.returncode, done.stdout) == (0, _REPORT)
    assert [path for path, _ in gateway.asked] == [
        "/api/v1/runs/run_1/export?format=md"
    ]


def test_terminal_obeys_no_document(gateway: _PlayedGateway) -> None:
    """Whoever reads it in a terminal sees the words, and nothing happens."""
    leader, follower = os.openpty()
    with closing(os.fdopen(leader, "rb", buffering=0)) as screen:
        done = _export(gateway, "run_1", stdout=follower)
        os.close(follower)
        shown = screen.read(1024) or b""

    assert done.returncode == 0
    assert "# Größe" in shown.decode()
    assert b"\x1b" not in shown


@pytest.mark.parametrize("run_id", ["none", "../../runs/run_1", "run_1?x="])
def test_unknown_run_is_told(
    gateway: _PlayedGateway, tmp_path: Path, run_id: str
) -> None:
    """Nothing is written, and an id is never an address."""
    out = tmp_path / "report.md"

    done = _export(gateway, run_id, "--out", str(out))

    assert done.returncode == 64
    assert b"There is no such run." in done.stderr
    assert not out.exists()


def test_file_that_cannot_be_written_is_told(
    gateway: _PlayedGateway, tmp_path: Path
) -> None:
    """With its name and why."""
    out = tmp_path / "none" / "report.md"

    done = _export(gateway, "run_1", "--out", str(out))

    assert done.returncode == 64
    assert b"No such file or directory" in done.stderr
