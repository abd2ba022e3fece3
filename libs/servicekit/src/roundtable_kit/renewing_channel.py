"""A channel that goes over to a renewed certificate without a stop.

gRPC's channel credentials never change. So this channel holds an inner one and asks for
it anew at every call; calls that are under way stay with the inner channel they began
on, which is closed behind the last of them.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import grpc

from roundtable_kit.identity import Identity
from roundtable_kit.live_identity import LiveIdentity

# As long as a server lets a stream last whose caller set no deadline.
_RETIREMENT = timedelta(hours=1)

MultiCallable = Callable[..., Any]


class RenewingChannel(grpc.aio.Channel):
    """Opens an inner channel for each identity, as the identity is renewed.

    Args:
        identity: The caller's own.
        open_inner: Opens a channel with an identity.
    """

    def __init__(
        self, identity: LiveIdentity, open_inner: Callable[[Identity], grpc.aio.Channel]
    ) -> None:
        self._identity = identity
        self._open_inner = open_inner
        self._shown = identity.current()
        self._inner = open_inner(self._shown)
        self._retiring: dict[asyncio.Task[None], grpc.aio.Channel] = {}
        self._is_closed = False

    def current(self) -> grpc.aio.Channel:
        """Return the channel on which a call is to be made now."""
        identity = self._identity.current()
        if identity is not self._shown and not self._is_closed:
            self._retire(self._inner)
            self._shown = identity
            self._inner = self._open_inner(identity)
        return self._inner

    async def close(self, grace: float | None = None) -> None:
        """Close it, with what is left of inner channels before it."""
        self._is_closed = True
        retiring = dict(self._retiring)
        for task in retiring:
            task.cancel()
        await asyncio.gather(*retiring, return_exceptions=True)
        for channel in (*retiring.values(), self._inner):
            await channel.close(grace)

    def get_state(
        self,
        try_to_connect: bool = False,  # noqa: FBT001, FBT002 - gRPC's own signature
    ) -> grpc.ChannelConnectivity:
        """Return the newest inner channel's state."""
        return self.current().get_state(try_to_connect)

    async def wait_for_state_change(
        self, last_observed_state: grpc.ChannelConnectivity
    ) -> None:
        """Wait for a change on the newest inner channel."""
        await self.current().wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Wait until the newest inner channel is connected."""
        await self.current().channel_ready()

    def unary_unary(self, *method: Any, **options: Any) -> Any:
        """Return what makes such calls, each on the channel that is current then."""
        return self._late(lambda inner: inner.unary_unary(*method, **options))

    def unary_stream(self, *method: Any, **options: Any) -> Any:
        """Return what makes such calls, each on the channel that is current then."""
        return self._late(lambda inner: inner.unary_stream(*method, **options))

    def stream_unary(self, *method: Any, **options: Any) -> Any:
        """Return what makes such calls, each on the channel that is current then."""
        return self._late(lambda inner: inner.stream_unary(*method, **options))

    def stream_stream(self, *method: Any, **options: Any) -> Any:
        """Return what makes such calls, each on the channel that is current then."""
        return self._late(lambda inner: inner.stream_stream(*method, **options))

    async def __aenter__(self) -> Self:
        """Return the channel itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()

    def _late(self, make: Callable[[grpc.aio.Channel], MultiCallable]) -> MultiCallable:
        made_for = self.current()
        inner_callable = make(made_for)

        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal made_for, inner_callable
            inner = self.current()
            if inner is not made_for:
                made_for, inner_callable = inner, make(inner)
            return inner_callable(*arguments, **options)

        return call

    def _retire(self, channel: grpc.aio.Channel) -> None:
        # Its close takes no new calls, so it must come behind those whose interceptors
        # have yet to run: they were scheduled before this task is.
        task = asyncio.create_task(channel.close(_RETIREMENT.total_seconds()))
        self._retiring[task] = channel
        task.add_done_callback(lambda done: self._retiring.pop(done, None))
