"""What the store remembers of the installation."""

from uuid import uuid4

import grpc

from roundtable.store.v1 import conductor_service_pb2, conductor_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.store_ledger import GATEWAY


class StoreInstallation:
    """Remembers that an account was once there."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = conductor_service_pb2_grpc.ConductorServiceStub(channel)

    async def record_account(self) -> None:
        """Note that the runner has an account."""
        request = conductor_service_pb2.RecordAccountRequest(
            caller=GATEWAY, request_id=uuid4().hex
        )
        with errors_unwrapped():
            await self._stub.RecordAccount(request)

    async def had_account(self) -> bool:
        """Return whether an account was ever noted."""
        request = conductor_service_pb2.GetInstallationRequest(caller=GATEWAY)
        with errors_unwrapped():
            response = await self._stub.GetInstallation(request)
        return response.HasField("account_time")
