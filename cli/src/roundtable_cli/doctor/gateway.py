"""The gateway: whether it answers, what it says of itself, how its clock goes."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from roundtable_cli.client import GatewayClient, json_of, unreachable
from roundtable_cli.doctor.certificates import OWN_CERTIFICATE, RENEW_OWN, check_end
from roundtable_cli.doctor.result import Result, broken, doubtful, fine, not_checked
from roundtable_cli.errors import GatewayUnreachableError, MalformedAnswerError
from roundtable_cli.run import Health

_SUBJECT = "gateway"
_CLOCK = "clock"
_VERSIONS = "versions"
_NOTICEABLE = timedelta(seconds=30)
_HARMFUL = timedelta(minutes=5)
_SET_THE_CLOCK = "let both machines keep time by NTP: timedatectl set-ntp true"
_HTTPS = 443
_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class GatewayView:
    """What a gateway said.

    Attributes:
        health: What it said of itself.
        offset: How far its clock is ahead of ours; None when it did not tell its time.
    """

    health: Health
    offset: timedelta | None


async def look_at_gateway(client: GatewayClient) -> GatewayView:
    """Ask the gateway how it is, once.

    Raises:
        GatewayUnreachableError: Nothing answers there, or something else does.
    """
    begin = datetime.now(UTC)
    try:
        answer = await client.http.get("/health")
        health = Health.from_json(json_of(answer))
    except httpx.TransportError as error:
        raise unreachable(client.server, error) from error
    except MalformedAnswerError as error:
        raise GatewayUnreachableError(
            f"What answers at {client.server} is no Persona Roundtable gateway.",
            ("Name the gateway with --server URL (or ROUNDTABLE_URL).",),
        ) from error
    return GatewayView(health, _offset(answer, begin, datetime.now(UTC)))


def check_gateway(view: GatewayView) -> Result:
    """Judge whether it can do its work."""
    if view.health.status == "down":
        return broken(
            _SUBJECT,
            "answers, but its store is away: nothing can be read or begun",
            mend="see the store's log; `roundtable up` starts it again by itself, "
            "elsewhere: docker compose restart store",
        )
    if view.health.is_runner_away:
        return broken(
            _SUBJECT,
            "answers, but its persona-runner is away: no turn goes on",
            mend="see the runner's log; `roundtable up` starts it again by itself, "
            "elsewhere: docker compose restart persona-runner",
        )
    return fine(_SUBJECT, "answers; store and persona-runner serve")


def check_versions(
    view: GatewayView | None, *, client: str, cli_version: str | None
) -> Result:
    """Compare this client with the gateway; name the Claude CLI's version."""
    if view is None:
        return fine(_VERSIONS, f"client {client}")
    gateway = view.health.version
    words = f"client {client}, gateway {gateway or 'unknown'}"
    if cli_version:
        words += f", Claude CLI {cli_version}"
    if gateway == client:
        return fine(_VERSIONS, words)
    return doubtful(
        _VERSIONS, words, mend="bring client and gateway to the same version"
    )


def check_clock(offset: timedelta | None) -> Result:
    """Judge how far the two clocks are apart."""
    if offset is None:
        return not_checked(_CLOCK, "the gateway does not tell its time")
    seconds = abs(offset).total_seconds()
    side = "ahead of" if offset > timedelta(0) else "behind"
    words = f"the gateway's is {seconds:.0f} s {side} this machine's"
    if abs(offset) >= _HARMFUL:
        return broken(
            _CLOCK,
            f"{words}: certificates, tokens and logins count wrongly",
            mend=_SET_THE_CLOCK,
        )
    if abs(offset) >= _NOTICEABLE:
        return doubtful(_CLOCK, words, mend=_SET_THE_CLOCK)
    return fine(_CLOCK, "the gateway's and this machine's agree")


async def check_shown_certificate(
    server: httpx.URL, trust: ssl.SSLContext | None
) -> Result | None:
    """Judge the certificate that a gateway shows; None where it shows none."""
    if server.scheme != "https":
        return None
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            end_time = await _end_of_shown(server, trust)
    except (OSError, TimeoutError):
        return not_checked(OWN_CERTIFICATE, "it cannot be had without a proxy")
    return check_end(OWN_CERTIFICATE, end_time, now=datetime.now(UTC), renew=RENEW_OWN)


async def _end_of_shown(server: httpx.URL, trust: ssl.SSLContext | None) -> datetime:
    _, writer = await asyncio.open_connection(
        server.host,
        server.port or _HTTPS,
        ssl=trust or httpx.create_ssl_context(),
        server_hostname=server.host,
    )
    try:
        shown = writer.get_extra_info("ssl_object").getpeercert()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)


def _offset(answer: httpx.Response, begin: datetime, end: datetime) -> timedelta | None:
    """Return how far ahead the gateway's clock is, no more than is certain."""
    try:
        told = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
    # The header is cut to seconds, and was written at some time in between.
    earliest, latest = told, told + timedelta(seconds=1)
    if latest < begin:
        return latest - begin
    if earliest > end:
        return earliest - end
    return timedelta(0)
