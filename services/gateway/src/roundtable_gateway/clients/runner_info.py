"""What a runner says of itself."""

from datetime import UTC, datetime

import grpc
from google.protobuf import timestamp_pb2

from roundtable.runner.v1 import runner_service_pb2, runner_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.enums import unknown_value
from roundtable_gateway.domain.run import Account
from roundtable_gateway.domain.runner import AccountError, RunnerState

_DEADLINE_SECONDS = 3.0

_ACCOUNTS = {
    runner_service_pb2.ACCOUNT_ENDPOINT: Account.ENDPOINT,
    runner_service_pb2.ACCOUNT_API_KEY: Account.API_KEY,
    runner_service_pb2.ACCOUNT_TOKEN: Account.TOKEN,
    runner_service_pb2.ACCOUNT_SUBSCRIPTION: Account.SUBSCRIPTION,
    runner_service_pb2.ACCOUNT_NONE: Account.NONE,
}


class RunnerInfo:
    """Asks a runner about itself."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = runner_service_pb2_grpc.RunnerServiceStub(channel)

    async def look(self) -> RunnerState:
        """Return how the runner is at the moment."""
        with errors_unwrapped():
            response = await self._stub.GetRunner(
                runner_service_pb2.GetRunnerRequest(),
                timeout=_DEADLINE_SECONDS,
                # A runner that restarts is back within the deadline.
                wait_for_ready=True,
            )
        return _state(response)


def _state(runner: runner_service_pb2.GetRunnerResponse) -> RunnerState:
    account = _ACCOUNTS.get(runner.account)
    if account is None:
        raise unknown_value("account")
    return RunnerState(
        account=account,
        since=_time(runner.since),
        is_working=runner.is_working if runner.HasField("is_working") else None,
        cli_version=runner.cli_version,
        slots=runner.slots,
        busy=runner.busy,
        warm=runner.warm,
        models=tuple(runner.models),
        default_model=runner.default_model or None,
        limit_reset_time=(
            _time(runner.limit_reset_time)
            if runner.HasField("limit_reset_time")
            else None
        ),
        last_error=(
            _error(runner.last_error) if runner.HasField("last_error") else None
        ),
    )


def _error(error: runner_service_pb2.AccountError) -> AccountError:
    return AccountError(error.reason, error.detail, _time(error.time))


def _time(timestamp: timestamp_pb2.Timestamp) -> datetime:
    return timestamp.ToDatetime(UTC)
