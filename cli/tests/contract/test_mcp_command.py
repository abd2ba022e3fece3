"""`roundtable mcp` as a process: its protocol, its errors, its end."""

import asyncio
import copy
import json
import os
import subprocess
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest
from mcp import ClientSession, MCPError, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent

_NOBODY = "http://127.0.0.1:9"
_RECORDED = json.loads(Path(__file__).with_name("recorded_run.json").read_text())
_INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


class _CannedGateway:
    """A gateway over real HTTP that gives each request the answer laid out for it."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gateway._answer(self, "GET", {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway._answer(self, "POST", json.loads(body or b"{}"))

            def log_message(self, *_: object) -> None:
                """Keep standard error for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _answer(
        self, handler: BaseHTTPRequestHandler, method: str, body: dict[str, Any]
    ) -> None:
        request = f"{method} {handler.path.partition('?')[0]}"
        self.asked.append((request, body))
        status, answer = self.answers.get(request, (404, {"title": "Not there"}))
        content = json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def gateway() -> Iterator[_CannedGateway]:
    """Return a gateway that has an account and one run."""
    with _CannedGateway() as gateway:
        runner = {"status": "ok", "engine": "claude", "account": "api_key"}
        services = {"store": {"status": "ok"}, "persona_runner": runner}
        run = _run()
        gateway.answers = {
            "GET /health": (200, {"status": "ok", "services": services}),
            "POST /api/v1/documents": (201, {"id": "doc-1"}),
            "POST /api/v1/runs": (201, run),
            "GET /api/v1/runs/run-1": (200, run),
        }
        yield gateway


def _run() -> dict[str, Any]:
    run: dict[str, Any] = copy.deepcopy(_RECORDED["run"])
    findings, decision = _RECORDED["findings"], _RECORDED["decision"]
    return {**run, "state": "succeeded", "findings": findings, "decision": decision}


@asynccontextmanager
async def _agent(
    server: str, folder: Path, **environment: str
) -> AsyncIterator[ClientSession]:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "roundtable_cli", "mcp", "--server", server],
        env={"HOME": str(folder), **environment},
    )
    with (folder / "mcp.log").open("a") as log:
        async with AsyncExitStack() as stack:
            streams = await stack.enter_async_context(stdio_client(command, errlog=log))
            session = await stack.enter_async_context(ClientSession(*streams))
            await session.initialize()
            yield session


def _text(answer: CallToolResult) -> str:
    (block,) = answer.content
    assert isinstance(block, TextContent)
    return block.text


async def test_the_tools_say_what_they_take_and_give(tmp_path: Path) -> None:
    """Each has a schema for both; those that only read are marked so."""
    async with _agent(_NOBODY, tmp_path) as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}

    reading = {name for name, t in tools.items() if t.annotations.read_only_hint}  # type: ignore[union-attr] # the next line holds that all have them
    assert all(t.annotations and t.output_schema for t in tools.values())
    assert reading == {
        *("list_personas", "list_panels"),
        *("follow_run", "get_run", "list_runs"),
    }
    assert set(tools) - reading == {"review_document", "export_run"}
    assert "user's own machine" in (tools["review_document"].description or "")


async def test_a_gateway_that_is_away_is_told_with_the_mend(tmp_path: Path) -> None:
    """The server lives on: the next call is answered too."""
    async with _agent(_NOBODY, tmp_path) as session:
        answers = [
            await session.call_tool("list_panels", {}),
            await session.call_tool("get_run", {"run_id": "run-1"}),
        ]

    for answer in answers:
        assert answer.is_error
        assert "roundtable up" in _text(answer)


async def test_a_token_that_cannot_be_had_is_told_without_it(tmp_path: Path) -> None:
    """The settings that clash are named."""
    tokens = {"ROUNDTABLE_TOKEN": "rt_secret", "ROUNDTABLE_TOKEN_FILE": "nowhere"}

    async with _agent(_NOBODY, tmp_path, **tokens) as session:
        answer = await session.call_tool("list_panels", {})

    assert answer.is_error
    assert "ROUNDTABLE_TOKEN_FILE are both set; unset one" in _text(answer)
    assert "rt_secret" not in _text(answer)


async def test_wrong_arguments_are_told_by_field(tmp_path: Path) -> None:
    """Before the gateway is asked anything; the values are not repeated."""
    panel = {"text": "x", "panel_id": "p"}
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("review_document", {"panel_id": "p"}, "path, text: give exactly one"),
        ("review_document", {"text": "x"}, "panel_id, persona_ids: give exactly"),
        (
            "review_document",
            {**panel, "panel": "secret-value"},
            "panel: there is no such field; there are path, text",
        ),
        (
            "review_document",
            {**panel, "wait_seconds": 9_999},
            "wait_seconds: Input should be less than or equal to 3600",
        ),
        ("follow_run", {}, "run_id: it is required"),
        ("get_run", {"run_id": "../tokens"}, "run_id: it is no run's id; list_runs"),
        ("export_run", {"run_id": "r", "format": "exe"}, "format: Input should be"),
        (
            "export_run",
            {"run_id": "r", "save_to": "report.md"},
            "save_to: it is no absolute path",
        ),
        (
            "review_document",
            {"path": "notes.md", "panel_id": "p"},
            "path: it is no absolute path",
        ),
    ]

    async with _agent(_NOBODY, tmp_path) as session:
        answers = [
            await session.call_tool(tool, arguments) for tool, arguments, _ in cases
        ]

    for answer, (_, _, words) in zip(answers, cases, strict=True):
        assert answer.is_error
        assert words in _text(answer)
        assert "secret-value" not in _text(answer)


async def test_an_unknown_tool_is_an_error_of_the_protocol(tmp_path: Path) -> None:
    """It names the tools that there are."""
    async with _agent(_NOBODY, tmp_path) as session:
        with pytest.raises(MCPError, match="review_document"):
            await session.call_tool("delete_everything", {})


async def test_the_request_carries_what_was_asked(
    gateway: _CannedGateway, tmp_path: Path
) -> None:
    """Text, panelists and brief reach the gateway; nothing else is made up."""
    async with _agent(gateway.url, tmp_path) as session:
        answer = await session.call_tool(
            "review_document",
            {
                "text": '{"a": 1}',
                "persona_ids": '["ciso", "cio"]',
                "mode": "roundtable",
                "audience": "CISOs",
                "model": "opus",
            },
        )

    assert not answer.is_error, _text(answer)
    asked = dict(gateway.asked)
    assert asked["POST /api/v1/documents"] == {
        "title": "Pasted text",
        "text": '{"a": 1}',
    }
    assert asked["POST /api/v1/runs"] == {
        "document_id": "doc-1",
        "persona_ids": ["ciso", "cio"],
        "mode": "roundtable",
        "brief": {"audience": "CISOs"},
        "model": "opus",
    }


async def test_the_rehearsal_must_be_allowed(
    gateway: _CannedGateway, tmp_path: Path
) -> None:
    """Nothing is uploaded before the user has agreed to rule-based checks."""
    gateway.answers["GET /health"][1]["services"]["persona_runner"]["engine"] = (
        "rehearsal"
    )

    async with _agent(gateway.url, tmp_path) as session:
        answer = await session.call_tool(
            "review_document", {"text": "x", "panel_id": "p"}
        )

    assert answer.is_error
    assert "allow_rehearsal: true" in _text(answer)
    assert [request for request, _ in gateway.asked] == ["GET /health"]


async def test_what_nobody_sees_does_not_reach_the_agent(
    gateway: _CannedGateway, tmp_path: Path
) -> None:
    """Escapes, direction marks and tag letters are taken out of every text."""
    hidden = "\u202e\U000e0069\U000e0067\u200b\x1b[2J"
    run = gateway.answers["GET /api/v1/runs/run-1"][1]
    run["findings"][0]["title"] = f"A speed{hidden}"
    run["document"]["title"] = f"Cloud{hidden}"

    async with _agent(gateway.url, tmp_path) as session:
        await session.list_tools()
        answers = [
            await session.call_tool("get_run", {"run_id": "run-1", "whole": whole})
            for whole in (False, True)
        ]

    for answer in answers:
        words = _text(answer) + json.dumps(
            answer.structured_content, ensure_ascii=False
        )
        assert not set(hidden) - set("[2J") & set(words)
        assert "A speed" in words


async def test_an_answer_that_is_no_run_is_told(
    gateway: _CannedGateway, tmp_path: Path
) -> None:
    """A gateway of another version does not bring the server down."""
    gateway.answers["GET /api/v1/runs/run-1"] = (200, {"id": "run-1"})

    async with _agent(gateway.url, tmp_path) as session:
        answer = await session.call_tool("get_run", {"run_id": "run-1"})

    assert answer.is_error
    assert "may be of different versions" in _text(answer)


async def test_a_failure_while_waiting_tells_the_run_that_was_begun(
    gateway: _CannedGateway, tmp_path: Path
) -> None:
    """What was begun is not lost with the call."""
    running = {**_run(), "state": "running"}
    gateway.answers["POST /api/v1/runs"] = (201, running)
    problem = {"title": "Not allowed", "reason": "PERMISSION_DENIED"}
    gateway.answers["GET /api/v1/runs/run-1/events"] = (403, problem)

    async with _agent(gateway.url, tmp_path) as session:
        answer = await session.call_tool(
            "review_document", {"text": "x", "panel_id": "p"}
        )

    assert answer.is_error
    assert "PERMISSION_DENIED" in _text(answer)
    assert "Run run-1 was begun and may go on: follow_run" in _text(answer)


async def test_standard_output_is_the_protocol_and_its_end_the_end(
    tmp_path: Path,
) -> None:
    """Each line is a message, rubbish between them or not; then it exits with 0."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "roundtable_cli", "mcp", "--server", _NOBODY),
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    call = {"name": "list_panels", "arguments": {}}
    messages = [
        json.dumps(_INITIALIZE),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        "this is no message",
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}),
    ]
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{line}\n" for line in messages).encode())
    answers = [json.loads(await process.stdout.readline()) for _ in range(2)]
    rest, errors = await process.communicate(b"")  # which closes its input

    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[1]["result"]["isError"] is True
    assert (rest, process.returncode) == (b"", 0), errors


def test_other_commands_do_not_load_the_protocol() -> None:
    """Its SDK takes longer to load than all of the rest."""
    program = (
        "import sys, roundtable_cli.main\n"
        "sys.exit(str([m for m in ('mcp', 'pydantic') if m in sys.modules] or ''))"
    )

    done = subprocess.run(  # noqa: S603 - our own words
        (sys.executable, "-c", program), capture_output=True, text=True, check=False
    )

    assert done.stderr.strip() == ""
