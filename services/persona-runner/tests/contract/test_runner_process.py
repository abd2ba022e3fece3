"""A CLI process's life, with stand-ins for what the real CLI can't be made to do."""

import asyncio
import os
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from roundtable_runner.app import App
from roundtable_runner.claude.process import CliProcess
from roundtable_runner.claude.program import CliUnfit, read_cli_version
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.settings import RunnerSettings
from support.processes import children_with, wait_for_exit
from support.runner_harness import run_runner, start_request

_VERSION = "if '--version' in sys.argv: print('2.1.330 (stand-in)'); sys.exit()\n"
_MAIN_WITH_ANOTHER_CLI = """
import pathlib, sys
import roundtable_runner.__main__ as service
from roundtable_runner import app
app.bundled_cli = lambda: pathlib.Path(sys.argv[1])
service.main()
"""


def _stand_in(directory: Path, body: str) -> Path:
    program = directory / "claude"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{_VERSION}{body}")
    program.chmod(stat.S_IRWXU)
    return program


async def _start(program: Path) -> CliProcess:
    return await CliProcess.start(
        [str(program)], environment={}, directory=program.parent
    )


async def test_long_line_and_split_characters_pass(tmp_path: Path) -> None:
    """A line is a line, however long and wherever the pipe cuts it."""
    body = "sys.stdout.buffer.write(('é' * 1_500_000).encode() + b'\\nend\\n')\n"
    process = await _start(_stand_in(tmp_path, body))
    try:
        lines = [line async for line in process.lines()]
    finally:
        await process.kill()

    assert lines == [("é" * 1_500_000).encode(), b"end"]


async def test_noise_on_standard_error_blocks_nothing(tmp_path: Path) -> None:
    """The CLI may write there as much as it likes; nobody keeps it."""
    body = "sys.stderr.write('x' * 2_000_000)\nprint('done', flush=True)\n"
    process = await _start(_stand_in(tmp_path, body))
    try:
        lines = [line async for line in process.lines()]
    finally:
        await process.kill()

    assert lines == [b"done"]


async def test_kill_takes_what_the_process_started_along(tmp_path: Path) -> None:
    """The whole group ends, not the process alone."""
    body = (
        "child = os.fork()\nif child:\n    print(child, flush=True)\ntime.sleep(600)\n"
    )
    process = await _start(_stand_in(tmp_path, body))
    grandchild = int(await anext(process.lines()))

    await process.kill()
    await process.kill()

    await wait_for_exit(grandchild)
    assert not process.is_running


async def test_kill_that_was_cancelled_has_cleaned_up(tmp_path: Path) -> None:
    """However often it is cancelled, and the next one waits for the same end."""
    cleaned: list[int] = []
    program = _stand_in(tmp_path, "time.sleep(600)\n")
    process = await CliProcess.start(
        [str(program)],
        environment={},
        directory=tmp_path,
        clean_up=cleaned.append,
    )
    killing = asyncio.create_task(process.kill())
    for _ in range(2):
        await asyncio.sleep(0)  # one turn of the loop, for it to arrive
        killing.cancel()

    await process.kill()

    assert cleaned == [process.pid]
    with pytest.raises(asyncio.CancelledError):
        await killing


@pytest.mark.parametrize(
    "body",
    [
        "sys.exit(3)\n",
        "print('{broken', flush=True)\ntime.sleep(600)\n",
        "print('no json at all', flush=True)\n",
        "os.close(0)\nos.close(1)\ntime.sleep(600)\n",
    ],
)
async def test_cli_that_breaks_before_its_turn_is_a_crash(
    body: str, tmp_path: Path
) -> None:
    """An early end is noticed at once and told as what it is."""
    program = _stand_in(tmp_path, body)
    async with run_runner(
        tmp_path / "data", program=program, anthropic_base_url="http://127.0.0.1:1"
    ) as runner:
        async with asyncio.timeout(20):
            end = await runner.end_of(start_request())

    assert end.failure.reason == "cli_crashed"


async def test_cli_that_never_answers_runs_into_the_deadline(tmp_path: Path) -> None:
    """A process that takes its input and says nothing is given up in time."""
    program = _stand_in(tmp_path, "time.sleep(600)\n")
    async with run_runner(
        tmp_path / "data",
        program=program,
        anthropic_base_url="http://127.0.0.1:1",
        first_token_seconds=0.5,
    ) as runner:
        end = await runner.end_of(start_request())

    assert end.failure.reason == "timeout"


@pytest.mark.parametrize("answer", ["2.1.200 (old)", "nonsense"])
async def test_unsafe_cli_stops_the_start(answer: str, tmp_path: Path) -> None:
    """A CLI that would read the files a document names is not used."""
    program = tmp_path / "claude"
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(stat.S_IRWXU)

    app = App(RunnerSettings(data_dir=tmp_path), program=program)

    with pytest.raises(CliUnfit, match="the Claude CLI"):
        await app.start()


async def test_silent_cli_is_unfit_in_words(tmp_path: Path) -> None:
    """A CLI that never tells its version is given up, and is gone."""
    program = tmp_path / "claude"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(stat.S_IRWXU)
    workspace = Workspace.create(tmp_path)

    with pytest.raises(CliUnfit, match="does not tell its version in time"):
        await read_cli_version(program, workspace, limit=timedelta(seconds=0.5))

    workspace.remove()
    assert children_with("sleep 600") == []


async def test_start_that_fails_is_told_in_a_line(tmp_path: Path) -> None:
    """No traceback: the service's name, what is wrong, and an exit code."""
    program = tmp_path / "claude"
    service = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _MAIN_WITH_ANOTHER_CLI, str(program)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={
            "ROUNDTABLE_DATA_DIR": str(tmp_path),
            "ROUNDTABLE_RUNNER_ADDRESS": "127.0.0.1:0",
        },
    )

    _, errors = await service.communicate()

    words = f"roundtable-runner: the Claude CLI does not run: {program}"
    assert errors.decode().splitlines()[-1:] == [words]
    assert "Traceback (most recent call last)" not in errors.decode()
    assert service.returncode == 1


async def test_kill_closes_pipes_that_nobody_read(tmp_path: Path) -> None:
    """No descriptor is left, however much of the output still waits."""
    body = "while True: sys.stdout.write('x' * 65536)\n"
    program = _stand_in(tmp_path, body)
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are what is asked

    process = await _start(program)
    await process.kill()
    await asyncio.sleep(0)  # one turn of the loop, in which closed pipes go

    assert set(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208 - as above
