"""The terminal's commands over the real services, as a person types them."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from support.stack import Stack, wait_until_gone

_ROUNDTABLE = Path(sys.executable).with_name("roundtable")


def _environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return an environment built from nothing: none of this machine's leaks in."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(data_dir),
        "ROUNDTABLE_DATA_DIR": str(data_dir / "data"),
        "ROUNDTABLE_RUNNER_REHEARSAL_WORDS_PER_SECOND": "400",
        "ROUNDTABLE_RUNNER_WARM": "0",
        **more,
    }


async def _roundtable(
    *arguments: str, environment: dict[str, str]
) -> tuple[int, str, str]:
    """Run a command to its end and return exit code, output and error output."""
    process = await asyncio.create_subprocess_exec(
        str(_ROUNDTABLE), *arguments, env=environment, stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Return a stack without an account."""
    async with Stack(tmp_path / "data") as stack:
        yield stack


async def test_a_review_prints_a_decision_with_quotes(
    stack: Stack, tmp_path: Path, sample: Path
) -> None:
    """The exit code says that the flawed sample must not ship as it is."""
    code, output, errors = await _roundtable(
        *("review", str(sample), "--panel", "first_look"),
        *("--document-type", "marketing_copy"),
        *("--allow-rehearsal", "--server", stack.url),
        environment=_environment(tmp_path),
    )

    assert code == 1, errors
    assert "100% secure" in output
    assert "rehearsal" in (output + errors).lower()


async def test_json_on_standard_output_is_the_run(
    stack: Stack, tmp_path: Path, root: Path
) -> None:
    """A program gets exactly one object; the clean sample exits 0."""
    code, output, _ = await _roundtable(
        *("review", str(root / "samples" / "restore-test-proposal.md")),
        *("--panel", "first_look", "--document-type", "proposal"),
        *("--allow-rehearsal", "--json", "--server", stack.url),
        environment=_environment(tmp_path),
    )

    run = json.loads(output)
    assert (code, run["state"], run["decision"]["outcome"]) == (0, "succeeded", "ship")
    assert run["engine"] == "rehearsal"


async def test_the_rehearsal_must_be_allowed(
    stack: Stack, tmp_path: Path, sample: Path
) -> None:
    """Without the word of the person no run is created."""
    code, _, errors = await _roundtable(
        *("review", str(sample), "--panel", "first_look", "--server", stack.url),
        environment=_environment(tmp_path),
    )

    assert code == 3
    assert "--allow-rehearsal" in errors


async def test_no_gateway_and_wrong_usage_have_their_codes(
    tmp_path: Path, sample: Path
) -> None:
    """69 where nothing listens, 64 where the words are wrong."""
    nobody, _, _ = await _roundtable(
        *("review", str(sample), "--panel", "x", "--server", "http://127.0.0.1:9"),
        environment=_environment(tmp_path),
    )
    wrong, _, _ = await _roundtable(
        "review", "--no-such-option", environment=_environment(tmp_path)
    )

    assert (nobody, wrong) == (69, 64)


@pytest.mark.timeout(120)
async def test_the_demo_goes_from_nothing_to_a_decision(
    tmp_path: Path, sample: Path
) -> None:
    """It exits 0 whatever the decision, and leaves nothing behind."""
    code, output, errors = await _roundtable(
        "demo", "--file", str(sample), environment=_environment(tmp_path)
    )

    assert code == 0, errors
    assert re.search(r"fix,? then ship|rework", output, re.IGNORECASE), output


async def _started(environment: dict[str, str]) -> tuple[Process, str]:
    """Start everything and return the launcher with the address it says."""
    process = await _launched(environment)
    return process, await _printed(process, r"http://127\.0\.0\.1:\d+")


async def _launched(environment: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        *(str(_ROUNDTABLE), "up", "--port", "0"),
        env=environment,
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )


async def _printed(process: Process, pattern: str) -> str:
    """Return the first thing of the pattern that the launcher prints."""
    assert process.stdout is not None
    async with asyncio.timeout(45):
        while line := (await process.stdout.readline()).decode():
            if found := re.search(pattern, line):
                return found[0]
    raise AssertionError(f"the launcher ended before it printed {pattern}")


async def test_up_speaks_https_to_a_gateway_with_a_certificate(tmp_path: Path) -> None:
    """The address says so, and the engine is asked of a gateway that proves itself."""
    own = tmp_path / "data" / "certificates" / "gateway"
    process = await _launched(
        _environment(
            tmp_path,
            ROUNDTABLE_GATEWAY_TLS_CERT_FILE=str(own / "service.crt"),
            ROUNDTABLE_GATEWAY_TLS_KEY_FILE=str(own / "service.key"),
        )
    )
    try:
        url = await _printed(process, r"https?://127\.0\.0\.1:\d+")
        engine = await _printed(process, r"Engine: .*")
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()

    assert url.startswith("https://")
    assert engine == "Engine: rehearsal: rule-based checks, not AI"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_up_leaves_no_process_behind(
    tmp_path: Path, sample: Path, number: signal.Signals
) -> None:
    """Ctrl-C, or the launcher's sudden death, in the middle of a run ends them all."""
    environment = _environment(tmp_path)
    launcher, url = await _started(environment)
    review = await asyncio.create_subprocess_exec(
        *(str(_ROUNDTABLE), "review", str(sample), "--panel", "security_buyers"),
        *("--allow-rehearsal", "--server", url),
        env=environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    assert review.stdout is not None
    await review.stdout.readline()
    family = psutil.Process(launcher.pid).children(recursive=True)
    names = " ".join(word for child in family for word in child.cmdline())

    os.kill(launcher.pid, number)

    async with asyncio.timeout(30):
        code = await launcher.wait()
    await wait_until_gone([child.pid for child in family])
    with suppress(ProcessLookupError):
        review.kill()
    await review.communicate()
    for service in ("store", "runner", "gateway", "rehearsal"):
        assert f"roundtable_{service}" in names
    assert code == (0 if number is signal.SIGINT else -signal.SIGKILL)
