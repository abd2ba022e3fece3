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


class _Inner:
    """A channel that shows one certificate for good, with the calls made on it."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.channel = channel
        self._under_way: set[object] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def watch(self, call: grpc.aio.Call) -> None:
        """Count a call as under way until it is done."""
        # Not the call itself: one that its caller drops must be free to end.
        token = object()
        self._under_way.add(token)
        self._idle.clear()
        call.add_done_callback(lambda _: self._forget(token))

    async def retire(self) -> None:
        """Close it behind its last call; at once when this is cancelled."""
        try:
            async with asyncio.timeout(_RETIREMENT.total_seconds()):
                await self._idle.wait()
        except TimeoutError:
            pass  # what is left is cut by the close
        finally:
            # A close with gRPC's own grace can't be hurried once it has begun.
            await self.channel.close()

    def _forget(self, token: object) -> None:
        self._under_way.discard(token)
        if not self._under_way:
            self._idle.set()


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
        self._inner = _Inner(open_inner(self._shown))
        self._retiring: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def close(self, grace: float | None = None) -> None:
        """Close it; calls on connections of older certificates end at once."""
        self._is_closed = True
        retiring = tuple(self._retiring)
        for task in retiring:
            task.cancel()
        await asyncio.gather(*retiring, return_exceptions=True)
        await self._inner.channel.close(grace)

    def get_state(
        self,
        try_to_connect: bool = False,  # noqa: FBT001, FBT002 - gRPC's own signature
    ) -> grpc.ChannelConnectivity:
        """Return the newest inner channel's state."""
        return self._current().channel.get_state(try_to_connect)

    async def wait_for_state_change(
        self, last_observed_state: grpc.ChannelConnectivity
    ) -> None:
        """Wait for a change on the newest inner channel."""
        await self._current().channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Wait until the newest inner channel is connected."""
        await self._current().channel.channel_ready()

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

    def _current(self) -> _Inner:
        identity = self._identity.current()
        if identity is not self._shown and not self._is_closed:
            self._retire(self._inner)
            self._shown = identity
            self._inner = _Inner(self._open_inner(identity))
        return self._inner

    def _late(self, make: Callable[[grpc.aio.Channel], MultiCallable]) -> MultiCallable:
        made_for = self._current()
        inner_callable = make(made_for.channel)

        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal made_for, inner_callable
            inner = self._current()
            if inner is not made_for:
                made_for, inner_callable = inner, make(inner.channel)
            begun = inner_callable(*arguments, **options)
            inner.watch(begun)
            return begun

        return call

    def _retire(self, inner: _Inner) -> None:
        task = asyncio.create_task(inner.retire(), name="retire-channel")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
