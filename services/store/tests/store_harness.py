"""A store in the test's own process, its stubs, and sample requests."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import grpc
from google.protobuf.duration_pb2 import Duration

from roundtable.store.v1 import (
    caller_pb2,
    document_pb2,
    event_pb2,
    run_detail_pb2,
    run_pb2,
    turn_pb2,
)
from roundtable.store.v1 import conductor_service_pb2 as conductor_pb2
from roundtable.store.v1 import document_service_pb2 as documents_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from roundtable.store.v1.conductor_service_pb2_grpc import ConductorServiceStub
from roundtable.store.v1.document_service_pb2_grpc import DocumentServiceStub
from roundtable.store.v1.run_service_pb2_grpc import RunServiceStub
from roundtable.store.v1.token_service_pb2_grpc import TokenServiceStub
from roundtable_kit.errors import ServiceError
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.rpc_errors import from_call_error
from roundtable_store.app import App
from roundtable_store.settings import Settings

if TYPE_CHECKING:  # the stubs' asynchronous halves exist for the type checker alone
    from roundtable.store.v1.conductor_service_pb2_grpc import (
        ConductorServiceAsyncStub,
    )
    from roundtable.store.v1.document_service_pb2_grpc import DocumentServiceAsyncStub
    from roundtable.store.v1.run_service_pb2_grpc import RunServiceAsyncStub
    from roundtable.store.v1.token_service_pb2_grpc import TokenServiceAsyncStub

ALICE = caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER, email="alice@example.com")
BOB = caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER, email="bob@example.com")
GATEWAY = caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_GATEWAY)

TEXT = "Grüße.\n\nShip it by Friday."
CONTENT = b"%PDF-like bytes"


class SetClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self.moment

    def monotonic(self) -> float:
        """Return the machine's own."""
        return monotonic()

    def advance(self, span: timedelta) -> None:
        """Let time pass."""
        self.moment += span


@dataclass(slots=True)
class Conductor:
    """A claim in a test's hand, which counts what it appends."""

    stub: "ConductorServiceAsyncStub"
    claim: conductor_pb2.Claim
    next_index: int = 0

    @property
    def run_id(self) -> str:
        """The claimed run."""
        return self.claim.detail.run.run_id

    async def append(self, *payloads: event_pb2.EventPayload) -> int:
        """Append events and return the log's last sequence."""
        events = [event_pb2.NewEvent(payload=payload) for payload in payloads]
        last_sequence = await self.append_at(self.next_index, events)
        self.next_index += len(events)
        return last_sequence

    async def append_at(
        self,
        first_index: int,
        events: Sequence[event_pb2.NewEvent],
        *,
        progress: conductor_pb2.Progress | None = None,
    ) -> int:
        """Append events at a position."""
        response = await self.stub.AppendEvents(
            conductor_pb2.AppendEventsRequest(
                caller=GATEWAY,
                run_id=self.run_id,
                fencing_token=self.claim.fencing_token,
                first_index=first_index,
                events=events,
                progress=progress,
            )
        )
        return response.last_sequence


@dataclass(slots=True)
class StoreHarness:
    """A running store and the stubs to call it."""

    app: App
    clock: SetClock
    channel: grpc.aio.Channel
    documents: "DocumentServiceAsyncStub" = field(init=False)
    runs: "RunServiceAsyncStub" = field(init=False)
    conductor: "ConductorServiceAsyncStub" = field(init=False)
    tokens: "TokenServiceAsyncStub" = field(init=False)
    _serial: int = 0

    def __post_init__(self) -> None:
        """Make the stubs."""
        self.documents = DocumentServiceStub(self.channel)
        self.runs = RunServiceStub(self.channel)
        self.conductor = ConductorServiceStub(self.channel)
        self.tokens = TokenServiceStub(self.channel)

    def new_key(self) -> str:
        """Return a request id that was not used before."""
        self._serial += 1
        return f"request-{self._serial}"

    async def create_document(
        self, caller: caller_pb2.Caller = ALICE, *, revision_of: str | None = None
    ) -> document_pb2.Document:
        """Store the sample document."""
        header = document_header(caller, request_id=self.new_key())
        if revision_of is not None:
            header.document.revision_of = revision_of
        response = await self.documents.CreateDocument(document_messages(header))
        return response.document

    async def create_run(
        self, caller: caller_pb2.Caller = ALICE, *, document_id: str | None = None
    ) -> run_pb2.Run:
        """Create a run, on a new sample document unless one is named."""
        if document_id is None:
            document_id = (await self.create_document(caller)).document_id
        request = run_request(document_id, caller=caller, request_id=self.new_key())
        return (await self.runs.CreateRun(request)).run

    async def claim(
        self, run_id: str = "", *, holder: str = "here", incarnation: str = ""
    ) -> Conductor:
        """Claim a run that can be claimed."""
        response = await self.conductor.ClaimRun(
            claim_request(
                run_id, self.new_key(), holder=holder, incarnation=incarnation
            )
        )
        assert response.HasField("claim")
        return Conductor(self.conductor, response.claim)

    async def started(self, run_id: str) -> Conductor:
        """Claim a run and start it."""
        conductor = await self.claim(run_id)
        await conductor.append(run_started())
        return conductor

    async def ended_run(self, *, document_id: str | None = None) -> str:
        """Return a run that was driven to its end."""
        run = await self.create_run(document_id=document_id)
        conductor = await self.started(run.run_id)
        await conductor.append(run_incomplete())
        return run.run_id

    async def detail(
        self, run_id: str, caller: caller_pb2.Caller = ALICE
    ) -> run_detail_pb2.RunDetail:
        """Return a run, whole."""
        request = runs_pb2.GetRunRequest(caller=caller, run_id=run_id)
        return (await self.runs.GetRun(request)).detail

    async def sequences(self, run_id: str, *, after: int = 0) -> list[int]:
        """Return the sequences of a log, by watching it to its end."""
        return [event.sequence async for event in self.watch(run_id, after=after)]

    async def watch(
        self, run_id: str, *, after: int = 0
    ) -> AsyncIterator[event_pb2.Event]:
        """Yield a log as it grows."""
        call = self.runs.WatchEvents(
            runs_pb2.WatchEventsRequest(
                caller=ALICE, run_id=run_id, after_sequence=after
            )
        )
        try:
            async for response in call:
                for event in response.events:
                    yield event
        finally:
            call.cancel()

    async def until_watched(self, count: int) -> None:
        """Return once as many watch as said."""
        async with asyncio.timeout(10):
            while self.app.signals.watcher_count != count:  # noqa: ASYNC110 - a handler that ends tells nobody
                await asyncio.sleep(0)


@asynccontextmanager
async def run_store(data_dir: Path) -> AsyncIterator[StoreHarness]:
    """Provide a store on a free port."""
    clock = SetClock()
    settings = Settings(address="127.0.0.1:0", data_dir=data_dir)
    app = App(settings, clock=clock)
    await app.start()
    channel = open_channel(f"127.0.0.1:{app.port}")
    try:
        yield StoreHarness(app, clock, channel)
    finally:
        await channel.close()
        await app.stop()


def refused(error: grpc.aio.AioRpcError) -> ServiceError:
    """Return the error that the store raised."""
    return from_call_error(error)


def document_header(
    caller: caller_pb2.Caller = ALICE, *, request_id: str = "key"
) -> documents_pb2.CreateDocumentHeader:
    """Return the header of the sample document."""
    return documents_pb2.CreateDocumentHeader(
        caller=caller,
        request_id=request_id,
        request_sha256="fingerprint",
        document=document_pb2.Document(
            title="Release Plan",
            media_type="text/plain",
            size_bytes=len(CONTENT),
            sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
            paragraph_count=2,
        ),
    )


async def document_messages(
    header: documents_pb2.CreateDocumentHeader,
    *,
    content: Sequence[bytes] = (CONTENT,),
    text: bytes = TEXT.encode(),
) -> AsyncIterator[documents_pb2.CreateDocumentRequest]:
    """Yield the stream that creates a document; the text is cut inside a character."""
    request = documents_pb2.CreateDocumentRequest
    yield request(header=header)
    for piece in content:
        yield request(content=piece)
    for piece in (text[:3], text[3:]):
        yield request(text=piece)
    yield request(
        paragraphs=documents_pb2.ParagraphBatch(
            paragraphs=[
                document_pb2.Paragraph(paragraph_id="P1", start=0, end=6),
                document_pb2.Paragraph(paragraph_id="P2", start=8, end=len(TEXT)),
            ]
        )
    )


def run_request(
    document_id: str, *, caller: caller_pb2.Caller = ALICE, request_id: str = "key"
) -> runs_pb2.CreateRunRequest:
    """Return a request for a run of one seat."""
    return runs_pb2.CreateRunRequest(
        caller=caller,
        request_id=request_id,
        request_sha256="fingerprint",
        run=run_pb2.Run(
            document=document_pb2.Document(document_id=document_id),
            engine=run_pb2.ENGINE_REHEARSAL,
            mode=run_pb2.MODE_REVIEW,
            panelists=[
                run_pb2.Panelist(
                    panelist_id="A", persona=run_pb2.Persona(persona_id="plain")
                )
            ],
            rubric=run_pb2.Rubric(document_type="other"),
        ),
    )


def claim_request(
    run_id: str = "",
    request_id: str = "claim",
    *,
    holder: str = "here",
    incarnation: str = "",
    except_engines: Iterable[run_pb2.Engine.ValueType] = (),
) -> conductor_pb2.ClaimRunRequest:
    """Return a request for a lease of 30 seconds."""
    return conductor_pb2.ClaimRunRequest(
        caller=GATEWAY,
        request_id=request_id,
        holder=holder,
        incarnation=incarnation,
        lease=Duration(seconds=30),
        run_id=run_id,
        except_engines=except_engines,
    )


def run_queued() -> event_pb2.EventPayload:
    """Return a payload."""
    return event_pb2.EventPayload(run_queued=event_pb2.RunQueued())


def run_started() -> event_pb2.EventPayload:
    """Return a payload."""
    return event_pb2.EventPayload(run_started=event_pb2.RunStarted())


def run_paused(
    reason: str = "rate_limited", *, resume_time: datetime | None = None
) -> event_pb2.EventPayload:
    """Return a payload."""
    pause = run_pb2.Pause(reason=reason)
    if resume_time is not None:
        pause.resume_time.FromDatetime(resume_time)
    return event_pb2.EventPayload(run_paused=event_pb2.RunPaused(pause=pause))


def run_resumed() -> event_pb2.EventPayload:
    """Return a payload."""
    return event_pb2.EventPayload(run_resumed=event_pb2.RunResumed())


def run_incomplete() -> event_pb2.EventPayload:
    """Return a payload."""
    return event_pb2.EventPayload(
        run_incomplete=event_pb2.RunIncomplete(reason="SEATS_FAILED")
    )


def run_cancelled() -> event_pb2.EventPayload:
    """Return a payload."""
    return event_pb2.EventPayload(
        run_cancelled=event_pb2.RunCancelled(reason="CANCELLED_BY_OWNER")
    )


def sample_turn(turn_id: str = "t1", *, attempt: int = 1) -> turn_pb2.Turn:
    """Return a turn that runs."""
    return turn_pb2.Turn(
        turn_id=turn_id,
        kind=turn_pb2.TURN_KIND_REVIEW,
        panelist_id="A",
        round=1,
        attempt=attempt,
        state=turn_pb2.TURN_STATE_RUNNING,
    )


def turn_started(turn_id: str = "t1", *, attempt: int = 1) -> event_pb2.EventPayload:
    """Return a payload."""
    turn = sample_turn(turn_id, attempt=attempt)
    started = event_pb2.TurnStarted(turn=turn)
    return event_pb2.EventPayload(
        turn_id=turn_id, attempt=attempt, turn_started=started
    )


def turn_delta(
    text: str = "word ", *, turn_id: str = "t1", attempt: int = 1, draft: int = 0
) -> event_pb2.EventPayload:
    """Return a payload."""
    delta = event_pb2.TurnDelta(text=text, draft=draft)
    return event_pb2.EventPayload(turn_id=turn_id, attempt=attempt, turn_delta=delta)


def turn_completed(turn_id: str = "t1", *, attempt: int = 1) -> event_pb2.EventPayload:
    """Return a payload of a turn that used 100 tokens in and 10 out."""
    turn = sample_turn(turn_id, attempt=attempt)
    turn.state = turn_pb2.TURN_STATE_SUCCEEDED
    turn.text = "All of it."
    turn.usage.CopyFrom(run_pb2.Usage(input_tokens=100, output_tokens=10, turns=1))
    completed = event_pb2.TurnCompleted(turn=turn)
    return event_pb2.EventPayload(
        turn_id=turn_id, attempt=attempt, turn_completed=completed
    )


def turn_failed(
    turn_id: str = "t1",
    *,
    attempt: int = 1,
    retry_time: datetime | None = None,
    will_retry: bool = False,
    counts: bool = True,
    reason: str = "overloaded",
) -> event_pb2.EventPayload:
    """Return a payload of an attempt that used 7 tokens in, for half a dollar."""
    failed = event_pb2.TurnFailed(
        reason=reason,
        usage=run_pb2.Usage(input_tokens=7, cost_usd=0.5, turns=1 if counts else 0),
        will_retry=will_retry,
    )
    if retry_time is not None:
        failed.retry_time.FromDatetime(retry_time)
    return event_pb2.EventPayload(turn_id=turn_id, attempt=attempt, turn_failed=failed)


def turn_superseded(turn_id: str = "t1", *, attempt: int = 1) -> event_pb2.EventPayload:
    """Return a payload."""
    superseded = event_pb2.TurnSuperseded()
    return event_pb2.EventPayload(
        turn_id=turn_id, attempt=attempt, turn_superseded=superseded
    )


def sample_finding(finding_id: str = "A1", title: str = "Vague") -> turn_pb2.Finding:
    """Return a finding."""
    return turn_pb2.Finding(
        finding_id=finding_id,
        turn_id="t1",
        panelist_id="A",
        kind=turn_pb2.FINDING_KIND_ERROR,
        title=title,
        severity=turn_pb2.SEVERITY_MAJOR,
        fix_kind=turn_pb2.FIX_KIND_MEANING,
        disposition=turn_pb2.DISPOSITION_OPEN,
    )


def finding_added(
    finding_id: str = "A1", title: str = "Vague", *, attempt: int = 1
) -> event_pb2.EventPayload:
    """Return a payload."""
    added = event_pb2.FindingAdded(finding=sample_finding(finding_id, title))
    return event_pb2.EventPayload(turn_id="t1", attempt=attempt, finding_added=added)


def finding_changed(finding_id: str, title: str) -> event_pb2.EventPayload:
    """Return a payload."""
    changed = event_pb2.FindingChanged(finding=sample_finding(finding_id, title))
    return event_pb2.EventPayload(turn_id="t1", attempt=1, finding_changed=changed)


def finding_withdrawn(finding_id: str) -> event_pb2.EventPayload:
    """Return a payload."""
    withdrawn = event_pb2.FindingWithdrawn(finding_id=finding_id, reason="NOT_FOUND")
    return event_pb2.EventPayload(turn_id="t1", attempt=1, finding_withdrawn=withdrawn)


def decision_set() -> event_pb2.EventPayload:
    """Return a payload."""
    decision = turn_pb2.Decision(outcome=turn_pb2.OUTCOME_SHIP, reason="CLEAR", seats=1)
    return event_pb2.EventPayload(decision_set=event_pb2.DecisionSet(decision=decision))
