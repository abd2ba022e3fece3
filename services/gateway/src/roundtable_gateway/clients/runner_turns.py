"""The persona-runner as the conductor sees it."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import grpc

from roundtable.runner.v1 import turn_service_pb2, turn_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.part_converters import part_from_proto
from roundtable_gateway.clients.task_converters import task_to_proto
from roundtable_gateway.conductor.parts import Attached, TurnOrder, TurnPart
from roundtable_gateway.domain.event import TurnRef
from roundtable_gateway.domain.run import Engine
from roundtable_kit.errors import NotFound

_ENGINES = {
    Engine.CLAUDE: turn_service_pb2.TURN_ENGINE_CLAUDE,
    Engine.ENDPOINT: turn_service_pb2.TURN_ENGINE_ENDPOINT,
    Engine.REHEARSAL: turn_service_pb2.TURN_ENGINE_REHEARSAL,
}

# Longer than any turn may take; a stream that ends early is attached to again.
_ATTACH_DEADLINE = timedelta(minutes=30)


class RunnerTurns:
    """Implements the conductor's `TurnRunner` over gRPC.

    Args:
        address: The runner's own address, written down with every attempt.
    """

    def __init__(self, channel: grpc.aio.Channel, address: str) -> None:
        self._stub = turn_service_pb2_grpc.TurnServiceStub(channel)
        self.address = address

    async def start(self, order: TurnOrder) -> None:
        """Start an attempt. Raises ResourceExhausted when every slot is taken."""
        with errors_unwrapped():
            await self._stub.StartTurn(_start_request(order))

    async def attach(
        self, ref: TurnRef, from_index: int
    ) -> AsyncGenerator[Attached | TurnPart]:
        """Yield an attempt's parts to its end. Raises NotFound if it isn't there."""
        call = self._stub.AttachTurn(
            turn_service_pb2.AttachTurnRequest(
                turn_id=ref.turn_id, attempt=ref.attempt, from_index=from_index
            ),
            timeout=_ATTACH_DEADLINE.total_seconds(),
        )
        try:
            with errors_unwrapped():
                async for response in call:
                    if not response.parts:
                        yield Attached()
                    for part in response.parts:
                        yield part_from_proto(part)
        finally:
            call.cancel()

    async def cancel(self, run_id: str, ref: TurnRef, *, fencing_token: int) -> None:
        """End an attempt; one that isn't there is left alone."""
        request = turn_service_pb2.CancelTurnRequest(
            run_id=run_id,
            fencing_token=fencing_token,
            turn_id=ref.turn_id,
            attempt=ref.attempt,
        )
        try:
            with errors_unwrapped():
                await self._stub.CancelTurn(request)
        except NotFound:
            return


def _start_request(order: TurnOrder) -> turn_service_pb2.StartTurnRequest:
    return turn_service_pb2.StartTurnRequest(
        run_id=order.run_id,
        fencing_token=order.fencing_token,
        turn_id=order.turn_id,
        attempt=order.attempt,
        engine=_ENGINES[order.engine],
        model=order.model or "",
        effort=order.effort or "",
        **task_to_proto(order.task),
    )
