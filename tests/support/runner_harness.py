"""A runner started in the test's own process, with a client and sample requests."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from roundtable.runner.v1 import (
    account_service_pb2_grpc,
    runner_service_pb2_grpc,
    turn_part_pb2,
    turn_service_pb2,
    turn_service_pb2_grpc,
    turn_task_pb2,
)
from roundtable_kit.rpc_client import open_channel
from roundtable_runner.app import App
from roundtable_runner.settings import RunnerSettings

PARAGRAPHS = (
    "Our product is the best in the world and saves every team 40 percent.",
    "Sign up today.\nThere is no risk at all.",
)

_ENDPOINT = turn_service_pb2.TURN_ENGINE_ENDPOINT


@dataclass(frozen=True, slots=True)
class RunnerHarness:
    """A running runner and the stubs to call it."""

    app: App
    channel: grpc.aio.Channel
    turns: "turn_service_pb2_grpc.TurnServiceAsyncStub"
    runner: "runner_service_pb2_grpc.RunnerServiceAsyncStub"
    account: "account_service_pb2_grpc.AccountServiceAsyncStub"

    async def start(self, request: turn_service_pb2.StartTurnRequest) -> None:
        """Start an attempt."""
        await self.turns.StartTurn(request)

    async def parts(
        self, turn_id: str = "turn-1", *, attempt: int = 1, from_index: int = 0
    ) -> AsyncGenerator[turn_part_pb2.TurnPart, None]:
        """Yield an attempt's parts to the end."""
        call = self.turns.AttachTurn(
            turn_service_pb2.AttachTurnRequest(
                turn_id=turn_id, attempt=attempt, from_index=from_index
            )
        )
        try:
            async for response in call:
                for part in response.parts:
                    yield part
        finally:
            call.cancel()

    async def all_parts(
        self, turn_id: str = "turn-1", *, attempt: int = 1, from_index: int = 0
    ) -> list[turn_part_pb2.TurnPart]:
        """Return an attempt's parts once it has ended."""
        parts = self.parts(turn_id, attempt=attempt, from_index=from_index)
        return [part async for part in parts]

    async def end_of(
        self, request: turn_service_pb2.StartTurnRequest
    ) -> turn_part_pb2.EndPart:
        """Start an attempt and return its end."""
        await self.start(request)
        parts = await self.all_parts(request.turn_id, attempt=request.attempt)
        return parts[-1].end


@contextlib.asynccontextmanager
async def run_runner(
    data_dir: Path, *, program: Path | None = None, **settings: Any
) -> AsyncIterator[RunnerHarness]:
    """Run a runner on a free port; settings by their field names."""
    defaults: dict[str, Any] = {
        "address": "127.0.0.1:0",
        "stop_grace_seconds": 0,
        "warm": 0,
    }
    app = App(
        RunnerSettings(data_dir=data_dir, **{**defaults, **settings}), program=program
    )
    await app.start()
    channel = open_channel(f"127.0.0.1:{app.port}")
    try:
        yield RunnerHarness(
            app=app,
            channel=channel,
            turns=turn_service_pb2_grpc.TurnServiceStub(channel),
            runner=runner_service_pb2_grpc.RunnerServiceStub(channel),
            account=account_service_pb2_grpc.AccountServiceStub(channel),
        )
    finally:
        await channel.close()
        await app.stop()


def start_request(
    turn_id: str = "turn-1",
    *,
    attempt: int = 1,
    fencing_token: int = 1,
    seat: str = "A",
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    engine: "turn_service_pb2.TurnEngine.ValueType" = _ENDPOINT,
) -> turn_service_pb2.StartTurnRequest:
    """Return a valid request for a review of a small document."""
    return turn_service_pb2.StartTurnRequest(
        run_id="run-1",
        fencing_token=fencing_token,
        turn_id=turn_id,
        attempt=attempt,
        engine=engine,
        model="claude-sonnet-4-5",
        review=turn_task_pb2.ReviewTask(
            subject=task_subject(paragraphs), seat=task_seat(seat)
        ),
    )


def task_seat(panelist_id: str = "A") -> turn_task_pb2.TaskSeat:
    """Return a valid seat."""
    return turn_task_pb2.TaskSeat(
        panelist_id=panelist_id,
        persona=_persona(),
        owned_criteria=["evidence", "clarity"],
    )


def task_subject(
    paragraphs: tuple[str, ...] = PARAGRAPHS,
) -> turn_task_pb2.TaskSubject:
    """Return a small document under two criteria."""
    return turn_task_pb2.TaskSubject(
        criteria=[
            _criterion("clarity", "Is it clear?"),
            _criterion("evidence", "Is each claim backed?"),
        ],
        document=turn_task_pb2.ReviewedDocument(
            title="Landing page",
            document_type="marketing_copy",
            paragraphs=[
                turn_task_pb2.ReviewedParagraph(paragraph_id=f"P{number}", text=text)
                for number, text in enumerate(paragraphs, start=1)
            ],
        ),
        brief=turn_task_pb2.TaskBrief(audience="Buyers", goal="A call"),
    )


def _persona() -> turn_task_pb2.PersonaProfile:
    return turn_task_pb2.PersonaProfile(
        name="Dana",
        role="CISO of a bank",
        summary="Buys nothing that she could not defend before the auditor.",
        priorities=["risk", "proof"],
        questions=["Who is liable?"],
        method="attack",
        strictness=4,
    )


def _criterion(key: str, question: str) -> turn_task_pb2.RubricCriterion:
    return turn_task_pb2.RubricCriterion(
        key=key,
        label=key.capitalize(),
        question=question,
        anchors=[
            turn_task_pb2.ScoreAnchor(score=1, text="Not at all."),
            turn_task_pb2.ScoreAnchor(score=5, text="Wholly."),
        ],
    )
