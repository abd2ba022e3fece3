"""A service's process stops in order, however it is told to."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

_PROGRAM = """
import asyncio, sys
from roundtable_kit.lifetime import run_until_stopped
from roundtable_kit.logs import configure_logs

configure_logs("test")

class App:
    async def start(self):
        print("started", flush=True)
    async def stop(self):
        await asyncio.sleep(0)
        print("stopped", flush=True)

asyncio.run(run_until_stopped(App(), stop_on_stdin_eof=sys.argv[1] == "yes"))
"""


@pytest.fixture(params=["yes"])
def process(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """Run a service that has started."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, request.param],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "started\n"
        yield running
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_service_in_order(
    process: subprocess.Popen[str], number: signal.Signals
) -> None:
    """SIGTERM and SIGINT run the app's stop and end the process well."""
    process.send_signal(number)

    output, _ = process.communicate(timeout=20)

    assert (output, process.returncode) == ("stopped\n", 0)


def test_the_launchers_death_stops_the_service(
    process: subprocess.Popen[str],
) -> None:
    """The end of standard input is the sign that the launcher is gone."""
    output, _ = process.communicate(timeout=20)

    assert (output, process.returncode) == ("stopped\n", 0)


@pytest.mark.parametrize("process", ["no"], indirect=True)
def test_without_a_launcher_standard_input_does_not_matter(
    process: subprocess.Popen[str],
) -> None:
    """A service in a container has no standard input and runs on."""
    assert process.stdin is not None
    process.stdin.close()

    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
