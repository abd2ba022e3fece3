"""RunnerService: what this runner is and does at the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc
from google.protobuf import timestamp_pb2

from roundtable.runner.v1 import runner_service_pb2, runner_service_pb2_grpc

RUNNER_SERVICE = "roundtable.runner.v1.RunnerService"

_Context = grpc.aio.ServicerContext[Any, Any]

_ACCOUNTS = {
    "endpoint": runner_service_pb2.ACCOUNT_ENDPOINT,
    "api_key": runner_service_pb2.ACCOUNT_API_KEY,
    "token": runner_service_pb2.ACCOUNT_TOKEN,
    "subscription": runner_service_pb2.ACCOUNT_SUBSCRIPTION,
    "none": runner_service_pb2.ACCOUNT_NONE,
}


@dataclass(frozen=True, slots=True)
class RunnerState:
    """A runner at one moment; `account` is an account kind's value."""

    account: str
    since: datetime
    cli_version: str
    slots: int
    busy: int


class RunnerServicer(runner_service_pb2_grpc.RunnerServiceServicer):
    """Answers the calls of runner_service.proto."""

    def __init__(self, look: Callable[[], RunnerState]) -> None:
        self._look = look

    def register(self, server: grpc.aio.Server) -> None:
        """Add the service to a server."""
        runner_service_pb2_grpc.add_RunnerServiceServicer_to_server(self, server)

    async def GetRunner(  # noqa: N802 - the name in the contract
        self, _request: runner_service_pb2.GetRunnerRequest, _context: _Context
    ) -> runner_service_pb2.GetRunnerResponse:
        """Describe the runner."""
        state = self._look()
        since = timestamp_pb2.Timestamp()
        since.FromDatetime(state.since)
        return runner_service_pb2.GetRunnerResponse(
            account=_ACCOUNTS[state.account],
            since=since,
            cli_version=state.cli_version,
            slots=state.slots,
            busy=state.busy,
        )
