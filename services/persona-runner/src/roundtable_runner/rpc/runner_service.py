"""RunnerService: what this runner is and does at the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc
from google.protobuf import timestamp_pb2

from roundtable.runner.v1 import runner_service_pb2, runner_service_pb2_grpc
from roundtable_runner.claude.account import AccountKind
from roundtable_runner.claude.account_models import ModelList
from roundtable_runner.claude.account_watch import AccountError, AccountState

RUNNER_SERVICE = "roundtable.runner.v1.RunnerService"

_Context = grpc.aio.ServicerContext[Any, Any]

_ACCOUNTS = {
    AccountKind.ENDPOINT: runner_service_pb2.ACCOUNT_ENDPOINT,
    AccountKind.API_KEY: runner_service_pb2.ACCOUNT_API_KEY,
    AccountKind.TOKEN: runner_service_pb2.ACCOUNT_TOKEN,
    AccountKind.SUBSCRIPTION: runner_service_pb2.ACCOUNT_SUBSCRIPTION,
    AccountKind.NONE: runner_service_pb2.ACCOUNT_NONE,
}


@dataclass(frozen=True, slots=True)
class RunnerState:
    """A runner at one moment."""

    account: AccountState
    models: ModelList
    cli_version: str
    slots: int
    busy: int
    warm: int


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
        account, models = state.account, state.models
        return runner_service_pb2.GetRunnerResponse(
            account=_ACCOUNTS[account.kind],
            since=_timestamp(account.since),
            cli_version=state.cli_version,
            slots=state.slots,
            busy=state.busy,
            warm=state.warm,
            is_working=account.is_working,
            models=models.names,
            default_model=models.default,
            limit_reset_time=_timestamp(account.limit_reset_time),
            last_error=_error(account.last_error),
        )


def _error(error: AccountError | None) -> runner_service_pb2.AccountError | None:
    if error is None:
        return None
    return runner_service_pb2.AccountError(
        reason=error.reason.value, detail=error.detail, time=_timestamp(error.time)
    )


def _timestamp(moment: datetime | None) -> timestamp_pb2.Timestamp | None:
    if moment is None:
        return None
    timestamp = timestamp_pb2.Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp
