"""`roundtable up` as a process, over stand-ins for the services."""

import fcntl
import os
import pty
import signal
import socket
import stat
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

Journal = Callable[[], list[dict[str, Any]]]

_COMMAND = (sys.executable, "-P", "-m", "roundtable_cli", "up")
_SECONDS = 20.0


class _Up:
    """A launcher that runs, its terminal or pipe being `reader`."""

    def __init__(self, process: subprocess.Popen[bytes], reader: int) -> None:
        self.process = process
        self._reader = reader
        self.output = ""

    def read_until(self, words: str) -> None:
        """Read what it prints up to these words."""
        while words not in self.output:
            try:
                chunk = os.read(self._reader, 4096)
            except OSError:  # a terminal ends with EIO, not with an empty read
                chunk = b""
            assert chunk, f"ended before {words!r}: {self.output}"
            self.output += chunk.decode()

    def stop(self, signal_number: int) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(signal_number)
        return self.process.wait(_SECONDS)


@contextmanager
def _up(
    environment: dict[str, str],
    folder: Path,
    *options: str,
    stderr: int = subprocess.STDOUT,
) -> Iterator[_Up]:
    with subprocess.Popen(  # noqa: S603 - our own command
        (*_COMMAND, *(options or ("--port", "0"))),
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=stderr,
    ) as process:
        assert process.stdout is not None
        try:
            yield _Up(process, process.stdout.fileno())
        finally:
            process.kill()


@contextmanager
def _up_on_a_terminal(
    environment: dict[str, str], folder: Path
) -> Iterator[tuple[_Up, int]]:
    controller, terminal = pty.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    with subprocess.Popen(  # noqa: S603 - our own command
        (*_COMMAND, "--port", "0"),
        env=environment,
        cwd=folder,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509 - no threads here yet
    ) as process:
        os.close(terminal)
        try:
            yield _Up(process, controller), controller
        finally:
            process.kill()
            os.close(controller)


def _wait_until_gone(journal: Journal) -> None:
    """Wait for the end of every process in the journal; fail if one stays."""
    processes = []
    for pid in {entry.get("child_pid", entry["pid"]) for entry in journal()}:
        try:
            processes.append(psutil.Process(pid))
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(processes, timeout=_SECONDS)
    assert not alive


def test_up_says_where_it_is_ready_and_who_speaks(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The address is the gateway's own, the engine what its health says."""
    with _up(stand_in_environment, tmp_path) as up:
        up.read_until("Press Ctrl-C to stop.")
        up.stop(signal.SIGTERM)

    gateway = next(e for e in journal() if e["name"] == "gateway")
    address = f"http://127.0.0.1:{gateway['port']}"
    assert f"Persona Roundtable is ready: {address}\n" in up.output
    assert "Engine: rehearsal: rule-based checks, not AI\n" in up.output
    assert "Account: none, so Claude does not answer\n" in up.output
    assert f"To have one: roundtable login --server {address} " in up.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_requested_stop_is_a_success(
    stand_in_environment: dict[str, str],
    tmp_path: Path,
    journal: Journal,
    *,
    number: signal.Signals,
) -> None:
    """A signal ends the launcher with 0 and leaves no process."""
    with _up(stand_in_environment, tmp_path) as up:
        up.read_until("ready:")
        exit_code = up.stop(number)

    assert exit_code == 0
    _wait_until_gone(journal)


def test_ctrl_c_on_a_terminal_reaches_the_launcher_alone(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The services are stopped in order by the launcher, not by the terminal."""
    with _up_on_a_terminal(stand_in_environment, tmp_path) as (up, keyboard):
        up.read_until("ready:")
        os.write(keyboard, b"\x03")
        up.read_until("Stopped.")
        exit_code = up.process.wait(_SECONDS)

    assert exit_code == 0
    _wait_until_gone(journal)
    stops = [entry["name"] for entry in journal() if entry["what"] == "sigterm"]
    assert stops == ["gateway", "runner", "store"]


def test_second_ctrl_c_kills_at_once(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A service that ignores SIGTERM does not make the impatient wait."""
    stand_in_environment["STAND_IN_GATEWAY"] = "stubborn"
    with _up_on_a_terminal(stand_in_environment, tmp_path) as (up, keyboard):
        up.read_until("ready:")
        os.write(keyboard, b"\x03")
        up.read_until("Stopping the gateway")
        os.write(keyboard, b"\x03")
        up.read_until("Killed.")
        exit_code = up.process.wait(_SECONDS)

    assert exit_code == 130
    assert "did not stop within" not in up.output
    _wait_until_gone(journal)


def test_services_stop_when_the_launcher_is_killed(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """After `kill -9` of the launcher each service reads the end of its input."""
    with _up(stand_in_environment, tmp_path) as up:
        up.read_until("ready:")
        up.stop(signal.SIGKILL)
        _wait_until_gone(journal)

    ended = {entry["name"] for entry in journal() if entry["what"] == "eof"}
    assert ended == {"store", "runner", "gateway"}


def test_up_says_how_to_get_in_where_tokens_are_asked_for(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """At once: such a gateway tells strangers nothing of its engine."""
    environment = {**stand_in_environment, "ROUNDTABLE_GATEWAY_AUTH": "token"}

    with _up(environment, tmp_path) as up:
        up.read_until("Press Ctrl-C to stop.")
        up.stop(signal.SIGTERM)

    assert "roundtable token create EMAIL\n" in up.output
    assert "Engine:" not in up.output


def test_each_secret_goes_to_its_owner_alone(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """Claude's to the runner only, the database's to the store, the user's to none."""
    claude = {"ANTHROPIC_API_KEY": "k", "CLAUDE_CODE_OAUTH_TOKEN_FILE": "t"}
    user = {"ROUNDTABLE_TOKEN": "t", "ROUNDTABLE_TOKEN_FILE": "f"}
    environment = {**stand_in_environment, **claude, **user, "DATABASE_URL": "d"}

    with _up(environment, tmp_path) as up:
        up.read_until("ready:")
        up.stop(signal.SIGTERM)

    secrets = {*claude, *user, "DATABASE_URL"}
    seen = {
        entry["name"]: secrets & set(entry["environment"])
        for entry in journal()
        if entry["what"] == "start"
    }
    assert seen == {"store": {"DATABASE_URL"}, "runner": set(claude), "gateway": set()}


def test_each_service_is_given_its_own_certificates_alone(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """They are made before the start; nobody is told of the authority or of others."""
    with _up(stand_in_environment, tmp_path) as up:
        up.read_until("ready:")
        up.stop(signal.SIGTERM)

    folder = tmp_path / ".roundtable" / "certificates"
    told = {
        entry["name"]: Path(entry["environment"]["ROUNDTABLE_CERTIFICATES_DIR"])
        for entry in journal()
        if entry["what"] == "start"
    }
    assert told == {
        "store": folder / "store",
        "runner": folder / "persona-runner",
        "gateway": folder / "gateway",
    }
    assert all((path / "service.crt").is_file() for path in told.values())


def test_taken_port_is_named(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """Nothing is started when the port is taken; the error says how to choose."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        environment = {**stand_in_environment, "PORT": str(port)}
        with _up(environment, tmp_path, "--verbose") as up:
            up.read_until("--port")
            exit_code = up.process.wait(_SECONDS)

    assert exit_code == 1
    assert f"Port {port} on 127.0.0.1 is taken" in up.output
    assert "PORT=" in up.output
    assert not journal()


def test_data_folder_is_the_owners_alone(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The default data folder lies in the current one, closed to all others."""
    with _up(stand_in_environment, tmp_path) as up:
        up.read_until("ready:")
        up.stop(signal.SIGTERM)

    folder = tmp_path / ".roundtable"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    told = {e["environment"]["ROUNDTABLE_DATA_DIR"] for e in journal() if "port" in e}
    assert told == {str(folder)}


def test_errors_of_a_service_carry_its_name(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A service that does not start: its last words, its name, exit code 1."""
    stand_in_environment["STAND_IN_RUNNER"] = "mortal"
    with _up(stand_in_environment, tmp_path) as up:
        up.read_until("Error: The runner ended before it was ready")
        exit_code = up.process.wait(_SECONDS)

    assert exit_code == 1
    assert "[runner] runner: no room on the disk\n" in up.output
    _wait_until_gone(journal)


def test_flood_on_standard_error_blocks_no_service(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A service comes up though nobody reads what it writes to standard error."""
    stand_in_environment["STAND_IN_RUNNER"] = "noisy"
    with _up(stand_in_environment, tmp_path, stderr=subprocess.PIPE) as up:
        up.read_until("ready:")
        exit_code = up.stop(signal.SIGTERM)

    assert exit_code == 0
    _wait_until_gone(journal)
