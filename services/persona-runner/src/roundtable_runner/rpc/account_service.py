"""AccountService: thin over the account's desk."""

from typing import Any

import grpc
from google.protobuf import duration_pb2

from roundtable.runner.v1 import account_service_pb2, account_service_pb2_grpc
from roundtable_runner.claude.account_desk import AccountDesk
from roundtable_runner.rpc.requests import check_test
from roundtable_runner.rpc.responses import failure_to_proto, usage_to_proto

ACCOUNT_SERVICE = "roundtable.runner.v1.AccountService"

_Context = grpc.aio.ServicerContext[Any, Any]


class AccountServicer(account_service_pb2_grpc.AccountServiceServicer):
    """Answers the calls of account_service.proto."""

    def __init__(self, desk: AccountDesk) -> None:
        self._desk = desk

    def register(self, server: grpc.aio.Server) -> None:
        """Add the service to a server."""
        account_service_pb2_grpc.add_AccountServiceServicer_to_server(self, server)

    async def StartLogin(  # noqa: N802 - the name in the contract
        self, _request: account_service_pb2.StartLoginRequest, _context: _Context
    ) -> account_service_pb2.StartLoginResponse:
        """Begin a login."""
        login = await self._desk.start_login()
        return account_service_pb2.StartLoginResponse(
            login_id=login.login_id, url=login.url
        )

    async def FinishLogin(  # noqa: N802 - the name in the contract
        self, request: account_service_pb2.FinishLoginRequest, _context: _Context
    ) -> account_service_pb2.FinishLoginResponse:
        """Hand a login its code."""
        await self._desk.finish_login(request.login_id, request.code)
        return account_service_pb2.FinishLoginResponse()

    async def LogOut(  # noqa: N802 - the name in the contract
        self, _request: account_service_pb2.LogOutRequest, _context: _Context
    ) -> account_service_pb2.LogOutResponse:
        """Log out."""
        await self._desk.log_out()
        return account_service_pb2.LogOutResponse()

    async def TestAccount(  # noqa: N802 - the name in the contract
        self, request: account_service_pb2.TestAccountRequest, _context: _Context
    ) -> account_service_pb2.TestAccountResponse:
        """Prove the account."""
        check_test(request)
        test = await self._desk.test(model=request.model)
        duration = duration_pb2.Duration()
        duration.FromTimedelta(test.duration)
        return account_service_pb2.TestAccountResponse(
            failure=None if test.failure is None else failure_to_proto(test.failure),
            duration=duration,
            model=test.model,
            usage=usage_to_proto(test.usage),
        )
