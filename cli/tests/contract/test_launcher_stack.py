"""The launcher's supervision, over real child processes."""

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from roundtable_cli.errors import LaunchError
from roundtable_cli.launcher.restarts import RestartPolicy
from roundtable_cli.launcher.service import local_services
from roundtable_cli.launcher.stack import Limits, Stack

Journal = Callable[[], list[dict[str, Any]]]

_QUICK = Limits(
    start=timedelta(seconds=20),
    grace=timedelta(seconds=10),
    restarts=RestartPolicy(limit=2, first_delay=timedelta(milliseconds=10)),
)


class _Launched:
    """A stack of stand-ins and what it said."""

    def __init__(
        self, environment: dict[str, str], folder: Path, *, limits: Limits = _QUICK
    ) -> None:
        self.said: list[str] = []
        self.error_lines: list[tuple[str, str]] = []
        self._heard = asyncio.Event()
        self.stack = Stack(
            local_services(environment, data_dir=folder, host="127.0.0.1", port=0),
            say=self._say,
            on_error_line=lambda name, line: self.error_lines.append((name, line)),
            limits=limits,
        )

    async def start_and_stop(self) -> None:
        async with self.stack.running():
            pass

    async def hears(self, words: str) -> None:
        """Wait until the stack has said it."""
        while not any(words in line for line in self.said):
            self._heard.clear()
            await self._heard.wait()

    def _say(self, line: str) -> None:
        self.said.append(line)
        self._heard.set()


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _pids(journal: Journal) -> set[int]:
    return {entry["pid"] for entry in journal()}


def _starts(journal: Journal, name: str) -> list[dict[str, Any]]:
    entries = [e for e in journal() if e["what"] == "start"]
    return [entry for entry in entries if entry["name"] == name]


async def test_services_stop_in_reverse_order(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The gateway goes first and the store last, each asked by SIGTERM."""
    launched = _Launched(stand_in_environment, tmp_path)

    await launched.start_and_stop()

    stops = [entry["name"] for entry in journal() if entry["what"] == "sigterm"]
    assert stops == ["gateway", "runner", "store"]
    assert not any(map(_is_alive, _pids(journal)))


async def test_gateway_is_told_where_its_peers_listen(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """The addresses handed to the gateway are those the peers reported."""
    launched = _Launched(stand_in_environment, tmp_path)

    await launched.start_and_stop()

    store, runner, gateway = (
        _starts(journal, name)[0] for name in ("store", "runner", "gateway")
    )
    told = gateway["environment"]
    assert told["ROUNDTABLE_GATEWAY_STORE_ADDRESS"] == f"127.0.0.1:{store['port']}"
    assert told["ROUNDTABLE_GATEWAY_RUNNER_ADDRESS"] == f"127.0.0.1:{runner['port']}"


async def test_stubborn_service_is_killed_after_the_grace(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A service that ignores SIGTERM is killed, and the rest still stops in order."""
    stand_in_environment["STAND_IN_RUNNER"] = "stubborn"
    limits = Limits(start=_QUICK.start, grace=timedelta(milliseconds=300))
    launched = _Launched(stand_in_environment, tmp_path, limits=limits)

    await launched.start_and_stop()

    assert "The runner did not stop within 0.3 s: killed." in launched.said
    assert launched.said[-1] == "Stopping the store …"
    assert not any(map(_is_alive, _pids(journal)))


async def test_service_that_dies_comes_back_on_its_port(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A killed store listens on the same port again; the others are left alone."""
    launched = _Launched(stand_in_environment, tmp_path)

    async def kill_the_store() -> None:
        os.kill(_starts(journal, "store")[0]["pid"], signal.SIGKILL)
        await launched.hears("The store is back.")

    async with launched.stack.running():
        await launched.stack.keep_during(kill_the_store())

    first, second = _starts(journal, "store")
    assert first["port"] == second["port"]
    assert first["pid"] != second["pid"]
    assert len(_starts(journal, "runner")) == len(_starts(journal, "gateway")) == 1
    assert "The store stopped (killed by SIGKILL); starting it again." in launched.said


async def test_service_that_keeps_dying_ends_everything(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """More deaths than the policy forgives end the work with that service's name."""
    launched = _Launched(stand_in_environment, tmp_path)

    async def kill_every_runner() -> None:
        killed = 0
        while True:
            os.kill(_starts(journal, "runner")[-1]["pid"], signal.SIGKILL)
            killed += 1
            while launched.said.count("The runner is back.") < killed:
                launched._heard.clear()
                await launched._heard.wait()

    with pytest.raises(LaunchError, match="The runner keeps stopping: more than 2"):
        async with launched.stack.running():
            await launched.stack.keep_during(kill_every_runner())

    assert len(_starts(journal, "runner")) == 3
    assert not any(map(_is_alive, _pids(journal)))


async def test_grandchildren_of_a_crashed_service_are_killed(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A grandchild that holds standard error open neither survives nor delays."""
    stand_in_environment["STAND_IN_RUNNER"] = "parent"
    launched = _Launched(stand_in_environment, tmp_path)

    async def kill_the_runner() -> int:
        note = next(entry for entry in journal() if entry["what"] == "grandchild")
        os.kill(note["pid"], signal.SIGKILL)
        await launched.hears("The runner is back.")
        return int(note["child_pid"])

    async with launched.stack.running():
        grandchild = await launched.stack.keep_during(kill_the_runner())

    assert not _is_alive(grandchild)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("mortal", r"The store ended before it was ready \(exit code 1\)\."),
        ("babbling", r"The store wrote something else than its port\."),
    ],
)
async def test_service_that_does_not_start_is_an_error(
    stand_in_environment: dict[str, str],
    tmp_path: Path,
    journal: Journal,
    *,
    fault: str,
    message: str,
) -> None:
    """A service that breaks the ready line's contract ends the start, and itself."""
    stand_in_environment["STAND_IN_STORE"] = fault
    launched = _Launched(stand_in_environment, tmp_path)

    with pytest.raises(LaunchError, match=message):
        await launched.start_and_stop()

    assert not any(map(_is_alive, _pids(journal)))
    assert not _starts(journal, "gateway")


async def test_last_words_of_a_failed_start_are_shown(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """What the service wrote to standard error comes with the failure."""
    stand_in_environment["STAND_IN_STORE"] = "mortal"
    launched = _Launched(stand_in_environment, tmp_path)

    with pytest.raises(LaunchError) as caught:
        await launched.start_and_stop()

    assert caught.value.details == ("store: no room on the disk",)
    assert launched.error_lines == [("store", "store: no room on the disk")]


async def test_start_has_a_deadline(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """A service that never says its port is ended at the deadline."""
    stand_in_environment["STAND_IN_STORE"] = "silent"
    limits = Limits(start=timedelta(seconds=1))
    launched = _Launched(stand_in_environment, tmp_path, limits=limits)

    with pytest.raises(LaunchError, match="The store was not ready within 1 s"):
        await launched.start_and_stop()

    assert not any(map(_is_alive, _pids(journal)))


async def test_failure_of_the_work_stops_the_services(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """An exception in the work comes out as it is, with nothing left running."""
    launched = _Launched(stand_in_environment, tmp_path)

    async def fail() -> None:
        raise LookupError("work")

    with pytest.raises(LookupError, match="work"):
        async with launched.stack.running():
            await launched.stack.keep_during(fail())

    assert not any(map(_is_alive, _pids(journal)))


async def test_stop_after_a_failure_is_not_cut_short_by_a_cancel(
    stand_in_environment: dict[str, str], tmp_path: Path, journal: Journal
) -> None:
    """Ctrl-C while the services stop already leaves none of them behind."""
    stand_in_environment["STAND_IN_GATEWAY"] = "stubborn"
    limits = Limits(start=_QUICK.start, grace=timedelta(milliseconds=300))
    launched = _Launched(stand_in_environment, tmp_path, limits=limits)
    launching = asyncio.create_task(launched.start_and_stop())
    await launched.hears("Stopping the gateway")

    launching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await launching

    assert launched.said[-1] == "Stopping the store …"
    assert not any(map(_is_alive, _pids(journal)))
