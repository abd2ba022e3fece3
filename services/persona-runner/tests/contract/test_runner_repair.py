"""An answer that does not fit is asked for once more, in the same process."""

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.processes import cli_children
from support.runner_harness import RunnerHarness, start_request

_WRONG = Script(prose="First.", output={"findings": []})
_BROKEN = Script(prose="First.", raw_output='{"findings": [], "overall')
_WORDS = Script(prose="First.", calls_tool=False)
_RIGHT = Script(prose="Second.")
_NEVER = Script(prose="Third.")


@pytest.mark.parametrize("first", [_WRONG, _BROKEN, _WORDS])
async def test_second_answer_replaces_the_first(
    first: Script, runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """No viewer sees text twice, and both requests are counted in what was used."""
    for script in (first, _RIGHT, _NEVER):
        endpoint.script(script)
    await runner.start(start_request())

    parts = await runner.all_parts()

    texts = [(part.text.draft, part.text.text) for part in parts if part.text.text]
    assert texts == [(0, "First."), (1, "Second.")]
    assert parts[-1].end.review.text == "Second."
    assert parts[-1].end.usage.output_tokens == 642
    assert parts[-1].end.usage.input_tokens == 2040
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize("prose", [None, ""])
@pytest.mark.parametrize("first", [_WRONG, _WORDS])
async def test_repair_without_prose_leaves_the_first(
    prose: str | None, first: Script, runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A model that repeats the call alone has not taken back what it said."""
    for script in (first, Script(prose=prose), _NEVER):
        endpoint.script(script)
    await runner.start(start_request())

    parts = await runner.all_parts()

    texts = [(part.text.draft, part.text.text) for part in parts if part.text.text]
    assert texts == [(0, "First.")]
    assert parts[-1].end.review.text == "First."


@pytest.mark.parametrize(
    ("first", "second"),
    [(_WRONG, _WRONG), (_WORDS, _WORDS), (_WORDS, _WRONG), (_WRONG, _WORDS)],
)
async def test_second_failure_is_the_last(
    first: Script, second: Script, runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """There is one repair and no other; what it used is told all the same."""
    for script in (first, second, _NEVER):
        endpoint.script(script)

    end = await runner.end_of(start_request())

    assert end.failure.reason == "invalid_output"
    assert len(endpoint.requests) == 2
    assert end.usage.output_tokens == 642
    assert cli_children() == []


async def test_repair_is_told_what_was_wrong(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """The model gets its answer back with every violation named."""
    endpoint.script(_WRONG)

    await runner.end_of(start_request())

    (complaint,) = endpoint.requests[1].body["messages"][-1]["content"]
    assert complaint["is_error"]
    assert "'verdict'" in complaint["content"]
