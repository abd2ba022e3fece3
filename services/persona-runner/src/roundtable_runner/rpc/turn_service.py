"""TurnService: thin over the registry."""

from collections.abc import AsyncIterator
from typing import Any

import grpc

from roundtable.runner.v1 import turn_service_pb2, turn_service_pb2_grpc
from roundtable_runner.rpc.registry import TurnRegistry
from roundtable_runner.rpc.requests import check_attach, read_start
from roundtable_runner.rpc.responses import part_to_proto

TURN_SERVICE = "roundtable.runner.v1.TurnService"

_Context = grpc.aio.ServicerContext[Any, Any]


class TurnServicer(turn_service_pb2_grpc.TurnServiceServicer):
    """Answers the calls of turn_service.proto."""

    def __init__(self, registry: TurnRegistry) -> None:
        self._registry = registry

    def register(self, server: grpc.aio.Server) -> None:
        """Add the service to a server."""
        turn_service_pb2_grpc.add_TurnServiceServicer_to_server(self, server)

    async def StartTurn(  # noqa: N802 - the name in the contract
        self, request: turn_service_pb2.StartTurnRequest, _context: _Context
    ) -> turn_service_pb2.StartTurnResponse:
        """Start an attempt."""
        self._registry.start(read_start(request))
        return turn_service_pb2.StartTurnResponse()

    async def AttachTurn(  # noqa: N802 - the name in the contract
        self, request: turn_service_pb2.AttachTurnRequest, context: _Context
    ) -> AsyncIterator[turn_service_pb2.AttachTurnResponse]:
        """Stream an attempt's parts."""
        check_attach(request)
        attempt = self._registry.find(request.turn_id, request.attempt)
        leave = attempt.enter()
        # Not in a finally: a generator left at its yield runs that at some later time.
        context.add_done_callback(lambda _: leave())  # type: ignore[arg-type]  # the stubs ask for a class where any callable does
        # The turn may be silent for long: who watches knows that it is there.
        yield turn_service_pb2.AttachTurnResponse()
        index = request.from_index
        async for parts in attempt.follow(index):
            messages = [
                part_to_proto(part, number) for number, part in enumerate(parts, index)
            ]
            index += len(parts)
            yield turn_service_pb2.AttachTurnResponse(parts=messages)

    async def CancelTurn(  # noqa: N802 - the name in the contract
        self, request: turn_service_pb2.CancelTurnRequest, _context: _Context
    ) -> turn_service_pb2.CancelTurnResponse:
        """End an attempt."""
        await self._registry.cancel(
            request.turn_id,
            request.attempt,
            run_id=request.run_id,
            fencing_token=request.fencing_token,
        )
        return turn_service_pb2.CancelTurnResponse()
