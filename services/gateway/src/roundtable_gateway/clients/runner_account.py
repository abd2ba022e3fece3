"""The account that a runner holds, as admins look after it."""

from dataclasses import replace
from datetime import timedelta

import grpc

from roundtable.runner.v1 import account_service_pb2, account_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.part_converters import usage_from_proto
from roundtable_gateway.domain.run import Usage
from roundtable_gateway.domain.runner import AccountProof, Login
from roundtable_kit.errors import FieldViolation, InvalidArgument

# Longer than the runner takes, which ends each of these by itself.
_LOGIN_DEADLINE = timedelta(seconds=60)
_LOG_OUT_DEADLINE = timedelta(seconds=30)
_TEST_DEADLINE = timedelta(seconds=180)


class RunnerAccount:
    """Implements the routes' `Accounts` over gRPC."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = account_service_pb2_grpc.AccountServiceStub(channel)

    async def start_login(self) -> Login:
        """Begin a login; one that was begun before is ended.

        Raises FailedPrecondition (ACCOUNT_IS_CONFIGURED) where another account would
        outrank it.
        """
        with errors_unwrapped():
            response = await self._stub.StartLogin(
                account_service_pb2.StartLoginRequest(),
                timeout=_LOGIN_DEADLINE.total_seconds(),
            )
        return Login(response.login_id, response.url)

    async def finish_login(self, login_id: str, code: str) -> None:
        """Hand over the code that the provider showed.

        Raises NotFound (LOGIN_NOT_FOUND) for a login that is not under way,
        InvalidArgument for a code that is not whole (LOGIN_CODE_INCOMPLETE; the login
        goes on) or not accepted (LOGIN_REFUSED).
        """
        request = account_service_pb2.FinishLoginRequest(login_id=login_id, code=code)
        try:
            with errors_unwrapped():
                await self._stub.FinishLogin(
                    request, timeout=_LOGIN_DEADLINE.total_seconds()
                )
        except InvalidArgument as error:
            raise _of_the_code(error) from error

    async def log_out(self) -> None:
        """End a login that is under way and forget the one that is there."""
        with errors_unwrapped():
            await self._stub.LogOut(
                account_service_pb2.LogOutRequest(),
                timeout=_LOG_OUT_DEADLINE.total_seconds(),
            )

    async def test(self, model: str | None) -> AccountProof:
        """Prove the account with one tiny turn."""
        with errors_unwrapped():
            response = await self._stub.TestAccount(
                account_service_pb2.TestAccountRequest(model=model or ""),
                timeout=_TEST_DEADLINE.total_seconds(),
            )
        return _proof(response)


def _of_the_code(error: InvalidArgument) -> InvalidArgument:
    """Return an error that names the one field there is to mend."""
    violations = error.violations or (FieldViolation("code", error.message),)
    return InvalidArgument(error.reason, error.message, violations=violations)


def _proof(response: account_service_pb2.TestAccountResponse) -> AccountProof:
    has_failed = response.HasField("failure")
    usage = usage_from_proto(response.usage)
    return AccountProof(
        reason=response.failure.reason if has_failed else None,
        detail=response.failure.detail if has_failed else None,
        duration=response.duration.ToTimedelta(),
        model=response.model or None,
        # A test that never came to a model used nothing.
        usage=None if usage == Usage() else replace(usage, turns=1),
    )
