"""The services together: started in order, kept running, stopped in reverse."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from roundtable_cli.errors import LaunchError
from roundtable_cli.launcher.child import Child
from roundtable_cli.launcher.restarts import RestartPolicy, Restarts
from roundtable_cli.launcher.service import Service

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long the launcher waits for a service, and how often it restarts one."""

    start: timedelta = timedelta(seconds=60)
    grace: timedelta = timedelta(seconds=10)
    restarts: RestartPolicy = field(default_factory=RestartPolicy)


class Stack:
    """The services of one machine.

    Args:
        services: In the order in which they start; peers come first.
        say: Takes a line for the user.
        on_error_line: Takes a service's name and a line of its standard error.
        limits: How long and how often.
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        say: Callable[[str], None],
        on_error_line: Callable[[str, str], None],
        limits: Limits | None = None,
    ) -> None:
        self._services = services
        self._say = say
        self._on_error_line = on_error_line
        self._limits = limits or Limits()
        self._children: dict[str, Child] = {}
        self._ports: dict[str, int] = {}

    def port(self, name: str) -> int:
        """Return where a started service listens."""
        return self._ports[name]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start every service, and stop every one at the end, whatever ends it.

        Raises:
            LaunchError: One of them did not start.
        """
        try:
            for service in self._services:
                self._say(f"Starting the {service.name} …")
                await self._start(service)
            yield
        finally:
            await self._stop_undisturbed()

    async def keep_during(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` while services that die are started again.

        Raises:
            LaunchError: One died too often; `work` was cancelled for it.
        """
        try:
            async with asyncio.TaskGroup() as group:
                keepers = [group.create_task(self._keep(s)) for s in self._services]
                result = await work
                for keeper in keepers:
                    keeper.cancel()
        except BaseExceptionGroup as failures:
            # One failure ends all of it, so the first one is what happened.
            raise failures.exceptions[0] from failures
        return result

    def kill(self) -> None:
        """Kill every service at once; `running` then ends without a wait."""
        for child in self._children.values():
            child.kill()

    async def _start(self, service: Service) -> None:
        child = await Child.start(
            service,
            service.environment_with(self._ports),
            on_line=lambda line: self._on_error_line(service.name, line),
        )
        self._children[service.name] = child
        # Kept for restarts: on the same port the others find it again.
        self._ports[service.name] = await child.wait_until_ready(self._limits.start)

    async def _keep(self, service: Service) -> None:
        restarts = Restarts(self._limits.restarts)
        clock = asyncio.get_running_loop().time
        while True:
            child = self._children[service.name]
            await child.wait()
            delay = restarts.delay_after_death(clock())
            if delay is None:
                window = self._limits.restarts.window.total_seconds()
                raise LaunchError(
                    f"The {service.name} keeps stopping: more than "
                    f"{self._limits.restarts.limit} times within {window:g} s, "
                    f"at last with {child.end}.",
                    child.last_lines,
                )
            self._say(f"The {service.name} stopped ({child.end}); starting it again.")
            await asyncio.sleep(delay.total_seconds())
            try:
                await self._start(service)
                self._say(f"The {service.name} is back.")
            except LaunchError as error:
                self._say(error.message)

    async def _stop_undisturbed(self) -> None:
        stopping = asyncio.create_task(self._stop())
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError:
            await stopping
            raise

    async def _stop(self) -> None:
        for name, child in reversed(self._children.items()):
            if child.is_running:
                self._say(f"Stopping the {name} …")
            if not await child.stop(self._limits.grace):
                seconds = self._limits.grace.total_seconds()
                self._say(f"The {name} did not stop within {seconds:g} s: killed.")
