"""A runner on the wire: a real gRPC server that answers from a script."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeAlias

import grpc

from roundtable.runner.v1 import (
    account_service_pb2,
    account_service_pb2_grpc,
    runner_service_pb2,
    runner_service_pb2_grpc,
    turn_part_pb2,
    turn_service_pb2,
    turn_service_pb2_grpc,
)
from roundtable_kit.errors import NotFound, ResourceExhausted, ServiceError
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.rpc_server import RpcServer

# What an attempt is answered, by what was asked.
Answering: TypeAlias = Callable[
    [turn_service_pb2.StartTurnRequest], Sequence[turn_part_pb2.TurnPart]
]
# grpc's classes take parameters in their stubs only.
_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class FakeRunnerService(
    turn_service_pb2_grpc.TurnServiceServicer,
    runner_service_pb2_grpc.RunnerServiceServicer,
    account_service_pb2_grpc.AccountServiceServicer,
):
    """Remembers what it was asked; answers as it is told.

    Attributes:
        parts: What every attempt is answered, unless `answer_to` tells them apart.
    """

    def __init__(self, parts: Sequence[turn_part_pb2.TurnPart] = ()) -> None:
        self.parts = list(parts)
        self.answer_to: Answering | None = None
        self.starts: list[turn_service_pb2.StartTurnRequest] = []
        self.attaches: list[turn_service_pb2.AttachTurnRequest] = []
        self.cancels: list[turn_service_pb2.CancelTurnRequest] = []
        self.error: ServiceError | None = None
        self.account = runner_service_pb2.ACCOUNT_NONE
        self.runner = runner_service_pb2.GetRunnerResponse()
        self.login_error: ServiceError | None = None
        self.logins: list[Any] = []
        self.proof = account_service_pb2.TestAccountResponse()
        self.is_serving = True
        self.greets = False
        self.port = 0
        self.server: RpcServer | None = None

    async def stop(self) -> None:
        """Go away."""
        assert self.server is not None
        await self.server.stop(timedelta(0))

    async def probe(self) -> None:
        """Be healthy as it is told."""
        if not self.is_serving:
            raise RuntimeError("told so")

    async def StartTurn(  # noqa: N802 - gRPC's name
        self, request: turn_service_pb2.StartTurnRequest, context: _Context
    ) -> turn_service_pb2.StartTurnResponse:
        """Take an order."""
        self.starts.append(request)
        self._fail()
        return turn_service_pb2.StartTurnResponse()

    async def AttachTurn(  # noqa: N802 - gRPC's name
        self, request: turn_service_pb2.AttachTurnRequest, context: _Context
    ) -> AsyncIterator[turn_service_pb2.AttachTurnResponse]:
        """Stream the parts, two a message."""
        self.attaches.append(request)
        self._fail()
        if self.greets:
            yield turn_service_pb2.AttachTurnResponse()
        parts = self._parts_of(request.turn_id)[request.from_index :]
        for start in range(0, len(parts), 2):
            yield turn_service_pb2.AttachTurnResponse(parts=parts[start : start + 2])

    def _parts_of(self, turn_id: str) -> Sequence[turn_part_pb2.TurnPart]:
        if self.answer_to is None:
            return self.parts
        asked = next(each for each in self.starts[::-1] if each.turn_id == turn_id)
        return self.answer_to(asked)

    async def CancelTurn(  # noqa: N802 - gRPC's name
        self, request: turn_service_pb2.CancelTurnRequest, context: _Context
    ) -> turn_service_pb2.CancelTurnResponse:
        """End an attempt."""
        self.cancels.append(request)
        self._fail()
        return turn_service_pb2.CancelTurnResponse()

    async def GetRunner(  # noqa: N802 - gRPC's name
        self, request: runner_service_pb2.GetRunnerRequest, context: _Context
    ) -> runner_service_pb2.GetRunnerResponse:
        """Tell the account, and the rest as it is told."""
        self._fail()
        response = runner_service_pb2.GetRunnerResponse()
        response.CopyFrom(self.runner)
        response.account = self.account
        return response

    async def StartLogin(  # noqa: N802 - gRPC's name
        self, request: account_service_pb2.StartLoginRequest, context: _Context
    ) -> account_service_pb2.StartLoginResponse:
        """Begin a login."""
        self._take(request)
        return account_service_pb2.StartLoginResponse(
            login_id="login_1", url="https://login.example.org/?state=1"
        )

    async def FinishLogin(  # noqa: N802 - gRPC's name
        self, request: account_service_pb2.FinishLoginRequest, context: _Context
    ) -> account_service_pb2.FinishLoginResponse:
        """Take a code."""
        self._take(request)
        return account_service_pb2.FinishLoginResponse()

    async def LogOut(  # noqa: N802 - gRPC's name
        self, request: account_service_pb2.LogOutRequest, context: _Context
    ) -> account_service_pb2.LogOutResponse:
        """Forget the login."""
        self._take(request)
        return account_service_pb2.LogOutResponse()

    async def TestAccount(  # noqa: N802 - gRPC's name
        self, request: account_service_pb2.TestAccountRequest, context: _Context
    ) -> account_service_pb2.TestAccountResponse:
        """Answer with the proof that it was told."""
        self._take(request)
        return self.proof

    def _take(self, request: Any) -> None:
        self.logins.append(request)
        if self.login_error is not None:
            raise self.login_error

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


def not_there() -> ServiceError:
    """Return a runner's error for an attempt that it does not have."""
    return NotFound("TURN_NOT_FOUND", "This runner does not have it.")


def full() -> ServiceError:
    """Return a runner's error for want of a slot."""
    return ResourceExhausted("NO_FREE_SLOT", "Every slot is taken.")


@asynccontextmanager
async def serve_runner(service: FakeRunnerService) -> AsyncIterator[grpc.aio.Channel]:
    """Serve it on a free port and yield a channel to it."""

    def register(server: grpc.aio.Server) -> None:
        turn_service_pb2_grpc.add_TurnServiceServicer_to_server(service, server)
        runner_service_pb2_grpc.add_RunnerServiceServicer_to_server(service, server)
        account_service_pb2_grpc.add_AccountServiceServicer_to_server(service, server)

    server = RpcServer(
        "127.0.0.1:0", (register,), service_names=(), probe=service.probe
    )
    await server.start()
    service.server, service.port = server, server.port
    channel = open_channel(f"127.0.0.1:{server.port}")
    try:
        yield channel
    finally:
        await channel.close()
        await server.stop(timedelta(0))
