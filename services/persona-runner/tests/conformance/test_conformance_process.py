"""What can be told to a CLI process, and what it does by itself."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from roundtable_runner.claude.account import Access
from roundtable_runner.turn.task import Effort
from support.cli_conversation import (
    MODEL,
    OUTPUT,
    SYSTEM_PROMPT,
    TEXT,
    World,
    changed,
    stream_events,
)
from support.messages_script import Script

_THINKER = "claude-opus-5-5"


async def test_second_initialize_changes_nothing() -> None:
    """It is answered with success, yet the first persona stays: so used once."""
    async with World() as world, world.open_cli() as cli:
        await cli.open()
        await cli.control("initialize", hooks=None, systemPrompt=["You are Bob."])
        await cli.say(TEXT)

        system = world.endpoint.requests[0].body["system"][-1]["text"]
    assert system == SYSTEM_PROMPT, changed(
        "Second initialize",
        f"takes a second persona: {system!r}",
        relies="nothing of it; a process could serve several panelists",
    )


async def test_process_carries_its_first_turn_into_the_second() -> None:
    """So no process serves two turns; the repair of fenced JSON lives of it."""
    async with World() as world, world.open_cli() as cli:
        await cli.open()
        await cli.say(TEXT)
        await cli.say("A second question.")

        *_, second = world.endpoint.requests
    assert "Review this." in second.raw_body.decode(), changed(
        "Second turn",
        "forgets the first turn of its process",
        relies="it knowing the answer that it is asked to repair (turn/fenced.py)",
    )


async def test_model_told_to_a_live_process_costs_no_request() -> None:
    """apply_flag_settings changes it at once, even to one the CLI does not know."""
    async with World() as world, world.open_cli() as cli:
        replies = await cli.open(model="some-local-model")
        (*_, result) = await cli.say(TEXT)

        models = [request.body["model"] for request in world.endpoint.requests]
    assert models == ["some-local-model"], changed(
        "Model of a live process",
        f"asks {models} after replies {replies}",
        relies="apply_flag_settings setting it, for nothing (claude/tuning.py)",
    )
    basis = result["modelUsage"]["some-local-model"]["costBasis"]
    assert basis == "unknown", changed(
        "Price",
        f"prices a model that nobody knows by {basis!r}",
        relies="costBasis telling a guess from a price (claude/stream.py)",
    )


async def test_set_model_asks_the_endpoint() -> None:
    """The CLI's own request for it costs one more, so it is not used."""
    async with World() as world, world.open_cli() as cli:
        await cli.open()
        await cli.control("set_model", model="some-local-model")

        assert len(world.endpoint.tiny_requests) == 1, changed(
            "set_model",
            "sets a model without asking the endpoint for it",
            relies="nothing of it; claude/tuning.py could use it",
        )


@pytest.mark.parametrize("effort", [Effort.LOW, Effort.HIGH])
async def test_effort_is_sent(effort: Effort) -> None:
    """A model that thinks as it likes is told how hard."""
    async with World() as world, world.open_cli() as cli:
        await cli.open(model=_THINKER, effort=effort)
        await cli.say(TEXT)

        sent = world.endpoint.requests[0].body.get("output_config", {})
    assert sent.get("effort") == effort.value, changed(
        "Effort",
        f"sends {sent} for {effort.value!r}",
        relies="apply_flag_settings with effortLevel (claude/tuning.py)",
    )


async def test_thinking_budget_is_sent() -> None:
    """A model that thinks within a budget gets ours, and its answer the rest."""
    async with World() as world, world.open_cli() as cli:
        await cli.open(model=MODEL, effort=Effort.MEDIUM)
        await cli.say(TEXT)

        body = world.endpoint.requests[0].body
    thinking = body.get("thinking", {})
    assert thinking.get("type") == "enabled", changed(
        "Thinking",
        f"sends {thinking} for medium effort",
        relies="set_max_thinking_tokens (claude/tuning.py)",
    )
    assert thinking["budget_tokens"] < body["max_tokens"] - 4_000, changed(
        "Thinking",
        f"leaves {body['max_tokens']} tokens for thoughts of {thinking}",
        relies="room for the answer beside the thoughts (claude/tuning.py)",
    )


@dataclass(frozen=True, slots=True)
class _OwnTool(Script):
    """A model that calls a tool nobody offered, then answers.

    Attributes:
        tool: Its name.
        arguments: What it is called with.
    """

    tool: str = ""
    arguments: Mapping[str, str] | None = None

    def events(self, request: Any) -> Any:
        """Yield the call first; the answer once it was told that there is none."""
        is_first = len(request["messages"]) == 1
        script = Script(output=dict(self.arguments or {}) if is_first else OUTPUT)
        for event in Script.events(script, request):
            if is_first and event.get("content_block", {}).get("type") == "tool_use":
                event["content_block"]["name"] = self.tool
            yield event


@pytest.mark.parametrize("is_bare", [True, False], ids=["bare", "not bare"])
async def test_tools_that_a_model_makes_up_are_not_run(
    *, is_bare: bool, tmp_path: Path
) -> None:
    """Reading a file and running a command are refused; it answers after that."""
    canary, marker = tmp_path / "canary", tmp_path / "ran"
    canary.write_text("content-of-the-canary")
    calls = [
        _OwnTool(tool="Read", arguments={"file_path": str(canary)}),
        _OwnTool(tool="Bash", arguments={"command": f"touch {marker}"}),
    ]
    for script in calls:
        async with World(script) as world:
            access = world.access if is_bare else _not_bare(world)
            (*_, result) = await world.one_turn(access=access)

            sent = "".join(r.raw_body.decode() for r in world.endpoint.requests)
        assert "No such tool available" in sent, changed(
            f"Tool {script.tool}",
            f"does not refuse it to a model that calls it: {json.dumps(result)}",
            relies="--tools= (claude/environment.py)",
        )
        assert "content-of-the-canary" not in sent
        assert not marker.exists()
        assert result.get("structured_output") == OUTPUT, changed(
            f"Tool {script.tool}",
            f"does not let the model answer after the refusal: {result}",
            relies="--max-turns leaving room",
        )


def _not_bare(world: World) -> Access:
    return replace(world.access, is_bare=False)


_NOWHERE = "/dev/null/none"
_HOMES: dict[str, dict[str, str | None]] = {
    "there is none": {"HOME": None},
    "it can't be written": {"HOME": _NOWHERE},
}


@pytest.mark.parametrize("name", _HOMES)
async def test_home_is_not_needed(name: str) -> None:
    """A turn is answered without a HOME, or with one that takes no file."""
    async with World() as world:
        (*_, result) = await world.one_turn(variables=_HOMES[name])

    assert result.get("structured_output") == OUTPUT, changed(
        f"HOME ({name})",
        f"ends with {result}",
        relies="a HOME that is lost not stopping turns",
    )


@pytest.mark.slow
async def test_full_disk_slows_a_start_down_and_stops_no_turn() -> None:
    """Where it can't write its configuration it tries for seconds, then goes on."""
    async with World() as world:
        (*_, result) = await world.one_turn(variables={"CLAUDE_CONFIG_DIR": _NOWHERE})

    assert result.get("structured_output") == OUTPUT, changed(
        "Configuration that can't be written",
        f"ends with {result}",
        relies="a full or read-only disk not stopping turns",
    )


async def test_temporary_directory_is_needed() -> None:
    """Where it can't write there it ends before it says anything."""
    async with (
        World() as world,
        world.open_cli(variables={"TMPDIR": _NOWHERE}) as cli,
    ):
        with pytest.raises((AssertionError, OSError)):
            await cli.open()

    assert cli.messages == []


async def test_retry_starts_a_new_message() -> None:
    """Where the CLI streams again, message_start says so."""
    release = asyncio.Event()
    variables = {"CLAUDE_CODE_MAX_RETRIES": "1"}
    async with World() as world, world.open_cli(variables=variables) as cli:
        world.endpoint.script(
            Script(hold_after=5, release=release, drop_after=6, output=OUTPUT)
        )
        await cli.open()
        heard = await cli.say(TEXT, until="stream_event")
        release.set()
        heard += await cli.hear()

    assert len(stream_events(heard, "message_start")) == 2, changed(
        "Repeated text",
        "repeats a message without a message_start",
        relies="it to raise the draft, so that no text stands twice",
    )
