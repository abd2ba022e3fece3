"""Standard gRPC health: NOT_SERVING until a probe has said otherwise."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from grpc_health.v1 import health_pb2
from grpc_health.v1.health import OVERALL_HEALTH
from grpc_health.v1.health import aio as health_aio

_log = structlog.get_logger()

_INTERVAL = timedelta(seconds=5)
_TIMEOUT = timedelta(seconds=3)
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING

Probe = Callable[[], Awaitable[None]]


class HealthMonitor:
    """Keeps a server's health statuses true by probing.

    Args:
        services: Full names of the services the server answers for.
        probe: Raises when the server can't do its work.
    """

    def __init__(self, services: tuple[str, ...], probe: Probe) -> None:
        self.servicer = health_aio.HealthServicer()
        self._services = (OVERALL_HEALTH, *services)
        self._probe = probe
        self._is_serving: bool | None = None

    async def start(self) -> None:
        """Say NOT_SERVING for all, then probe once."""
        await self._set(is_serving=False)
        await self._check()

    async def watch(self) -> None:
        """Probe at an interval for ever; ends by cancellation."""
        while True:
            await asyncio.sleep(_INTERVAL.total_seconds())
            await self._check()

    async def stop(self) -> None:
        """Say NOT_SERVING from now on."""
        await self.servicer.enter_graceful_shutdown()

    async def _check(self) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT.total_seconds()):
                await self._probe()
        except Exception as error:  # noqa: BLE001 - whatever fails, the answer is "not serving"
            await self._set(is_serving=False, cause=type(error).__name__)
        else:
            await self._set(is_serving=True)

    async def _set(self, *, is_serving: bool, cause: str | None = None) -> None:
        if is_serving is self._is_serving:
            return
        self._is_serving = is_serving
        for service in self._services:
            await self.servicer.set(service, _SERVING if is_serving else _NOT_SERVING)
        _log.info("health.changed", serving=is_serving, cause=cause)
