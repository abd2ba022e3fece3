"""What surrounds every RPC on the server: log line, errors, its caller, a deadline.

One async context manager surrounds the handlers of all four kinds of RPC.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import grpc
import structlog

from roundtable_kit.callers import CallerGate
from roundtable_kit.clock import Clock, SystemClock
from roundtable_kit.errors import Internal, ServiceError
from roundtable_kit.grpc_codes import GRPC_CODES
from roundtable_kit.rpc_errors import to_status

_log = structlog.get_logger()

# Kept back from the caller's deadline, so that the answer is still on its way in time.
_RETURN_MARGIN = timedelta(milliseconds=20)
_UNREMARKABLE = (grpc.StatusCode.OK, grpc.StatusCode.CANCELLED)
_CRASH = Internal("INTERNAL", "The service failed; its log says why.")

# grpc's classes take parameters in their stubs only.
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"


@dataclass(frozen=True, slots=True)
class DeadlineCaps:
    """How long a handler may take when its caller set no deadline."""

    unary: timedelta = timedelta(seconds=30)
    stream: timedelta = timedelta(hours=1)


class RpcFrame(grpc.aio.ServerInterceptor):
    """Surrounds every handler with the log line, the error table and the deadline.

    With a gate no handler runs for a caller that it does not let through. Health, the
    one service outside the frame, is open to all who can connect.
    """

    def __init__(
        self,
        *,
        caps: DeadlineCaps | None = None,
        clock: Clock | None = None,
        gate: CallerGate | None = None,
    ) -> None:
        self._gate = gate
        self._caps = caps or DeadlineCaps()
        self._clock = clock or SystemClock()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Return the method's handler, surrounded."""
        handler = await continuation(handler_call_details)
        if handler is None or handler_call_details.method.startswith("/grpc.health."):
            return handler
        return self._surround(handler, handler_call_details.method)

    def _surround(
        self, handler: "grpc.RpcMethodHandler[Any, Any]", method: str
    ) -> "grpc.RpcMethodHandler[Any, Any]":
        serializers = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        cap = self._caps.stream if handler.response_streaming else self._caps.unary

        async def answer_once(request: Any, context: Context) -> Any:
            behavior: Any = handler.stream_unary or handler.unary_unary
            async with self._around(context, method, cap):
                return await behavior(request, context)

        async def answer_often(request: Any, context: Context) -> AsyncIterator[Any]:
            behavior: Any = handler.stream_stream or handler.unary_stream
            async with (
                self._around(context, method, cap),
                aclosing(behavior(request, context)) as responses,
            ):
                async for response in responses:
                    yield response

        if handler.response_streaming:
            make = (
                grpc.stream_stream_rpc_method_handler
                if handler.request_streaming
                else grpc.unary_stream_rpc_method_handler
            )
            return make(answer_often, **serializers)
        make_unary = (
            grpc.stream_unary_rpc_method_handler
            if handler.request_streaming
            else grpc.unary_unary_rpc_method_handler
        )
        return make_unary(answer_once, **serializers)

    @asynccontextmanager
    async def _around(
        self, context: Context, method: str, cap: timedelta
    ) -> AsyncIterator[None]:
        """Turn what a handler raises into a status that tells no more than it may."""
        begin = self._clock.monotonic()
        code = grpc.StatusCode.CANCELLED
        try:
            if self._gate is not None:
                self._gate.admit(method, context)
            async with _bounded(context, cap):
                yield
            code = grpc.StatusCode.OK
        except TimeoutError:
            code = grpc.StatusCode.DEADLINE_EXCEEDED
            await context.abort(code, "The call took longer than it may.")
        except ServiceError as error:
            code = GRPC_CODES[error.kind]
            await context.abort_with_status(to_status(error))
        except Exception:  # noqa: BLE001 - the outermost border: a fixed text goes out
            code = grpc.StatusCode.INTERNAL
            _log.exception("rpc.crashed", method=method)
            await context.abort_with_status(to_status(_CRASH))
        finally:
            duration_ms = round((self._clock.monotonic() - begin) * 1000, 1)
            log = _log.debug if code in _UNREMARKABLE else _log.info
            log("rpc.finished", method=method, code=code.name, duration_ms=duration_ms)


@asynccontextmanager
async def _bounded(context: Context, cap: timedelta) -> AsyncIterator[None]:
    remaining = context.time_remaining()
    seconds = cap.total_seconds()
    if remaining is not None:
        seconds = max(0.0, remaining - _RETURN_MARGIN.total_seconds())
    async with asyncio.timeout(seconds):
        yield
