"""Processes that wait for a turn, with the real CLI."""

import asyncio
import os
import signal
import stat
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from roundtable.runner.v1 import runner_service_pb2, turn_service_pb2
from roundtable_runner.claude.account import Access, endpoint_access
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.claude.fingerprint import take_fingerprint
from roundtable_runner.claude.readiness import REQUESTS
from roundtable_runner.turn.parts import FailureReason, ReviewResult, TurnFailure
from roundtable_runner.turn.task import Effort
from support.anthropic_endpoint import ScriptedEndpoint
from support.engine_harness import token_access
from support.messages_script import Script
from support.pool_harness import run_pool
from support.processes import cli_children, environment, wait_for_exit
from support.runner_harness import run_runner, start_request

_HASTY = timedelta(milliseconds=50)
_NEVER = timedelta(hours=1)


def _access(endpoint: ScriptedEndpoint, key: str = "one") -> Access:
    return endpoint_access(endpoint.url, api_key=key, calls_tools=True)


async def test_turn_takes_the_process_that_waits_and_uses_it_up(
    endpoint: ScriptedEndpoint,
) -> None:
    """No process starts for a turn while one waits, and none serves two."""
    async with run_pool(_access(endpoint), size=1) as harness:
        (first,) = await harness.parked(1)
        outcome = await harness.review(model="claude-haiku-4-5")
        (second,) = await harness.parked(1)
        await harness.review()
        (third,) = await harness.parked(1)

    assert isinstance(outcome, ReviewResult)
    assert len({first, second, third}) == 3
    # A process that serves its second turn sends the first one's messages along.
    bodies = [request.body for request in endpoint.requests]
    assert [len(body["messages"]) for body in bodies] == [1, 1]
    assert [body["thinking"]["type"] for body in bodies] == ["disabled"] * 2
    assert "haiku" in bodies[0]["model"]
    assert "sonnet" in bodies[1]["model"]
    assert cli_children() == []


async def test_turn_with_no_process_waiting_starts_its_own(
    endpoint: ScriptedEndpoint,
) -> None:
    """More turns than processes wait are served all the same."""
    async with run_pool(_access(endpoint), size=1) as harness:
        await harness.parked(1)
        outcomes = await asyncio.gather(*(harness.review() for _ in range(3)))

    assert all(isinstance(outcome, ReviewResult) for outcome in outcomes)
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("claude-haiku-4-5", Effort.LOW, {"thinking": {"budget_tokens": 4_000}}),
        ("claude-sonnet-4-5", Effort.MEDIUM, {"thinking": {"budget_tokens": 10_000}}),
        ("claude-sonnet-4-5", Effort.HIGH, {"thinking": {"budget_tokens": 24_000}}),
        ("claude-opus-5-5", Effort.LEAST, {"output_config": {"effort": "low"}}),
        ("claude-opus-5-5", Effort.MEDIUM, {"output_config": {"effort": "medium"}}),
        ("claude-sonnet-5-5", Effort.HIGH, {"output_config": {"effort": "high"}}),
        ("some-model:8b", Effort.LEAST, {"output_config": {"effort": "low"}}),
    ],
)
async def test_model_and_effort_reach_the_endpoint(
    model: str,
    effort: Effort,
    sent: dict[str, dict[str, Any]],
    endpoint: ScriptedEndpoint,
) -> None:
    """They are told to a process that was started without, with no further request."""
    async with run_pool(_access(endpoint), size=0) as harness:
        await harness.review(model=model, effort=effort)

    (request,) = endpoint.requests
    assert request.body["model"].startswith(model)
    for name, fields in sent.items():
        assert request.body[name].items() >= fields.items()


async def test_hard_thinking_may_take_its_time(endpoint: ScriptedEndpoint) -> None:
    """The same silence is a timeout for a turn that was not to think."""
    deadlines = Deadlines(first_token=timedelta(seconds=2))
    for _ in range(2):
        endpoint.script(Script(first_token_seconds=3))
    async with run_pool(_access(endpoint), size=0, deadlines=deadlines) as harness:
        thinking = await harness.review(effort=Effort.HIGH)
        hasty = await harness.review(effort=Effort.LOW)

    assert isinstance(thinking, ReviewResult)
    assert hasty == TurnFailure(FailureReason.TIMEOUT, "No word came within 2 s.")


async def test_process_that_died_waiting_is_thrown_away_unseen(
    endpoint: ScriptedEndpoint,
) -> None:
    """A turn right after its death never meets it."""
    async with run_pool(_access(endpoint), size=1, look=_NEVER) as harness:
        (pid,) = await harness.parked(1)
        os.kill(pid, signal.SIGKILL)
        await wait_for_exit(pid)
        outcome = await harness.review()
        (successor,) = await harness.parked(1)

    assert isinstance(outcome, ReviewResult)
    assert successor != pid


async def test_changed_access_drains_the_pool(endpoint: ScriptedEndpoint) -> None:
    """A turn under the new key is not answered under the old one."""
    async with run_pool(_access(endpoint, "old"), size=1, look=_NEVER) as harness:
        await harness.parked(1)
        harness.access = _access(endpoint, "new")
        await harness.review()
        (pid,) = await harness.parked(1)
        key = environment(pid)["ANTHROPIC_API_KEY"]

    assert endpoint.requests[0].headers["x-api-key"] == "new"
    assert key == "new"


async def test_changed_login_drains_the_pool(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """A process that has read an old login answers no turn under the new one."""
    access = token_access(endpoint.url, config_dir=tmp_path)
    async with run_pool(access, size=1, look=_HASTY) as harness:
        (old,) = await harness.parked(1)
        (tmp_path / ".credentials.json").write_text("{}")
        await wait_for_exit(old)
        (new,) = await harness.parked(1)

    assert old != new


async def test_process_waits_no_longer_than_its_age(
    endpoint: ScriptedEndpoint,
) -> None:
    """After a while another takes its place."""
    age = timedelta(seconds=1)
    async with run_pool(_access(endpoint), size=1, age=age, look=_HASTY) as harness:
        (old,) = await harness.parked(1)
        await wait_for_exit(old)
        (new,) = await harness.parked(1)

    assert old != new


async def test_pool_stands_back_for_a_turn_without_its_first_token(
    endpoint: ScriptedEndpoint,
) -> None:
    """No process starts until the model has spoken."""
    release = asyncio.Event()
    endpoint.script(Script(hold_after=2, release=release))
    async with run_pool(_access(endpoint), size=1, patience=_NEVER) as harness:
        (taken,) = await harness.parked(1)
        turn = asyncio.create_task(harness.review())
        await endpoint.wait_for_requests(1)
        during = cli_children()
        release.set()
        await turn
        (next_one,) = await harness.parked(1)

    assert during == [taken]
    assert next_one != taken


async def test_pool_does_not_stand_back_for_ever(endpoint: ScriptedEndpoint) -> None:
    """Turns that always wait starve nobody."""
    async with run_pool(_access(endpoint), size=1, patience=_HASTY) as harness:
        harness.pool.stand_back()

        assert await harness.parked(1)


async def test_process_that_never_gets_ready_is_not_parked(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """It is killed in time, and turns are not held up by it."""
    program = tmp_path / "claude"
    note = tmp_path / "pid"
    program.write_text(
        f"#!{sys.executable}\nimport os, time\n"
        f"open({str(note)!r}, 'w').write(str(os.getpid()))\n"
        f"os.rename({str(note)!r}, {str(note)!r} + '.done')\ntime.sleep(600)\n"
    )
    program.chmod(stat.S_IRWXU)
    started = tmp_path / "pid.done"
    async with run_pool(
        _access(endpoint), size=1, program=program, ready=timedelta(seconds=1)
    ) as harness:
        while not started.exists():  # noqa: ASYNC110 - a file tells by being there
            await asyncio.sleep(0.01)
        await wait_for_exit(int(started.read_text()))

        assert harness.pool.warm == 0


async def test_processes_that_die_waiting_are_not_started_over_and_over(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """The first is replaced at once; after each further death the pool rests."""
    starts = tmp_path / "starts"
    program = tmp_path / "claude"
    program.write_text(
        f"#!{sys.executable} -ISu\nimport json, sys\n"
        f"open({str(starts)!r}, 'a').write('x')\n"
        "for number, line in enumerate(sys.stdin):\n"
        "    name = json.loads(line)['request_id']\n"
        "    print(json.dumps({'type': 'control_response',\n"
        "                      'response': {'request_id': name}}))\n"
        f"    if number == {len(REQUESTS) - 1}: sys.exit()\n"
    )
    program.chmod(stat.S_IRWXU)
    starts.touch()
    pause = timedelta(seconds=0.5)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    async with run_pool(
        _access(endpoint), size=1, program=program, look=_HASTY, pause=pause
    ):
        while starts.stat().st_size < 4:  # noqa: ASYNC110 - a file tells by its size
            await asyncio.sleep(0.01)

    assert loop.time() - begin >= 2 * pause.total_seconds()


async def test_stop_leaves_nothing(endpoint: ScriptedEndpoint) -> None:
    """Neither those that wait nor the one that is just being started."""
    async with run_pool(_access(endpoint), size=3) as harness:
        await harness.parked(1)
        await harness.pool.stop()

        assert cli_children() == []
        assert harness.pool.warm == 0


async def test_fingerprint_tells_accesses_apart(tmp_path: Path) -> None:
    """It changes with the variables and with the login's file, and not by itself."""
    one = endpoint_access("http://a", api_key="k")
    login = token_access("http://a", config_dir=tmp_path)
    before = take_fingerprint(login)
    (tmp_path / ".credentials.json").write_text("{}")

    assert take_fingerprint(one) == take_fingerprint(
        endpoint_access("http://a", api_key="k")
    )
    assert take_fingerprint(one) != take_fingerprint(
        endpoint_access("http://a", api_key="other")
    )
    assert before != take_fingerprint(login)


async def test_runner_without_an_account_keeps_a_process_for_the_rehearsal(
    tmp_path: Path,
) -> None:
    """Its turn finds the process, and GetRunner tells that it waits."""
    rehearsal = turn_service_pb2.TURN_ENGINE_REHEARSAL
    async with run_runner(tmp_path / "data", warm=1) as runner:
        while not (  # noqa: ASYNC110 - nothing tells of it
            await runner.runner.GetRunner(runner_service_pb2.GetRunnerRequest())
        ).warm:
            await asyncio.sleep(0.01)
        (waiting,) = cli_children()
        await runner.start(start_request(engine=rehearsal))
        parts = runner.parts()
        await anext(parts)
        serving = cli_children()
        await parts.aclose()
        end = (await runner.all_parts())[-1].end

    assert waiting in serving
    assert end.HasField("review")
    assert cli_children() == []
