"""Health says SERVING only while a probe says so."""

from datetime import timedelta

import grpc
import pytest
from grpc_health.v1 import health_pb2

from roundtable_kit import health
from roundtable_kit.rpc_server import RpcServer

_SERVICE = "roundtable.test.Echo"


class _Probe:
    def __init__(self, *, is_well: bool) -> None:
        self.is_well = is_well

    async def __call__(self) -> None:
        if not self.is_well:
            raise OSError("the disk is gone")


async def _status(port: int, service: str) -> str:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check",
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        response = await check(health_pb2.HealthCheckRequest(service=service))
    statuses = health_pb2.HealthCheckResponse.ServingStatus
    return str(statuses.Name(response.status))


def _server(probe: _Probe) -> RpcServer:
    return RpcServer("127.0.0.1:0", (), service_names=(_SERVICE,), probe=probe)


@pytest.mark.parametrize("service", ["", _SERVICE])
@pytest.mark.parametrize(
    ("is_well", "status"), [(True, "SERVING"), (False, "NOT_SERVING")]
)
async def test_health_follows_the_first_probe(
    service: str, status: str, *, is_well: bool
) -> None:
    """A server is healthy from its start or not, as its probe says."""
    server = _server(_Probe(is_well=is_well))
    await server.start()

    try:
        assert await _status(server.port, service) == status
    finally:
        await server.stop(timedelta(0))


async def test_health_follows_later_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that falls ill says so, and says when it is well again."""
    monkeypatch.setattr(health, "_INTERVAL", timedelta(milliseconds=5))
    probe = _Probe(is_well=True)
    server = _server(probe)
    await server.start()
    seen = []

    try:
        for is_well in (False, True):
            probe.is_well = is_well
            wanted = "SERVING" if is_well else "NOT_SERVING"
            while (status := await _status(server.port, "")) != wanted:
                pass
            seen.append(status)
    finally:
        await server.stop(timedelta(0))

    assert seen == ["NOT_SERVING", "SERVING"]


async def test_a_draining_server_says_so_and_still_answers() -> None:
    """From the first step of a stop on, callers are told to turn elsewhere."""
    server = _server(_Probe(is_well=True))
    await server.start()

    await server.refuse_new_work()

    try:
        assert await _status(server.port, _SERVICE) == "NOT_SERVING"
    finally:
        await server.stop(timedelta(0))


async def test_a_taken_port_is_an_error_with_its_address() -> None:
    """A second server on a port fails instead of sharing it."""
    first = _server(_Probe(is_well=True))
    await first.start()
    second = RpcServer(
        f"127.0.0.1:{first.port}",
        (),
        service_names=(_SERVICE,),
        probe=_Probe(is_well=True),
    )

    try:
        with pytest.raises(OSError, match=str(first.port)):
            await second.start()
    finally:
        await first.stop(timedelta(0))
