"""`roundtable review` as a process, against a gateway that plays a recorded run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

_COMMAND = (sys.executable, "-P", "-m", "roundtable_cli", "review")
_SECONDS = 20.0


_RECORDED = Path(__file__).with_name("recorded_run.json")


class _PlayedGateway:
    """A gateway over real HTTP that plays one run's log.

    Attributes:
        cut_after: Sequence behind which the first stream is torn, None for no cut.
        hang_after: Sequence behind which streams say no more until a cancel.
        is_mute: Whether every stream ends before its first event.
        has_store: Whether the store is there.
        replays_from_start: Whether a resumed stream repeats what was sent.
    """

    def __init__(
        self, *, outcome: str = "ship", end: str = "succeeded", engine: str = "claude"
    ) -> None:
        recorded = json.loads(_RECORDED.read_text())
        decision = {**recorded["decision"], "outcome": outcome}
        self.engine = engine
        self.created: dict[str, Any] = {**recorded["run"], "engine": engine}
        self.final: dict[str, Any] = {
            **self.created,
            "state": end,
            "turns": [],
            "findings": recorded["findings"],
            "decision": decision,
        }
        self.log: list[dict[str, Any]] = recorded["events"]
        self.log[-2]["decision"] = decision
        self.log[-1]["type"] = f"run.{end}"
        self.cut_after: int | None = None
        self.hang_after: int | None = None
        self.is_mute = False
        self.has_store = True
        self.replays_from_start = False
        self.problem: dict[str, Any] | None = None
        self.resumed_after: list[str | None] = []
        self.run_bodies: list[dict[str, Any]] = []
        self.run_keys: list[str | None] = []
        self.uploads: list[tuple[str | None, bytes]] = []
        self.is_cancelled = False
        self.failures_of_create = 0
        self.create_arrived = threading.Event()
        self.create_may_answer = threading.Event()
        self.create_may_answer.set()
        self.url = ""
        self._cancelled = asyncio.Event()

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/api/v1/documents", self._upload, methods=["POST"]),
                Route("/api/v1/runs", self._create, methods=["POST"]),
                Route("/api/v1/runs/run-1", self._get),
                Route("/api/v1/runs/run-1/cancel", self._cancel, methods=["POST"]),
                Route("/api/v1/runs/run-1/events", self._events),
            ]
        )

    async def _health(self, _request: Request) -> Response:
        runner = {"status": "ok", "engine": self.engine, "account": "none"}
        services = {"store": {"status": "ok"}, "persona_runner": runner}
        if not self.has_store:
            return JSONResponse({"status": "down", "services": services}, 503)
        return JSONResponse({"status": "ok", "version": "1", "services": services})

    async def _upload(self, request: Request) -> Response:
        async with request.form() as form:
            upload = form["file"]
            assert not isinstance(upload, str)
            self.uploads.append((upload.filename, await upload.read()))
        return JSONResponse({"id": "doc-1"}, 201)

    async def _create(self, request: Request) -> Response:
        assert request.headers["x-requested-with"] == "roundtable"
        self.run_keys.append(request.headers.get("idempotency-key"))
        if self.failures_of_create:
            self.failures_of_create -= 1
            return JSONResponse({}, 503, {"Retry-After": "0"})
        if self.problem:
            kind = "application/problem+json"
            return JSONResponse(self.problem, self.problem["status"], media_type=kind)
        self.run_bodies.append(await request.json())
        self.create_arrived.set()
        await asyncio.to_thread(self.create_may_answer.wait, _SECONDS)
        return JSONResponse(self.created, 201)

    async def _get(self, _request: Request) -> Response:
        return JSONResponse(self.final)

    async def _cancel(self, _request: Request) -> Response:
        self.is_cancelled = True
        self._cancelled.set()
        return JSONResponse(self.created, 202)

    async def _events(self, request: Request) -> Response:
        last_id = request.headers.get("last-event-id")
        self.resumed_after.append(last_id)
        after = 0 if self.replays_from_start else int(last_id or 0)
        return StreamingResponse(
            self._play(after=after), media_type="text/event-stream"
        )

    async def _play(self, *, after: int) -> AsyncIterator[str]:
        yield "retry: 10\n\n: heartbeat\n\n"
        if self.is_mute:
            return
        for event in self.log[after:]:
            yield _frame(event)
            if event["sequence"] == self.cut_after and len(self.resumed_after) == 1:
                # A torn frame: its data must not count.
                yield _frame({**event, "sequence": event["sequence"] + 1})[:-1]
                return
            if event["sequence"] == self.hang_after:
                await self._cancelled.wait()


def _frame(event: dict[str, Any]) -> str:
    words = json.dumps(event, ensure_ascii=False)
    return f"id: {event['sequence']}\nevent: {event['type']}\ndata: {words}\n\n"


@contextmanager
def _served(gateway: _PlayedGateway) -> Iterator[_PlayedGateway]:
    config = uvicorn.Config(gateway.app, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    started = threading.Event()

    async def serve() -> None:
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        gateway.url = f"http://127.0.0.1:{port}"
        started.set()
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert started.wait(_SECONDS)
        yield gateway
    finally:
        server.should_exit = True
        thread.join(_SECONDS)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a document to review."""
    path = tmp_path / "launch.md"
    path.write_text("# Cloud backup\n\nIt never loses a file.\n")
    return path


def _review(
    gateway: _PlayedGateway, document: Path, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        (*_COMMAND, str(document), "--panel", "p", "--server", gateway.url, *options),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


@pytest.mark.parametrize(
    ("outcome", "end", "exit_code"),
    [
        ("ship", "succeeded", 0),
        ("fix_then_ship", "succeeded", 1),
        ("rework", "succeeded", 1),
        ("no_decision", "succeeded", 2),
        ("ship", "incomplete", 2),
        ("ship", "failed", 2),
        ("ship", "cancelled", 2),
    ],
)
def test_exit_code_tells_the_decision(
    document: Path, *, outcome: str, end: str, exit_code: int
) -> None:
    """Only a run that succeeded counts; ship is 0, changes are 1, the rest 2."""
    with _served(_PlayedGateway(outcome=outcome, end=end)) as gateway:
        done = _review(gateway, document)

    assert done.returncode == exit_code, done.stderr


def test_request_carries_what_was_asked(document: Path) -> None:
    """Document, panel, brief and model reach the gateway; nothing else is made up."""
    with _served(_PlayedGateway()) as gateway:
        _review(gateway, document, "--audience", "CISOs", "--model", "opus")

    assert gateway.uploads == [("launch.md", document.read_bytes())]
    assert gateway.run_bodies == [
        {
            "document_id": "doc-1",
            "panel_id": "p",
            "mode": "roundtable",
            "brief": {"audience": "CISOs"},
            "model": "opus",
        }
    ]


def test_create_is_repeated_with_the_same_key(document: Path) -> None:
    """A gateway that is busy for a moment gets the same request again."""
    gateway = _PlayedGateway()
    gateway.failures_of_create = 1
    with _served(gateway):
        done = _review(gateway, document)

    assert done.returncode == 0, done.stderr
    first, second = gateway.run_keys
    assert first is not None
    assert first == second


def test_report_shows_findings_by_severity_and_lane(document: Path) -> None:
    """Decision, verified findings, unverified ones apart, dissent; no escapes."""
    with _served(_PlayedGateway(outcome="rework")) as gateway:
        done = _review(gateway, document)

    lines = done.stdout.splitlines()
    order = [
        "Decision: Rework (standing blockers)",
        "Findings (1)",
        "1. BLOCKER risk: An absolute promise",
        "   P2 “never loses a file”",
        "1. MAJOR risk: A speed without a measure",
        "   “[31mtwice as fast” (not found in the document)",
        "Dissent (1)",
        "- Ada Byrne: I would ship it.",
    ]
    places = [lines.index(line) for line in order]
    assert places == sorted(places)
    assert "\x1b" not in done.stdout


def test_cut_stream_is_resumed_behind_the_last_event(document: Path) -> None:
    """After a cut each event is shown once, the torn one included."""
    gateway = _PlayedGateway()
    gateway.cut_after = 4
    with _served(gateway):
        done = _review(gateway, document)

    assert done.returncode == 0, done.stderr
    assert gateway.resumed_after == [None, "4"]
    assert done.stderr.count("An absolute promise") == 1
    assert "The stream was cut; resuming …" in done.stderr


def test_event_that_is_sent_twice_is_shown_once(document: Path) -> None:
    """A gateway that repeats itself after a cut does not show in the progress."""
    gateway = _PlayedGateway()
    gateway.cut_after = 6
    gateway.replays_from_start = True
    with _served(gateway):
        done = _review(gateway, document)

    assert done.returncode == 0, done.stderr
    assert len(gateway.resumed_after) == 2
    assert done.stderr.count("An absolute promise") == 1


def test_json_is_the_only_thing_on_standard_output(document: Path) -> None:
    """Standard output is the final Run as the gateway gave it, whole."""
    with _served(_PlayedGateway(outcome="rework")) as gateway:
        done = _review(gateway, document, "--json")

    assert json.loads(done.stdout) == gateway.final
    assert "Ada Byrne starts." in done.stderr
    assert done.returncode == 1


def test_rehearsal_must_be_allowed(document: Path) -> None:
    """With the rehearsal engine only, nothing is uploaded and the exit code is 3."""
    with _served(_PlayedGateway(engine="rehearsal")) as gateway:
        done = _review(gateway, document)

    assert done.returncode == 3
    assert "--allow-rehearsal" in done.stderr
    assert not gateway.uploads
    assert not gateway.run_bodies


def test_allowed_rehearsal_is_called_one(document: Path) -> None:
    """The run asks for the rehearsal by name, and the report says what it is."""
    with _served(_PlayedGateway(engine="rehearsal")) as gateway:
        done = _review(gateway, document, "--allow-rehearsal")

    assert done.returncode == 0, done.stderr
    assert gateway.run_bodies[0]["engine"] == "rehearsal"
    assert "This is a rehearsal" in done.stdout


def test_problem_is_shown_with_its_fields(document: Path) -> None:
    """Title, detail and fields of a problem document; wrong input exits with 64."""
    gateway = _PlayedGateway()
    gateway.problem = {
        "title": "Unprocessable",
        "status": 422,
        "detail": "One field is wrong.",
        "reason": "UNKNOWN_PANEL",
        "errors": [{"field": "panel_id", "detail": "there is no such panel"}],
    }
    with _served(gateway):
        done = _review(gateway, document)

    assert done.returncode == 64
    assert "Error: Unprocessable (UNKNOWN_PANEL)" in done.stderr
    assert "One field is wrong." in done.stderr
    assert "panel_id: there is no such panel" in done.stderr


@pytest.mark.parametrize("options", [("--no-such-option",), ("--server", "gateway")])
def test_wrong_usage_exits_with_64(document: Path, options: tuple[str, ...]) -> None:
    """Options that click refuses have the exit code of usage errors."""
    done = _review(_PlayedGateway(), document, *options)

    assert done.returncode == 64
    assert "Usage: roundtable review" in done.stderr


def test_no_gateway_exits_with_69(document: Path) -> None:
    """Where nobody listens the error says how to start a gateway."""
    gateway = _PlayedGateway()
    with _served(gateway):
        pass  # its port is free again, and nobody listens there

    done = _review(gateway, document)

    assert done.returncode == 69
    assert "roundtable up" in done.stderr


def test_gateway_without_its_store_exits_with_69(document: Path) -> None:
    """A gateway that is down takes no document."""
    gateway = _PlayedGateway()
    gateway.has_store = False
    with _served(gateway):
        done = _review(gateway, document)

    assert done.returncode == 69
    assert "has no store" in done.stderr
    assert not gateway.uploads


def test_gateway_that_stays_away_exits_with_69(document: Path) -> None:
    """A stream that is cut again and again is given up, and the run's address told."""
    gateway = _PlayedGateway()
    gateway.is_mute = True
    with _served(gateway):
        done = _review(gateway, document)

    assert done.returncode == 69
    assert f"{gateway.url}/runs/?id=run-1" in done.stderr
    assert len(gateway.resumed_after) == 12


def test_proxy_for_the_internet_is_not_asked_for_loopback(document: Path) -> None:
    """A machine behind a proxy still reaches its own gateway."""
    with _served(_PlayedGateway()) as gateway:
        done = _review(gateway, document, HTTP_PROXY="http://127.0.0.1:9")

    assert done.returncode == 0, done.stderr


def test_something_else_than_a_gateway_exits_with_69(document: Path) -> None:
    """A server that knows no `/health` is named as no gateway."""
    gateway = _PlayedGateway()
    with _served(gateway):
        gateway.url += "/elsewhere"
        done = _review(gateway, document)

    assert done.returncode == 69
    assert "is no Persona Roundtable gateway" in done.stderr


@contextmanager
def _reviewing(
    gateway: _PlayedGateway, document: Path
) -> Iterator[subprocess.Popen[str]]:
    command = (*_COMMAND, str(document), "--panel", "p", "--server", gateway.url)
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_interrupted_review_cancels_its_run(document: Path) -> None:
    """Ctrl-C asks the gateway to cancel, says so and exits with 130."""
    gateway = _PlayedGateway()
    gateway.hang_after = 5
    with _served(gateway), _reviewing(gateway, document) as process:
        assert process.stderr is not None
        while "An absolute promise" not in process.stderr.readline():
            assert process.poll() is None
        os.kill(process.pid, signal.SIGINT)
        _, rest = process.communicate(timeout=_SECONDS)

    assert process.returncode == 130
    assert gateway.is_cancelled
    assert "Run run-1 is cancelled." in rest


def test_run_that_is_being_created_is_cancelled_too(document: Path) -> None:
    """Ctrl-C between the request and its answer does not leave a run behind."""
    gateway = _PlayedGateway()
    gateway.create_may_answer.clear()
    with _served(gateway), _reviewing(gateway, document) as process:
        assert gateway.create_arrived.wait(_SECONDS)
        os.kill(process.pid, signal.SIGINT)
        gateway.create_may_answer.set()
        process.communicate(timeout=_SECONDS)

    assert process.returncode == 130
    assert gateway.is_cancelled
