"""What a runner says of itself."""

import grpc

from roundtable.runner.v1 import runner_service_pb2, runner_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.enums import unknown_value
from roundtable_gateway.domain.run import Account

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

    async def account(self) -> Account:
        """Return how the runner's turns are paid for."""
        with errors_unwrapped():
            response = await self._stub.GetRunner(
                runner_service_pb2.GetRunnerRequest(),
                timeout=_DEADLINE_SECONDS,
                # A runner that restarts is back within the deadline.
                wait_for_ready=True,
            )
        account = _ACCOUNTS.get(response.account)
        if account is None:
            raise unknown_value("account")
        return account
