"""Asks the standard gRPC health of the services behind the gateway."""

from datetime import timedelta

import grpc
from grpc_health.v1 import health_pb2

_DEADLINE = timedelta(seconds=2)
_CHECK = "/grpc.health.v1.Health/Check"


class PeerHealth:
    """Implements the routes' `Peers`."""

    def __init__(self, store: grpc.aio.Channel, runner: grpc.aio.Channel) -> None:
        self._store = store
        self._runner = runner

    async def is_store_serving(self) -> bool:
        """Ask the store's health."""
        return await _is_serving(self._store)

    async def is_runner_serving(self) -> bool:
        """Ask the runner's health."""
        return await _is_serving(self._runner)


async def _is_serving(channel: grpc.aio.Channel) -> bool:
    # The package's own stub has no types.
    check = channel.unary_unary(
        _CHECK,
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    try:
        response = await check(
            health_pb2.HealthCheckRequest(), timeout=_DEADLINE.total_seconds()
        )
    except grpc.aio.AioRpcError:
        return False
    return response.status == health_pb2.HealthCheckResponse.SERVING
