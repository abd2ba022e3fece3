"""What the CLI repeats by itself, and how long it waits."""

import asyncio
import time
from dataclasses import replace

import pytest

from support.cli_conversation import OUTPUT, TEXT, World, changed, stream_events
from support.engine_harness import token_access
from support.messages_script import Script

_LIMIT = Script(status=429, error_type="rate_limit_error")
_WRONG = Script(output={"verdict": 7})

_NO_RETRY = {"CLAUDE_CODE_MAX_RETRIES": "0"}
_ONE_RETRY = {"CLAUDE_CODE_MAX_RETRIES": "1"}

# Beyond this it gives up at once and tells no delay.
_LONGEST_ANNOUNCED = 60


@pytest.mark.parametrize("seconds", [7, _LONGEST_ANNOUNCED])
async def test_retry_is_announced_with_the_delay_asked_for(seconds: int) -> None:
    """Before it waits it tells Retry-After, with up to a third on top."""
    script = replace(_LIMIT, headers={"retry-after": str(seconds)})
    async with (
        World(script) as world,
        world.open_cli(variables=_ONE_RETRY) as cli,
    ):
        await cli.open()
        *_, last = await cli.say(TEXT, until="api_retry")

        names = ("subtype", "max_retries", "error_status", "error")
        told = {name: last.get(name) for name in names}
        assert told == {
            "subtype": "api_retry",
            "max_retries": 1,
            "error_status": 429,
            "error": "rate_limit",
        }, changed(
            "Announced retry",
            f"says {last} at a Retry-After of {seconds} s",
            relies="api_retry to know how long an endpoint asks to wait",
        )
        assert seconds * 1000 <= last["retry_delay_ms"] <= seconds * 1350, changed(
            "Announced retry",
            f"tells {last['retry_delay_ms']} ms at a Retry-After of {seconds} s",
            relies="retry_delay_ms being that time or a little more",
        )
        assert len(world.endpoint.requests) == 1, changed(
            "Announced retry",
            "asks again before it says so",
            relies="ending the turn at the announcement, before a second request",
        )


@pytest.mark.parametrize(
    ("status", "error"), [(500, "server_error"), (529, "overloaded")]
)
async def test_retry_after_a_fault_leaves_time_to_end_the_turn(
    status: int, error: str
) -> None:
    """The announcement comes half a second ahead, with the endpoint's status."""
    script = Script(status=status)
    async with World(script) as world, world.open_cli(variables=_ONE_RETRY) as cli:
        await cli.open()
        *_, last = await cli.say(TEXT, until="api_retry")

    told = (last.get("subtype"), last.get("error_status"), last.get("error"))
    assert told == ("api_retry", status, error), changed(
        "Announced retry",
        f"says {last} at {status}",
        relies="api_retry carrying status and error (claude/stream.py)",
    )
    assert last["retry_delay_ms"] >= 400, changed(
        "Announced retry",
        f"waits {last['retry_delay_ms']} ms before it asks again",
        relies="half a second in which the turn ends without a second request",
    )


async def test_long_delay_ends_the_turn_at_once_and_untold() -> None:
    """Over a minute it does not wait, and the delay is lost."""
    script = replace(_LIMIT, headers={"retry-after": str(_LONGEST_ANNOUNCED + 1)})
    async with World(script) as world:
        messages = await world.one_turn(variables=_ONE_RETRY)

    told = [m for m in messages if m.get("subtype") == "api_retry"]
    assert (told, messages[-1].get("api_error_status")) == ([], 429), changed(
        "Long Retry-After",
        f"says {told or messages[-1]}",
        relies="an end at once; if the delay is told now, pauses can be exact",
    )


async def test_renewal_of_a_login_is_no_retry_of_ours() -> None:
    """At a 401 a token is read anew and sent once more, as retry 0 of 0."""
    script = Script(status=401, error_type="authentication_error")
    async with World(script) as world:
        access = token_access(world.endpoint.url, config_dir=world.workspace.config)
        messages = await world.one_turn(access=access)

        requests = len(world.endpoint.requests)
    limits = {m["max_retries"] for m in messages if m.get("subtype") == "api_retry"}
    assert (limits, requests, messages[-1]["api_error_status"]) == ({0}, 2, 401), (
        changed(
            "Revoked token",
            f"announces retries of {limits}, sends {requests} requests",
            relies="max_retries telling it from a retry of ours (claude/stream.py)",
        )
    )


@pytest.mark.parametrize("attempts", [1, 2])
async def test_invalid_output_is_asked_for_so_often(attempts: int) -> None:
    """MAX_STRUCTURED_OUTPUT_RETRIES is the number of attempts in all."""
    async with World(_WRONG) as world:
        messages = await world.one_turn(
            flags={"--max-turns": "5"},
            variables={"MAX_STRUCTURED_OUTPUT_RETRIES": str(attempts)},
        )

        told = (messages[-1]["subtype"], len(world.endpoint.requests))
    assert told == ("error_max_structured_output_retries", attempts), changed(
        "Invalid output",
        f"ends with {told[0]} after {told[1]} requests at a limit of {attempts}",
        relies="one repair inside the turn (claude/environment.py)",
    )


async def test_invalid_output_is_repaired_with_the_runners_own_settings() -> None:
    """The second request names what was wrong; its answer is the result."""
    async with World() as world:
        world.endpoint.script(_WRONG)
        messages = await world.one_turn()

        requests = world.endpoint.requests
        assert (len(requests), messages[-1].get("structured_output")) == (2, OUTPUT), (
            changed(
                "Repair",
                f"ends with {messages[-1]} after {len(requests)} requests",
                relies="--max-turns and MAX_STRUCTURED_OUTPUT_RETRIES leaving room",
            )
        )
        complaint = requests[1].body["messages"][-1]["content"][0]
    assert complaint.get("is_error"), changed(
        "Repair",
        f"sends {complaint} for a wrong output",
        relies="the model being told what was wrong",
    )
    assert "verdict" in str(complaint["content"])
    assert len(stream_events(messages, "message_start")) == 2, changed(
        "Repair",
        "does not start a second message",
        relies="message_start to raise the draft (claude/stream.py)",
    )


async def test_no_headers_end_the_turn_in_time() -> None:
    """API_TIMEOUT_MS bounds the wait for an answer's beginning."""
    async with World(Script(first_token_seconds=60, output=OUTPUT)) as world:
        began = time.monotonic()
        messages = await world.one_turn(
            variables={**_NO_RETRY, "API_TIMEOUT_MS": "1500"}
        )
        took = time.monotonic() - began

    assert messages[-1]["is_error"]
    assert took < 40, changed(
        "API_TIMEOUT_MS",
        f"takes {took:.0f} s to give up at 1.5 s",
        relies="it as the second line behind our own deadlines",
    )


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_silence_in_a_stream_ends_it_at_ten_seconds_at_the_soonest() -> None:
    """CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS works, but no sooner than its floor."""
    async with World(Script(stall_after=6, output=OUTPUT)) as world:
        began = time.monotonic()
        messages = await world.one_turn(
            variables={**_NO_RETRY, "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": "1000"}
        )
        took = time.monotonic() - began

    assert messages[-1]["is_error"]
    assert 9 < took < 40, changed(
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS",
        f"gives up a silent stream after {took:.0f} s at 1 s",
        relies="it as the second line behind our own idle deadline",
    )


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_silence_is_not_noticed_by_default() -> None:
    """Without that variable nothing ends within 20 s: the runner's watchdog must."""
    async with World(Script(stall_after=6, output=OUTPUT)) as world:
        turn = asyncio.create_task(
            world.one_turn(
                variables={**_NO_RETRY, "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": None}
            )
        )
        done, _ = await asyncio.wait({turn}, timeout=20)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)

    assert not done, changed(
        "Silence",
        "notices a silent stream by itself within 20 s",
        relies="nothing of it; the variable could go",
    )


@pytest.mark.slow
async def test_retries_are_many_by_default() -> None:
    """Without our variable the CLI goes on asking, so it is still needed."""
    async with World(_LIMIT) as world:
        turn = asyncio.create_task(
            world.one_turn(variables={"CLAUDE_CODE_MAX_RETRIES": None})
        )
        async with asyncio.timeout(30):
            await world.endpoint.wait_for_requests(3)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)

        assert len(world.endpoint.requests) >= 3
