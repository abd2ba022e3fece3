"""Tells browsers to come by HTTPS alone (RFC 6797)."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roundtable_gateway.access.hosts import is_loopback_host

_YEAR = "max-age=31536000"


class HttpsOnly:
    """Adds Strict-Transport-Security to every answer.

    Not under a loopback name: the header holds for all ports of a name, and a browser
    would refuse whatever else is served on http://localhost.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or is_loopback_host(
            Headers(scope=scope).get("host", "")
        ):
            await self._app(scope, receive, send)
            return

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Strict-Transport-Security"] = _YEAR
            await send(message)

        await self._app(scope, receive, send_with_header)
