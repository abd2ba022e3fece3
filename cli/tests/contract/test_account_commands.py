"""`login`, `logout`, `runner` and `doctor` as processes, against a played gateway."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

_SECONDS = 30.0
_LOGIN = "/api/v1/admin/claude/login"
_TEST = "/api/v1/admin/claude/test"
_WAIT = (
    "wait until the limit opens again, runs go on by themselves; or use another account"
)
_RUNNER: dict[str, Any] = {
    "engine": "claude",
    "account": "subscription",
    "since": "2026-05-01T12:30:00Z",
    "working": True,
    "cli_version": "2.1.330",
    "models": ["opus", "haiku"],
    "default_model": "opus",
    "capacity": {"slots": 9, "busy": 2, "warm": 3, "queued": 4},
    "limits": None,
    "last_error": None,
}
_ANSWERED: dict[str, Any] = {
    "working": True,
    "reason": None,
    "detail": None,
    "seconds": 1.25,
    "model": "opus",
    "usage": None,
}


class _PlayedGateway(ThreadingHTTPServer):
    """A gateway over real HTTP that answers as it is told.

    Attributes:
        answers: Status and body by method and path; a list is used up one by one.
        requests: What came in: method, path, body, token.
        clock: How far its clock is ahead.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, str, Any, str | None]] = []
        self.clock = timedelta(0)
        self.health: dict[str, Any] = {
            "status": "ok",
            "version": version("roundtable-cli"),
            "services": {
                "store": {"status": "ok"},
                "persona_runner": {"status": "ok", "engine": None, "account": None},
            },
        }
        self.runner = dict(_RUNNER)
        login = {"login_id": "L1", "url": "https://claude.example.org/?state=1"}
        self.answers: dict[tuple[str, str], list[tuple[int, Any]]] = {
            ("GET", "/health"): [(200, self.health)],
            ("GET", "/api/v1/runner"): [(200, self.runner)],
            ("POST", _LOGIN): [(201, login)],
            ("POST", f"{_LOGIN}/L1/code"): [(204, None)],
            ("DELETE", _LOGIN): [(204, None)],
            ("POST", _TEST): [(200, _ANSWERED)],
        }

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self) -> list[tuple[str, str]]:
        """Return method and path of each request."""
        return [(method, path) for method, path, _, _ in self.requests]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Fail the test rather than print: the client sees a cut connection."""


class _Handler(BaseHTTPRequestHandler):
    server: _PlayedGateway

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        gateway, key = self.server, (self.command, self.path)
        gateway.requests.append((*key, body, self.headers.get("Authorization")))
        answers = gateway.answers.get(key, [(404, None)])
        status, content = answers.pop(0) if len(answers) > 1 else answers[0]
        encoded = b"" if content is None else json.dumps(content).encode()
        self.send_response_only(status)
        self.send_header("Date", format_datetime(datetime.now(UTC) + gateway.clock))
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[_PlayedGateway]:
    """A gateway whose runner is logged in and works."""
    gateway = _PlayedGateway()
    thread = threading.Thread(target=gateway.serve_forever)
    thread.start()
    yield gateway
    gateway.shutdown()
    thread.join(_SECONDS)
    gateway.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as the launcher makes it, for the doctor."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def _roundtable(
    *arguments: str, server: str | None, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    named = {} if server is None else {"ROUNDTABLE_URL": server}
    return subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-P", "-m", "roundtable_cli", *arguments),
        env={"PATH": os.environ["PATH"], **named, **environment},
        input=typed,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def _problem(status: int, reason: str, detail: str = "So it is.") -> tuple[int, Any]:
    return status, {"title": "No", "status": status, "reason": reason, "detail": detail}


def test_login_shows_where_to_go_and_tries_the_account(gateway: _PlayedGateway) -> None:
    """Address, code, one tiny turn, and what is in use from now on."""
    done = _roundtable("login", server=gateway.url, typed="abc#def\n")

    assert done.returncode == 0, done.stderr
    assert "https://claude.example.org/?state=1" in done.stdout
    assert "It works: opus answered in 1.2 s." in done.stdout
    assert "In use: a Claude subscription" in done.stdout
    assert [request[:3] for request in gateway.requests[:3]] == [
        ("POST", _LOGIN, None),
        ("POST", f"{_LOGIN}/L1/code", {"code": "abc#def"}),
        ("POST", _TEST, {}),
    ]


def test_code_that_is_cut_short_is_asked_for_again(gateway: _PlayedGateway) -> None:
    """The login waits for the whole of it."""
    code = ("POST", f"{_LOGIN}/L1/code")
    gateway.answers[code] = [_problem(422, "LOGIN_CODE_INCOMPLETE"), (204, None)]

    done = _roundtable("login", server=gateway.url, typed="abc\nabc#def\n")

    assert done.returncode == 0, done.stderr
    assert "not the whole code" in done.stdout
    assert [r[2] for r in gateway.requests if r[:2] == code] == [
        {"code": "abc"},
        {"code": "abc#def"},
    ]


def test_refused_code_is_told_and_tried_once(gateway: _PlayedGateway) -> None:
    """A code counts once, and the account is not tried with nothing to try."""
    code = ("POST", f"{_LOGIN}/L1/code")
    gateway.answers[code] = [_problem(422, "LOGIN_REFUSED", "Begin again.")]

    done = _roundtable("login", server=gateway.url, typed="abc#def\n")

    assert done.returncode == 64
    assert "LOGIN_REFUSED" in done.stderr
    assert "Begin again." in done.stderr
    assert gateway.asked() == [("POST", _LOGIN), code]


def test_login_that_does_not_work_is_a_failure(gateway: _PlayedGateway) -> None:
    """It says why, and what to do."""
    failed = {**_ANSWERED, "working": False, "reason": "rate_limited", "detail": "No."}
    gateway.answers["POST", _TEST] = [(200, failed)]

    done = _roundtable("login", server=gateway.url, typed="abc#def\n")

    assert done.returncode == 1
    assert "It does not work: rate_limited: No." in done.stderr
    assert "To mend it: wait until the limit opens again" in done.stderr


def test_login_beside_a_configured_account_is_refused_at_once(
    gateway: _PlayedGateway,
) -> None:
    """Nobody signs in for nothing."""
    gateway.answers["POST", _LOGIN] = [
        _problem(409, "ACCOUNT_IS_CONFIGURED", "A key is set.")
    ]

    done = _roundtable("login", server=gateway.url, typed="abc#def\n")

    assert done.returncode == 2
    assert "A key is set." in done.stderr
    assert gateway.asked() == [("POST", _LOGIN)]


def test_member_is_told_who_may(gateway: _PlayedGateway) -> None:
    """With the code of those whom the gateway does not let."""
    gateway.answers["DELETE", _LOGIN] = [_problem(403, "NOT_AN_ADMIN")]

    done = _roundtable("logout", server=gateway.url)

    assert done.returncode == 77
    assert "NOT_AN_ADMIN" in done.stderr


def test_logout_says_what_is_in_use_now(gateway: _PlayedGateway) -> None:
    """With no other account Claude does not answer."""
    gateway.runner["account"] = "none"

    done = _roundtable("logout", server=gateway.url)

    assert done.returncode == 0
    assert done.stdout == "Logged out.\nIn use now: none, so Claude does not answer.\n"


def test_runner_shows_all_there_is(gateway: _PlayedGateway) -> None:
    """Engine, account, models, load, limits, the last error and its mend."""
    gateway.runner |= {
        "working": False,
        "limits": {"reset_time": "2026-05-01T17:30:00Z"},
        "last_error": {"reason": "rate_limited", "detail": "Too much.", "time": "x"},
    }

    done = _roundtable("runner", server=gateway.url, TZ="UTC")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Engine        Claude",
        "Account       a Claude subscription, logged in, since 2026-05-01 12:30 UTC",
        "Works         no",
        "Models        opus, haiku",
        "Default model opus",
        "Claude CLI    2.1.330",
        "Turns         2 of 9 go on, 4 wait; 3 processes are warm",
        "Limit         reached; it opens again at 2026-05-01 17:30 UTC",
        "Last error    rate_limited: Too much.",
        f"To mend it    {_WAIT}",
    ]


@pytest.mark.parametrize("command", ["login", "logout", "runner"])
def test_no_gateway_has_its_code(command: str) -> None:
    """69, as with every command."""
    assert _roundtable(command, server="http://127.0.0.1:9").returncode == 69


@pytest.mark.parametrize(
    ("host", "token", "is_warned"),
    [
        ("127.0.0.1", "rt_made_up", False),
        ("0.0.0.0", "rt_made_up", True),  # noqa: S104 - no loopback name, and this machine
        ("0.0.0.0", "", False),  # noqa: S104 - as above
    ],
)
def test_token_that_others_could_read_is_warned_of(
    gateway: _PlayedGateway, host: str, token: str, *, is_warned: bool
) -> None:
    """Over plain HTTP off this machine; the command goes on, and shows no token."""
    server = f"http://{host}:{gateway.server_port}"

    done = _roundtable("runner", server=server, ROUNDTABLE_TOKEN=token)

    assert done.returncode == 0, done.stderr
    assert ("travels unencrypted" in done.stderr) is is_warned
    assert "rt_made_up" not in done.stdout + done.stderr
    sent = gateway.requests[-1][3]
    assert sent == (f"Bearer {token}" if token else None)


def _doctor(
    server: str | None, folder: Path, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return _roundtable(
        "doctor", "--data-dir", str(folder), *options, server=server, **environment
    )


def _marks(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """Return the mark of each subject; a mend follows each that is not well."""
    lines = done.stdout.splitlines()[1:-1]
    heads = [line for line in lines if not line.startswith(" ")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line[0] in "!✗":
            assert following.strip().startswith("→"), line
    return {re.split(r"  +", head[2:])[0]: head[0] for head in heads}


def test_doctor_of_another_machine_names_what_it_did_not_see(
    gateway: _PlayedGateway, folder: Path
) -> None:
    """Whatever is local is skipped, and the rest is judged."""
    done = _doctor(f"http://0.0.0.0:{gateway.server_port}", folder)

    assert done.returncode == 0, done.stderr
    marks = _marks(done)
    assert marks.pop("its machine") == "·"
    assert set(marks) == {"gateway", "clock", "versions", "account", "endpoint"}
    assert set(marks.values()) == {"✓"}
    assert "port, data folder, disk" in done.stdout
    assert "All is well." in done.stdout


def test_doctor_tries_the_account_when_it_is_asked_to(
    gateway: _PlayedGateway, folder: Path
) -> None:
    """And only then: it costs a few tokens."""
    failed = {**_ANSWERED, "working": False, "reason": "unreachable", "detail": "No."}
    gateway.answers["POST", _TEST] = [(200, failed)]

    without = _doctor(gateway.url, folder)
    tested = _doctor(gateway.url, folder, "--test")
    _doctor(gateway.url, folder, "--test", "--model", "small")

    assert (without.returncode, tested.returncode) == (0, 1)
    asked_for = [body for _, path, body, _ in gateway.requests if path == _TEST]
    assert asked_for == [{}, {"model": "small"}]
    assert _marks(tested)["endpoint"] == "✗"
    assert "1 thing is broken." in tested.stdout


def test_doctor_finds_a_clock_that_is_wrong(
    gateway: _PlayedGateway, folder: Path
) -> None:
    """An hour is harmful; the mend is NTP."""
    gateway.clock = timedelta(hours=1)

    done = _doctor(gateway.url, folder)

    assert (done.returncode, _marks(done)["clock"]) == (1, "✗")
    assert "3599 s ahead" in done.stdout or "3600 s ahead" in done.stdout
    assert "NTP" in done.stdout


def test_doctor_finds_services_that_are_away(
    gateway: _PlayedGateway, folder: Path
) -> None:
    """The gateway answers, and says whom it misses."""
    gateway.health["status"] = "degraded"
    gateway.health["services"]["persona_runner"]["status"] = "down"
    gateway.answers["GET", "/api/v1/runner"] = [_problem(503, "UNREACHABLE")]

    done = _doctor(gateway.url, folder)

    marks = _marks(done)
    assert done.returncode == 1
    assert (marks["gateway"], marks["account"]) == ("✗", "✗")
    assert "persona-runner is away" in done.stdout


def test_doctor_without_a_token_says_what_it_could_not_ask(
    gateway: _PlayedGateway, folder: Path
) -> None:
    """A stranger is told little; that is no fault."""
    gateway.answers["GET", "/api/v1/runner"] = [_problem(401, "SIGN_IN_REQUIRED")]

    done = _doctor(gateway.url, folder)

    assert (done.returncode, _marks(done)["account"]) == (0, "·")
    assert "ROUNDTABLE_TOKEN" in done.stdout


def test_doctor_without_a_gateway_looks_at_this_machine(folder: Path) -> None:
    """Nothing is broken where nothing was started; it says how to start."""
    with closing(socket.create_server(("127.0.0.1", 0))) as reserved:
        port = reserved.getsockname()[1]

    done = _doctor(None, folder, PORT=str(port))

    marks = _marks(done)
    assert done.returncode == 0
    assert (marks["gateway"], marks["port"], marks["data folder"]) == ("!", "✓", "✓")
    assert "Only this machine is looked at." in done.stdout
    assert "roundtable up" in done.stdout


def test_doctor_of_a_named_gateway_that_is_away_is_a_failure(folder: Path) -> None:
    """Somebody meant that one."""
    done = _doctor("http://127.0.0.1:9", folder)

    assert (done.returncode, _marks(done)["gateway"]) == (1, "✗")


def test_doctor_finds_a_port_that_another_program_has(folder: Path) -> None:
    """One that never answers, too; the mend is another port."""

    class _Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as stranger:
        thread = threading.Thread(target=stranger.serve_forever)
        thread.start()
        done = _doctor(None, folder, PORT=str(stranger.server_port))
        stranger.shutdown()
        thread.join(_SECONDS)

    marks = _marks(done)
    assert (done.returncode, marks["port"]) == (1, "✗")
    assert "--port 8001" in done.stdout


def test_doctor_finds_a_data_folder_that_is_none(folder: Path) -> None:
    """The figures of the disk wait until there is one."""
    file = folder / "file"
    file.touch()

    done = _doctor("http://127.0.0.1:9", file)

    marks = _marks(done)
    assert (done.returncode, marks["data folder"]) == (1, "✗")
    assert "disk" not in marks
    assert "ROUNDTABLE_DATA_DIR" in done.stdout


def test_doctor_shows_no_credential(gateway: _PlayedGateway, folder: Path) -> None:
    """Two at once are named by their variables alone."""
    done = _doctor(
        gateway.url,
        folder,
        ANTHROPIC_API_KEY="sk-made-up",
        CLAUDE_CODE_OAUTH_TOKEN="sk-made-up",
        ROUNDTABLE_TOKEN="rt_made_up",
    )

    assert _marks(done)["variables"] == "!"
    assert "unset CLAUDE_CODE_OAUTH_TOKEN" in done.stdout
    assert "made" not in done.stdout.replace("made within", "")
    assert done.stderr == ""
