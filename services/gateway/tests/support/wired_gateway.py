"""The gateway as it is wired: real store, real HTTP, a runner on the wire."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from roundtable.runner.v1 import turn_part_pb2, turn_service_pb2
from roundtable_gateway.app import GatewayApp
from roundtable_gateway.conductor.parts import TurnPart
from roundtable_gateway.settings import GatewaySettings
from services.gateway.tests.support.fake_runner_service import (
    FakeRunnerService,
    serve_runner,
)
from services.gateway.tests.support.http_harness import WRITE
from services.gateway.tests.support.panel_answers import (
    replied,
    same,
    swept,
    synthesis,
    word,
)
from services.gateway.tests.support.part_messages import part_to_proto
from services.gateway.tests.support.real_store import run_store
from services.gateway.tests.support.samples import answer, draft


@asynccontextmanager
async def run_gateway(
    folder: Path, runner: FakeRunnerService
) -> AsyncIterator[tuple[GatewayApp, httpx.AsyncClient]]:
    """Start a gateway with its store, and a client of it."""
    async with run_store(folder) as store, serve_runner(runner):
        app = GatewayApp(
            GatewaySettings(
                data_dir=folder,
                port=0,
                store_address=f"127.0.0.1:{store.app.port}",
                runner_address=f"127.0.0.1:{runner.port}",
                page_dir=folder / "none",
            )
        )
        await app.start()
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{app.port}", headers=WRITE, trust_env=False
        ) as client:
            yield app, client
            await app.stop()


class Panel:
    """Answers every kind of turn; seat A alone finds a blocker, on P1.

    Attributes:
        broken: Ids of turns that fail for good, by what they end in.
        asked: How often turns were asked, by id.
    """

    def __init__(self) -> None:
        self.broken: tuple[str, ...] = ()
        self.asked: list[str] = []

    def __call__(
        self, request: turn_service_pb2.StartTurnRequest
    ) -> list[turn_part_pb2.TurnPart]:
        """Return the parts of an attempt."""
        self.asked.append(request.turn_id)
        if request.turn_id.endswith(self.broken):
            return [
                turn_part_pb2.TurnPart(
                    end=turn_part_pb2.EndPart(
                        failure=turn_part_pb2.TurnFailure(reason="refused")
                    )
                )
            ]
        return list(map(part_to_proto, _said(request)))


def _said(request: turn_service_pb2.StartTurnRequest) -> list[TurnPart]:
    if request.review.seat.panelist_id == "A":
        return answer(draft(severity="blocker"))
    return {
        "review": answer(),
        "control": answer(),
        "sweep": swept(),
        "cluster": same(),
        "discussion": word(),
        "synthesis": synthesis("A1"),
        "answer": replied(),
    }[str(request.WhichOneof("task"))]
