"""An endpoint whose model calls no tools: found out once, then asked otherwise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roundtable.runner.v1 import turn_service_pb2
from roundtable_runner.turn.parts import ReviewResult
from support.anthropic_endpoint import ScriptedEndpoint
from support.engine_harness import review_with, token_access
from support.messages_script import Script
from support.processes import cli_children
from support.review_answer import system_text
from support.review_tasks import review_task
from support.runner_harness import RunnerHarness, run_runner, start_request

_WORDS_ALONE = Script(prose="I am ready.", calls_tool=False)
_REFUSES_TOOLS = Script(
    status=400,
    error_type="invalid_request_error",
    error_message="this model does not support tools",
)


@pytest.fixture
async def toolless() -> AsyncIterator[ScriptedEndpoint]:
    """An endpoint whose model answers in words alone."""
    async with ScriptedEndpoint(
        tiny=_WORDS_ALONE, default=Script(is_fenced=True)
    ) as endpoint:
        yield endpoint


@pytest.fixture
async def on_toolless(
    toolless: ScriptedEndpoint, tmp_path: Path
) -> AsyncIterator[RunnerHarness]:
    """A runner whose account is that endpoint."""
    async with run_runner(tmp_path / "data", anthropic_base_url=toolless.url) as runner:
        yield runner


async def test_model_without_tools_reviews_in_a_fenced_block(
    on_toolless: RunnerHarness, toolless: ScriptedEndpoint
) -> None:
    """Its turn is prose, findings as they close and one end, like any other."""
    await on_toolless.start(start_request())

    parts = await on_toolless.all_parts()

    kinds = [part.WhichOneof("piece") for part in parts]
    assert kinds == ["text"] * kinds.count("text") + ["finding", "finding", "end"]
    result = parts[-1].end.review
    shown = "".join(part.text.text for part in parts)
    assert shown == result.text
    assert "`" not in shown
    assert "{" not in shown
    assert result.verdict == "approve_with_changes"
    request = toolless.requests[0].body
    assert not request.get("tools")
    assert "StructuredOutput" not in system_text(request)


async def test_turns_at_once_share_one_tiny_turn(
    on_toolless: RunnerHarness, toolless: ScriptedEndpoint
) -> None:
    """Three turns cost three requests and one to find out how the model answers."""
    for seat in "ABC":
        await on_toolless.start(start_request(f"turn-{seat}", seat=seat))

    ends = [(await on_toolless.all_parts(f"turn-{seat}"))[-1].end for seat in "ABC"]
    later = await on_toolless.end_of(start_request("turn-D", seat="D"))

    assert all(end.HasField("review") for end in (*ends, later))
    assert (len(toolless.tiny_requests), len(toolless.requests)) == (1, 4)


async def test_model_with_tools_is_asked_for_the_tool(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """One tiny turn shows that it calls them; the turns are as ever."""
    ends = [await runner.end_of(start_request(f"turn-{seat}")) for seat in "AB"]

    assert all(end.HasField("review") for end in ends)
    assert (len(endpoint.tiny_requests), len(endpoint.requests)) == (1, 2)
    assert [tool["name"] for tool in endpoint.requests[0].body["tools"]] == [
        "StructuredOutput"
    ]


async def test_account_of_anthropic_is_never_asked_how_it_answers(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """Its models call tools: the turn's one request is all there is."""
    access = token_access(endpoint.url, config_dir=tmp_path)

    outcome = await review_with(review_task(), access)

    assert isinstance(outcome, ReviewResult)
    assert (len(endpoint.tiny_requests), len(endpoint.requests)) == (0, 1)


async def test_each_model_of_an_endpoint_is_asked_for_itself(
    on_toolless: RunnerHarness, toolless: ScriptedEndpoint
) -> None:
    """What one model can't, another may."""
    first = start_request("turn-1")
    second = start_request("turn-2")
    second.model = "another-model"

    for request in (first, second):
        await on_toolless.end_of(request)

    models = [request.body["model"] for request in toolless.tiny_requests]
    assert models == ["claude-sonnet-4-5", "another-model"]


@pytest.mark.parametrize(
    "tiny",
    [
        _WORDS_ALONE,
        Script(prose="I am", calls_tool=False, stop_reason="max_tokens"),
        Script(prose="ready " * 1_000, calls_tool=False, stall_after=600),
        Script(prose=None, calls_tool=False),
    ],
    ids=["words", "length limit", "endless words", "nothing"],
)
async def test_no_tool_call_means_none_can_be_had(tiny: Script, tmp_path: Path) -> None:
    """However a model fails to call the tool, it takes one request to know."""
    async with (
        ScriptedEndpoint(tiny=tiny, default=Script(is_fenced=True)) as endpoint,
        run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner,
    ):
        end = await runner.end_of(start_request())

        assert end.HasField("review")
        assert (len(endpoint.tiny_requests), len(endpoint.requests)) == (1, 1)
        assert cli_children() == []


async def test_endpoint_that_refuses_tools_is_asked_without(tmp_path: Path) -> None:
    """The same tiny turn without the tool shows that the tool was the reason."""
    async with (
        ScriptedEndpoint(tiny=_WORDS_ALONE, default=Script(is_fenced=True)) as endpoint,
        run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner,
    ):
        endpoint.script_tiny(_WORDS_ALONE, with_tools=_REFUSES_TOOLS)

        ends = [await runner.end_of(start_request(f"turn-{seat}")) for seat in "AB"]

        assert all(end.HasField("review") for end in ends)
        assert (len(endpoint.tiny_requests), len(endpoint.requests)) == (2, 2)


@pytest.mark.parametrize(
    ("tiny", "reason"),
    [
        (Script(status=401, error_type="authentication_error"), "auth_required"),
        (Script(status=429, error_type="rate_limit_error"), "rate_limited"),
        (Script(status=503), "unreachable"),
        (_REFUSES_TOOLS, "internal"),
    ],
)
async def test_trouble_is_the_turn_s_reason_and_is_not_remembered(
    tiny: Script, reason: str, toolless: ScriptedEndpoint, on_toolless: RunnerHarness
) -> None:
    """A shut endpoint says nothing of its model; the next turn asks again."""
    toolless.script_tiny(tiny)
    first = await on_toolless.end_of(start_request("turn-1"))
    toolless.script_tiny(_WORDS_ALONE)

    second = await on_toolless.end_of(start_request("turn-2"))

    assert first.failure.reason == reason
    assert second.HasField("review")


async def test_model_that_stops_calling_the_tool_is_asked_anew(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Another model may serve under the name by now: one turn fails, the next fits."""
    await runner.end_of(start_request("turn-1"))
    words = Script(prose="Fine.", calls_tool=False)
    for script in (words, words, Script(is_fenced=True)):
        endpoint.script(script)
    endpoint.script_tiny(_WORDS_ALONE)

    failed = await runner.end_of(start_request("turn-2"))
    end = await runner.end_of(start_request("turn-3"))

    assert failed.failure.reason == "invalid_output"
    assert end.HasField("review")
    assert len(endpoint.tiny_requests) == 2
    assert not endpoint.requests[-1].body.get("tools")


async def test_trouble_is_shared_by_the_turns_that_waited(
    toolless: ScriptedEndpoint, on_toolless: RunnerHarness
) -> None:
    """Nine seats at a shut endpoint knock once."""
    release = asyncio.Event()
    toolless.script_tiny(Script(status=401, release=release))
    for seat in "ABC":
        await on_toolless.start(start_request(f"turn-{seat}", seat=seat))
    await toolless.wait_for_tiny_requests(1)
    release.set()

    ends = [(await on_toolless.all_parts(f"turn-{seat}"))[-1].end for seat in "ABC"]

    assert {end.failure.reason for end in ends} == {"auth_required"}
    assert len(toolless.tiny_requests) == 1


async def test_cancelled_turn_hands_the_question_on(
    toolless: ScriptedEndpoint, on_toolless: RunnerHarness
) -> None:
    """Who asked for all may leave; another asks, and nothing is left behind."""
    release = asyncio.Event()
    toolless.script_tiny(Script(prose="Hm.", calls_tool=False, release=release))
    for seat in "AB":
        await on_toolless.start(start_request(f"turn-{seat}", seat=seat))
    await toolless.wait_for_tiny_requests(1)

    await on_toolless.turns.CancelTurn(
        turn_service_pb2.CancelTurnRequest(
            run_id="run-1", fencing_token=1, turn_id="turn-A", attempt=1
        )
    )
    await toolless.wait_for_tiny_requests(2)
    release.set()
    ends = [(await on_toolless.all_parts(f"turn-{seat}"))[-1].end for seat in "AB"]

    assert ends[0].failure.reason == "cancelled"
    assert ends[1].HasField("review")
    assert cli_children() == []


async def test_invalid_block_is_mended_once_and_the_prose_stands(
    toolless: ScriptedEndpoint, on_toolless: RunnerHarness
) -> None:
    """One more message of the same process; both requests are in the usage."""
    toolless.script(Script(is_fenced=True, raw_output='{"findings": []}'))
    toolless.script(Script(is_fenced=True, prose="Sorry."))
    await on_toolless.start(start_request())

    parts = await on_toolless.all_parts()

    end = parts[-1].end
    assert {part.text.draft for part in parts if part.HasField("text")} == {0}
    assert "claims that want proof" in end.review.text
    assert "Sorry" not in end.review.text
    assert len(end.review.findings) == 2
    assert len(toolless.requests) == 2
    assert end.usage.output_tokens == 2 * 321
    repair = toolless.requests[1].body["messages"][-1]
    assert "lacks scores" in str(repair["content"])


async def test_second_invalid_block_ends_the_turn(
    toolless: ScriptedEndpoint, on_toolless: RunnerHarness
) -> None:
    """Two requests, then plain words."""
    for _ in range(2):
        toolless.script(Script(is_fenced=True, raw_output="{oops"))

    end = await on_toolless.end_of(start_request())

    assert end.failure.reason == "invalid_output"
    assert "a larger model may manage" in end.failure.detail
    assert len(toolless.requests) == 2
    assert cli_children() == []


_TOO_SMALL = {
    "words alone": (Script(calls_tool=False), 2),
    "nothing": (Script(prose=None, calls_tool=False), 1),
    "endless words": (
        Script(prose=" ".join(map(str, range(9_000))), calls_tool=False),
        1,
    ),
    "a loop": (Script(prose="It is secure. " * 1_000, calls_tool=False), 1),
    "length limit": (Script(calls_tool=False, stop_reason="max_tokens"), 1),
    "length limit in the block": (
        Script(is_fenced=True, raw_output='{"findings": [', stop_reason="max_tokens"),
        1,
    ),
}


@pytest.mark.parametrize("name", _TOO_SMALL)
async def test_model_that_is_too_small_ends_in_plain_words(
    name: str, on_toolless: RunnerHarness, toolless: ScriptedEndpoint
) -> None:
    """Soon, with few requests, whatever it does instead of answering."""
    script, requests = _TOO_SMALL[name]
    toolless.script(script)
    toolless.script(script)

    end = await on_toolless.end_of(start_request())

    assert end.failure.reason == "invalid_output"
    assert "a larger model" in end.failure.detail
    assert len(toolless.requests) == requests
    assert cli_children() == []


async def test_model_that_talks_on_behind_its_block_has_answered(
    on_toolless: RunnerHarness, toolless: ScriptedEndpoint
) -> None:
    """Its answer counts, though the message never ends."""
    toolless.script(
        Script(
            is_fenced=True,
            behind="\n".join(map(str, range(5_000))),
            characters_per_delta=2_000,
            stall_after=8,
        )
    )

    end = await on_toolless.end_of(start_request())

    assert end.HasField("review")
    assert cli_children() == []
