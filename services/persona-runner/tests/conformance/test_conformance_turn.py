"""One ordinary turn as the CLI runs it: what it asks, what it says, what it leaves."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roundtable_runner.claude.account import Access
from roundtable_runner.claude.workspace import Workspace
from support.anthropic_endpoint import RecordedRequest
from support.cli_conversation import (
    MODEL,
    OUTPUT,
    SCHEMA,
    SYSTEM_PROMPT,
    Messages,
    World,
    changed,
    deltas,
    stream_events,
)
from support.engine_harness import token_access
from support.messages_script import Script

_CANARY = "canary-of-a-file"
_DOCUMENT_CANARY = "canary-of-the-document"
_PROSE = "First I speak, then I call the tool."

# What stands at the very start of a prompt is what the CLI would look at.
_LURES = ("/model opus", "!touch {marker}", "@{bait}", "# remember {bait}", "/pwn")


@dataclass(frozen=True, slots=True)
class _Turn:
    """What came of a turn of 160 KB, and of one more for each lure."""

    is_bare: bool
    version_reply: dict[str, Any]
    opening_replies: list[dict[str, Any]]
    text: str
    messages: Messages
    lures: tuple[str, ...]
    requests: list[RecordedRequest]
    strays: list[str]
    marker_exists: bool
    left_on_disk: list[str]

    @property
    def body(self) -> dict[str, Any]:
        return self.requests[0].body

    @property
    def result(self) -> dict[str, Any]:
        return self.messages[-1]


def _plant(workspace: Workspace, marker: Path) -> Path:
    """Plant whatever the CLI might take up; return a file that a prompt names."""
    hook = {"hooks": [{"type": "command", "command": f"touch {marker}"}]}
    settings = {"hooks": {"SessionStart": [hook], "UserPromptSubmit": [hook]}}
    servers = {"bait": {"command": "touch", "args": [str(marker)]}}
    workspace.empty.chmod(0o700)
    for directory in (workspace.home / ".claude", workspace.config, workspace.empty):
        inner = directory / ".claude" if directory == workspace.empty else directory
        (inner / "commands").mkdir(parents=True)
        (inner / "settings.json").write_text(json.dumps(settings))
        (inner / "commands" / "pwn.md").write_text(f"{_CANARY}: !`touch {marker}`")
        (directory / "CLAUDE.md").write_text(_CANARY)
        (directory / ".mcp.json").write_text(json.dumps({"mcpServers": servers}))
    bait = workspace.empty / "bait.txt"
    bait.write_text(_CANARY)
    workspace.empty.chmod(0o500)
    return bait


async def _run_turn(*, is_bare: bool, marker: Path) -> _Turn:
    async with World(Script(prose=_PROSE, output=OUTPUT)) as world:
        bait = _plant(world.workspace, marker)
        text = (
            f"/model opus\n@{bait} {_DOCUMENT_CANARY} "
            + "much " * 32_000
            + "\n!ls\nSEAT {}"
        )
        lures = tuple(lure.format(marker=marker, bait=bait) for lure in _LURES)
        async with world.open_cli(_access(world, is_bare=is_bare)) as cli:
            version_reply = await cli.control("get_binary_version")
            opening_replies = await cli.open()
            messages = await cli.say(text)
            for lure in lures:
                await cli.say(lure)
        return _Turn(
            is_bare=is_bare,
            version_reply=version_reply,
            opening_replies=opening_replies,
            text=text,
            messages=messages,
            lures=lures,
            requests=world.endpoint.requests,
            strays=world.strays,
            marker_exists=await asyncio.to_thread(marker.exists),
            left_on_disk=await asyncio.to_thread(
                _files_with, _DOCUMENT_CANARY, world.workspace.root
            ),
        )


def _files_with(words: str, root: Path) -> list[str]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return [path.name for path in files if words in path.read_text()]


def _access(world: World, *, is_bare: bool) -> Access:
    if is_bare:
        return world.access
    return token_access(world.endpoint.url, config_dir=world.workspace.config)


@pytest.fixture(scope="module", params=["bare", "not bare"])
def turn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> _Turn:
    """A turn, bare as with a key, or not, as with a token or a login."""
    marker = tmp_path_factory.mktemp("marker") / "ran"
    return asyncio.run(_run_turn(is_bare=request.param == "bare", marker=marker))


def test_version_is_told_before_initialize(turn: _Turn) -> None:
    """A parked process tells that it is ready, and is a panelist's later."""
    version = turn.version_reply.get("response", {}).get("version")

    assert isinstance(version, str), changed(
        "Readiness",
        f"answers get_binary_version with {turn.version_reply}",
        relies="a version in it to know that a process started ahead is ready",
    )
    assert {reply["subtype"] for reply in turn.opening_replies} == {"success"}, changed(
        "Late initialize",
        f"answers persona and model that come after with {turn.opening_replies}",
        relies="one process serving whichever panelist comes (claude/transport.py)",
    )


def test_one_request_a_turn_and_none_elsewhere(turn: _Turn) -> None:
    """No title, no probe, no telemetry: nothing else gets the document or is paid."""
    turns = 1 + len(turn.lures)

    assert len(turn.requests) == turns, changed(
        "Requests",
        f"sends {len(turn.requests)} model requests for {turns} turns",
        relies="one request a turn (claude/environment.py, the quiet variables)",
    )
    assert turn.strays == [], changed(
        "Traffic",
        f"also asks {turn.strays}",
        relies="nobody but the account's endpoint being asked (claude/environment.py)",
    )


def test_text_arrives_verbatim_and_whole(turn: _Turn) -> None:
    """160 KB come in by standard input and leave as one block, word for word."""
    sent = turn.body["messages"][0]["content"][-1]["text"]

    assert sent == turn.text, changed(
        "Verbatim prompts",
        f"turns a prompt of {len(turn.text)} characters into one of {len(sent)}",
        relies="client_composed sending a document unchanged (claude/engine.py)",
    )


@pytest.mark.parametrize("number", range(len(_LURES)))
def test_lure_is_plain_words(turn: _Turn, number: int) -> None:
    """A command, a file's name or a shell line that starts a prompt is text."""
    lure = turn.lures[number]
    sent = turn.requests[1 + number].body["messages"][-1]["content"][-1]["text"]

    assert sent == lure, changed(
        "Verbatim prompts",
        f"sends {sent[:200]!r} where the prompt is {lure!r}",
        relies="a document never being a command (claude/engine.py)",
    )


def test_no_file_is_read_and_no_command_run(turn: _Turn) -> None:
    """Neither settings, hooks, memory, servers nor files that a prompt names."""
    leaks = [r for r in turn.requests if _CANARY in r.raw_body.decode()]

    assert leaks == [], changed(
        "Isolation",
        "sends the content of a local file to the model",
        relies="--setting-sources=, --strict-mcp-config and client_composed",
    )
    assert not turn.marker_exists, changed(
        "Isolation",
        "runs a hook, an MCP server or a shell line that lay about",
        relies="--setting-sources= and --strict-mcp-config (claude/environment.py)",
    )


async def test_the_baits_would_be_taken(tmp_path: Path) -> None:
    """Without our flags the same files are read, so the test above proves something."""
    marker = tmp_path / "ran"
    async with World() as world:
        _plant(world.workspace, marker)
        await world.one_turn(
            access=_access(world, is_bare=False),
            flags={"--setting-sources": "user,project,local"},
        )

        assert marker.exists()
        assert _CANARY in world.endpoint.requests[0].raw_body.decode()


def test_system_prompt_is_ours(turn: _Turn) -> None:
    """Besides the CLI's own fixed lines, only what initialize brought."""
    *fixed, last = [block["text"] for block in turn.body["system"]]

    assert last == SYSTEM_PROMPT, changed(
        "System prompt",
        f"sends {last[:200]!r} as the last system block",
        relies="initialize.systemPrompt replacing it (claude/transport.py)",
    )
    assert sum(map(len, fixed)) < 250, changed(
        "System prompt",
        f"puts before it {fixed}",
        relies="a prompt that is ours but for a line or two",
    )


def test_context_of_the_machine_is_bounded(turn: _Turn) -> None:
    """Bare adds no word to the user's; otherwise a short block on the machine."""
    (message,) = turn.body["messages"]
    added = "".join(block["text"] for block in message["content"][:-1])

    assert len(added) <= (0 if turn.is_bare else 2000), changed(
        "Added context",
        f"puts {len(added)} characters before the prompt: {added[:300]!r}",
        relies="bare mode adding nothing, and the other one little",
    )


def test_schema_becomes_the_only_tool(turn: _Turn) -> None:
    """The model is offered StructuredOutput with our schema, and nothing else."""
    tools = {tool["name"]: tool["input_schema"] for tool in turn.body["tools"]}

    assert tools == {"StructuredOutput": SCHEMA}, changed(
        "Structured output",
        f"offers {sorted(tools)} with {tools.get('StructuredOutput')}",
        relies="initialize.jsonSchema giving that one tool, and --tools= no other",
    )
    assert "tool_choice" not in turn.body, changed(
        "Structured output",
        "forces the tool, so that no prose can come before",
        relies="prose first, then the tool, in one request",
    )


def test_request_is_what_the_flags_ask_for(turn: _Turn) -> None:
    """Model, streaming and thinking are as told."""
    asked = {name: turn.body.get(name) for name in ("model", "stream", "thinking")}

    wanted = {"model": MODEL, "stream": True, "thinking": {"type": "disabled"}}
    assert asked == wanted, changed(
        "Flags",
        f"sends {asked}",
        relies="--model and --thinking=disabled (claude/environment.py)",
    )


def test_process_tells_its_tools(turn: _Turn) -> None:
    """The CLI's own list agrees with the request."""
    told = next(m for m in turn.messages if m.get("subtype") == "init")

    assert (told["tools"], told["mcp_servers"], told["slash_commands"]) == (
        ["StructuredOutput"],
        [],
        [],
    ), changed(
        "Tools",
        f"lists {told['tools']}, {told['mcp_servers']}, {told['slash_commands']}",
        relies="--tools=, --strict-mcp-config and --disable-slash-commands",
    )


def test_text_and_output_stream_piece_by_piece(turn: _Turn) -> None:
    """Each delta of the endpoint is one event, in order and unchanged."""
    texts = [delta["text"] for delta in deltas(turn.messages, "text_delta")]
    pieces = [d["partial_json"] for d in deltas(turn.messages, "input_json_delta")]

    assert ("".join(texts), len(texts)) == (_PROSE, len(_PROSE.split())), changed(
        "Streaming",
        f"gives {len(texts)} text deltas for {len(_PROSE.split())} of the endpoint",
        relies="--include-partial-messages passing each on (claude/stream.py)",
    )
    assert json.loads("".join(pieces)) == OUTPUT, changed(
        "Streaming",
        f"gives {pieces} as the pieces of the structured output",
        relies="input_json_delta showing findings as they are written",
    )


def test_borders_of_a_message_carry_its_usage(turn: _Turn) -> None:
    """message_start and message_delta come through with what has been counted."""
    starts = stream_events(turn.messages, "message_start")
    ends = stream_events(turn.messages, "message_delta")

    told = [
        [start["message"].get("usage", {}).get("input_tokens") for start in starts],
        [end.get("usage", {}).get("output_tokens") for end in ends],
        [end["delta"].get("stop_reason") for end in ends],
    ]
    assert told == [[1000], [321], ["tool_use"]], changed(
        "Streaming",
        f"tells input tokens, output tokens and stop reasons as {told}",
        relies="them for usage, drafts and early ends (claude/stream.py)",
    )


def test_result_holds_output_usage_and_price(turn: _Turn) -> None:
    """The last message has every field the runner reads."""
    result = turn.result
    read = {
        "type": "result",
        "subtype": "success",
        "is_error": False,
        "api_error_status": None,
        "structured_output": OUTPUT,
    }

    assert {name: result.get(name) for name in read} == read, changed(
        "Result",
        f"ends a good turn with {result}",
        relies="these fields (claude/failures.py, claude/engine.py)",
    )
    assert result["usage"]["output_tokens"] == 321
    assert result["total_cost_usd"] > 0
    assert result["modelUsage"][MODEL]["costBasis"] == "list", changed(
        "Price",
        f"knows no list price of {MODEL}: {result['modelUsage']}",
        relies="costBasis telling a price from a guess (claude/stream.py)",
    )


def test_nothing_of_the_document_is_left_on_disk(turn: _Turn) -> None:
    """No transcript, no history, no backup holds the prompt."""
    assert turn.left_on_disk == [], changed(
        "Disk",
        f"leaves the document in {turn.left_on_disk}",
        relies="--no-session-persistence (claude/environment.py)",
    )
