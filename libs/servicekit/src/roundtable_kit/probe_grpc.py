"""The half of the probe that speaks gRPC, apart for what importing it costs."""

import asyncio

import grpc
from grpc_health.v1 import health_pb2

from roundtable_kit.identity import IdentityError
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.logs import configure_logs
from roundtable_kit.rpc_client import open_channel
from roundtable_kit.settings import ServiceSettings

_CHECK = "/grpc.health.v1.Health/Check"


def ask_health(address: str, *, seconds: float) -> str:
    """Ask a server's overall health with the service's own certificate.

    Returns:
        What is amiss; nothing when it serves.
    """
    configure_logs("probe", level="error")
    return asyncio.run(_ask(address, seconds))


async def _ask(address: str, seconds: float) -> str:
    try:
        identity = LiveIdentity.of(ServiceSettings().certificates_dir)
    except IdentityError as error:
        return str(error)
    name = "" if identity is None else identity.current().name
    async with open_channel(address, peer=name, identity=identity) as channel:
        check = channel.unary_unary(
            _CHECK,
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        try:
            answer = await check(health_pb2.HealthCheckRequest(), timeout=seconds)
        except grpc.aio.AioRpcError as error:
            return f"{error.code().name}: {error.details()}"
    is_serving = answer.status == health_pb2.HealthCheckResponse.SERVING
    return "" if is_serving else "not serving"
