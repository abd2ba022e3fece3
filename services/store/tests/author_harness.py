"""What an author does with a run, for tests of the store."""

from dataclasses import dataclass, field

from roundtable.store.v1 import caller_pb2, event_pb2, run_pb2, turn_pb2
from roundtable.store.v1 import conductor_service_pb2 as conductor_pb2
from roundtable.store.v1 import run_service_pb2 as runs_pb2
from services.store.tests.store_harness import (
    ALICE,
    GATEWAY,
    Conductor,
    StoreHarness,
    finding_added,
    run_incomplete,
    run_request,
    turn_completed,
    turn_started,
)

ACCEPTED = turn_pb2.DISPOSITION_ACCEPTED
OPEN = turn_pb2.DISPOSITION_OPEN
REJECTED = turn_pb2.DISPOSITION_REJECTED


@dataclass(slots=True)
class Author:
    """Alice, and the conductors that drive her runs."""

    store: StoreHarness
    caller: caller_pb2.Caller = field(default_factory=lambda: ALICE)

    async def create_run(self, *seats: str, document_id: str = "") -> run_pb2.Run:
        """Create a run of these seats, each with a model of its own."""
        if not document_id:
            document = await self.store.create_document(self.caller)
            document_id = document.document_id
        request = run_request(
            document_id, caller=self.caller, request_id=self.store.new_key()
        )
        request.run.ClearField("panelists")
        for seat in seats or ("A",):
            persona = run_pb2.Persona(persona_id="plain")
            request.run.panelists.add(
                panelist_id=seat, persona=persona, model=f"model-{seat}"
            )
        return (await self.store.runs.CreateRun(request)).run

    async def run_with_findings(
        self, *finding_ids: str, document_id: str = ""
    ) -> Conductor:
        """Return a run that goes on, its turn t1 with these findings answered."""
        run = await self.create_run("A", "B", document_id=document_id)
        conductor = await self.store.started(run.run_id)
        findings = [finding_added(finding_id) for finding_id in finding_ids]
        await conductor.append(turn_started(), *findings, turn_completed())
        return conductor

    async def ended_run(self, *finding_ids: str, document_id: str = "") -> str:
        """Return a run with findings that is at rest and that nobody holds."""
        conductor = await self.run_with_findings(*finding_ids, document_id=document_id)
        await conductor.append(run_incomplete())
        await self.release(conductor)
        return conductor.run_id

    async def release(self, conductor: Conductor) -> None:
        """Give a conductor's lease back."""
        await self.store.conductor.ReleaseLease(
            conductor_pb2.ReleaseLeaseRequest(
                caller=GATEWAY,
                request_id=self.store.new_key(),
                run_id=conductor.run_id,
                fencing_token=conductor.claim.fencing_token,
            )
        )

    async def answer(
        self,
        run_id: str,
        disposition: turn_pb2.Disposition.ValueType,
        *,
        finding_id: str = "A1",
        reason: str | None = None,
    ) -> turn_pb2.Finding:
        """Answer a finding."""
        response = await self.store.runs.SetDisposition(
            runs_pb2.SetDispositionRequest(
                caller=self.caller,
                request_id=self.store.new_key(),
                run_id=run_id,
                finding_id=finding_id,
                disposition=disposition,
                reason=reason,
            )
        )
        return response.finding

    async def retry(self, run_id: str, *, request_id: str = "") -> run_pb2.Run:
        """Open a run again."""
        response = await self.store.runs.RetryRun(
            runs_pb2.RetryRunRequest(
                caller=self.caller,
                request_id=request_id or self.store.new_key(),
                run_id=run_id,
            )
        )
        return response.run

    async def ask(
        self,
        run_id: str,
        *seats: str,
        text: str = "Why?",
        request_id: str = "",
        request_sha256: str = "fingerprint",
    ) -> list[turn_pb2.Turn]:
        """Ask seats of a run a question."""
        response = await self.store.runs.AskQuestion(
            runs_pb2.AskQuestionRequest(
                caller=self.caller,
                request_id=request_id or self.store.new_key(),
                request_sha256=request_sha256,
                run_id=run_id,
                panelist_ids=seats or ("A",),
                text=text,
            )
        )
        return list(response.turns)

    async def events(self, run_id: str, *, after: int = 0) -> list[event_pb2.Event]:
        """Return a page of a run's log."""
        return list((await self.page(run_id, after=after)).events)

    async def page(self, run_id: str, *, after: int = 0) -> runs_pb2.ListEventsResponse:
        """Return a page of a run's log, with what it says of the run."""
        return await self.store.runs.ListEvents(
            runs_pb2.ListEventsRequest(
                caller=self.caller, run_id=run_id, after_sequence=after
            )
        )


def answer_started(turn: turn_pb2.Turn, *, attempt: int = 1) -> event_pb2.EventPayload:
    """Return the payload that begins an answer."""
    started = _at(turn, attempt, turn_pb2.TURN_STATE_RUNNING)
    return event_pb2.EventPayload(
        turn_id=turn.turn_id,
        attempt=attempt,
        turn_started=event_pb2.TurnStarted(turn=started),
    )


def answer_completed(
    turn: turn_pb2.Turn, *, attempt: int = 1
) -> event_pb2.EventPayload:
    """Return the payload of an answer that used 100 tokens in."""
    completed = _at(turn, attempt, turn_pb2.TURN_STATE_SUCCEEDED)
    completed.text = "Because."
    completed.usage.CopyFrom(run_pb2.Usage(input_tokens=100, turns=1))
    return event_pb2.EventPayload(
        turn_id=turn.turn_id,
        attempt=attempt,
        turn_completed=event_pb2.TurnCompleted(turn=completed),
    )


def _at(
    turn: turn_pb2.Turn, attempt: int, state: turn_pb2.TurnState.ValueType
) -> turn_pb2.Turn:
    moved = turn_pb2.Turn()
    moved.CopyFrom(turn)
    moved.attempt, moved.state = attempt, state
    return moved
