"""A small real program that keeps the launcher's contract, or breaks it on demand.

It runs as ``python -m roundtable_store`` and so on, in place of the real services, and
keeps a journal of what happened to it. ``STAND_IN_<NAME>`` chooses a fault:
``stubborn`` ignores SIGTERM, ``mortal`` dies at once, ``babbling`` writes no port,
``silent`` writes nothing, ``noisy`` first floods standard error, ``parent`` starts a
grandchild that holds standard error open and ignores SIGTERM.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType

_ADDRESS = {
    "store": "ROUNDTABLE_STORE_ADDRESS",
    "runner": "ROUNDTABLE_RUNNER_ADDRESS",
    "gateway": "PORT",
}
_GRANDCHILD = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(60)
"""


class _Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        runner = {"status": "ok", "engine": "rehearsal", "account": "none"}
        body = json.dumps(
            {
                "status": "ok",
                "services": {"store": {"status": "ok"}, "persona_runner": runner},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        # Read whole: closing on unread bytes resets the connection under the answer.
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_error(501)

    def log_message(self, *_: object) -> None:
        """Keep standard error for what tests look for."""


def main(name: str) -> None:
    """Play the service of that name."""
    fault = os.environ.get(f"STAND_IN_{name.upper()}", "")
    host, _, port = os.environ[_ADDRESS[name]].rpartition(":")
    server = HTTPServer((host or "127.0.0.1", int(port)), _Health)
    journal = _Journal(name)
    journal.note("start", port=server.server_port, environment=dict(os.environ))

    def on_sigterm(_number: int, _frame: FrameType | None) -> None:
        journal.note("sigterm")
        if fault != "stubborn":
            sys.exit(0)

    signal.signal(signal.SIGTERM, on_sigterm)
    if fault == "parent":
        grandchild = subprocess.Popen((sys.executable, "-c", _GRANDCHILD))  # noqa: S603 - fixed words
        journal.note("grandchild", child_pid=grandchild.pid)
    _misbehave_before_ready(name, fault)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps({"port": server.server_port}) + "\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    journal.note("eof")


class _Journal:
    def __init__(self, name: str) -> None:
        self._name = name
        self._path = Path(os.environ["STAND_IN_JOURNAL"])

    def note(self, what: str, **more: object) -> None:
        entry = {"name": self._name, "what": what, "pid": os.getpid(), **more}
        with self._path.open("a") as journal:
            journal.write(json.dumps(entry) + "\n")


def _misbehave_before_ready(name: str, fault: str) -> None:
    if fault == "mortal":
        sys.exit(f"{name}: no room on the disk")
    if fault == "noisy":
        for _ in range(4_000):
            sys.stderr.write("x" * 1_000 + "\n")
    if fault == "babbling":
        sys.stdout.write("hello\n")
        sys.stdout.flush()
    if fault == "silent":
        time.sleep(60)
