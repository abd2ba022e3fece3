"""The HTTP side: Anthropic's routes, authentication and error form."""

import asyncio
import hmac
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from roundtable_rehearsal.daemon_thread import in_daemon_thread
from roundtable_rehearsal.errors import TurnError
from roundtable_rehearsal.messages import (
    Answer,
    InvalidRequestError,
    MessagesRequest,
    answer,
    read_request,
    whole_message,
)
from roundtable_rehearsal.sse import error_frame, frames

_MOST_BODY_BYTES = 32 * 1024 * 1024
# Each of them may hold the words of a 2 MB document; the interpreter runs one at a
# time anyway.
_MOST_AT_WORK = 4
_STOPPING = "The rehearsal engine is stopping."

_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    405: "invalid_request_error",
    413: "request_too_large",
    500: "api_error",
    529: "overloaded_error",
}

_Result = TypeVar("_Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The engine's settings, and the event that ends its streams."""

    key: str
    words_per_second: float
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _places: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(_MOST_AT_WORK)
    )

    def build(self) -> Starlette:
        """Build the ASGI application."""
        routes = [
            Route("/", _root, methods=["GET", "HEAD"]),
            Route("/v1/messages", self._guarded(self._messages), methods=["POST"]),
            Route(
                "/v1/messages/count_tokens",
                self._guarded(self._count_tokens),
                methods=["POST"],
            ),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _refused})

    def _guarded(
        self, serve: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if not self._is_allowed(request):
                return _error(401, "invalid x-api-key")
            try:
                return await serve(request)
            except (InvalidRequestError, TurnError) as error:
                return _error(400, str(error))
            except (HTTPException, ClientDisconnect):
                raise
            except Exception as error:  # noqa: BLE001  # the outermost border
                # The trace without its message, which may quote the document.
                trace = "".join(traceback.format_tb(error.__traceback__))
                _log.error("request.failed %s\n%s", type(error).__name__, trace)
                return _error(500, "Internal error")

        return guarded

    def _is_allowed(self, request: Request) -> bool:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = request.headers.get("x-api-key") or bearer
        return hmac.compare_digest(given.encode(), self.key.encode())

    async def _messages(self, request: Request) -> Response:
        body = await _read_body(request)
        asked, answered = await self._beside(lambda: _work(body))
        message_id = f"msg_{uuid4().hex}"
        headers = {"request-id": _request_id(), "cache-control": "no-cache"}
        if asked.is_stream:
            stream = self._stream(asked, answered, message_id=message_id)
            return StreamingResponse(
                stream, media_type="text/event-stream", headers=headers
            )
        whole = whole_message(answered, asked, message_id=message_id)
        return Response(whole, media_type="application/json", headers=headers)

    async def _count_tokens(self, request: Request) -> Response:
        body = await _read_body(request)
        asked = await self._beside(lambda: read_request(body))
        return JSONResponse({"input_tokens": asked.input_tokens})

    async def _beside(self, work: Callable[[], _Result]) -> _Result:
        """Do work in a thread, and give up on it when the engine stops."""
        async with self._places:
            working = asyncio.ensure_future(in_daemon_thread(work))
            closing = asyncio.ensure_future(self.closing.wait())
            try:
                await asyncio.wait(
                    {working, closing}, return_when=asyncio.FIRST_COMPLETED
                )
                if not working.done():
                    raise HTTPException(529, _STOPPING)
                return working.result()
            finally:
                working.cancel()
                closing.cancel()

    async def _stream(
        self, asked: MessagesRequest, answered: Answer, *, message_id: str
    ) -> AsyncIterator[bytes]:
        for frame in frames(answered, asked, message_id=message_id):
            yield frame.encoded
            if await self._is_closing_within(frame.words):
                yield error_frame("overloaded_error", _STOPPING)
                return

    async def _is_closing_within(self, words: int) -> bool:
        """Wait as long as it takes to say so many words, unless the engine stops."""
        if words and self.words_per_second and not self.closing.is_set():
            try:
                async with asyncio.timeout(words / self.words_per_second):
                    await self.closing.wait()
            except TimeoutError:
                return False
        return self.closing.is_set()


def _work(body: bytes) -> tuple[MessagesRequest, Answer]:
    asked = read_request(body)
    return asked, answer(asked)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY_BYTES:
            raise HTTPException(413, "Request exceeds the maximum size")
    return bytes(body)


async def _root(_: Request) -> Response:
    return JSONResponse({"service": "rehearsal"})


async def _refused(_: Request, error: Exception) -> Response:
    match error:
        case HTTPException(status_code=status, detail=detail):
            return _error(status, detail)
    raise error


def _error(status: int, message: str) -> Response:
    request_id = _request_id()
    body = {
        "type": "error",
        "error": {"type": _ERROR_TYPES.get(status, "api_error"), "message": message},
        "request_id": request_id,
    }
    return JSONResponse(body, status_code=status, headers={"request-id": request_id})


def _request_id() -> str:
    return f"req_{uuid4().hex}"
