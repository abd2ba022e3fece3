"""Certificates of friends and strangers, and calls that show them as they are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc

from roundtable_kit.authority import Authority
from roundtable_kit.certs import ensure_certificates
from roundtable_kit.errors import ServiceError
from roundtable_kit.rpc_errors import from_call_error

_CALL_SECONDS = 10.0
_LONG_AGO = timedelta(days=800)

# Callers of the right authority that no table names, and callers of none.
UNLISTED = ("persona-runner", "store", "unheard-of")
OUTSIDERS = ("other-authority", "expired", "no-certificate")


def make_callers(folder: Path) -> Path:
    """Make certificates in a folder, those of strangers among them; return the folder.

    Beside the services' own there are ``unheard-of``, ``expired`` and
    ``other-authority``; the last two name the gateway.
    """
    now = datetime.now(UTC)
    ensure_certificates(folder)
    authority = Authority.read(folder / "authority")
    authority.issue("unheard-of", folder / "unheard-of", now=now)
    authority.issue("gateway", folder / "expired", now=now - _LONG_AGO)
    other = Authority.make(folder / "others" / "authority", now=now)
    other.issue("gateway", folder / "other-authority", now=now)
    # It trusts the server all the same: what is tested is the server's trust.
    (folder / "other-authority" / "ca.crt").write_bytes(
        (folder / "gateway" / "ca.crt").read_bytes()
    )
    return folder


def open_as(caller: str, folder: Path, address: str, *, peer: str) -> grpc.aio.Channel:
    """Return a channel that shows a caller's certificate, whatever it is worth."""
    pair: tuple[bytes | None, bytes | None] = (None, None)
    if caller != "no-certificate":
        own = folder / caller
        pair = (own / "service.key").read_bytes(), (own / "service.crt").read_bytes()
    root = (folder / "gateway" / "ca.crt").read_bytes()
    return grpc.aio.secure_channel(
        address,
        grpc.ssl_channel_credentials(root, *pair),
        options=[
            ("grpc.ssl_target_name_override", peer),
            ("grpc.use_local_subchannel_pool", 1),
        ],
    )


async def error_of(channel: grpc.aio.Channel, method: str) -> ServiceError | None:
    """Call any method with an empty request; return what it failed with, if it did."""
    # On the wire the four kinds of method are one.
    make: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(
        method
    )
    call = make(iter([b""]), timeout=_CALL_SECONDS)
    try:
        await call.read()
    except grpc.aio.AioRpcError as error:
        return from_call_error(error)
    finally:
        call.cancel()
    return None
