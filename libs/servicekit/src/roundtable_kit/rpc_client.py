"""A channel to a peer: keepalive, default deadlines, retries where they are safe."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import grpc

from roundtable_kit.credentials import channel_credentials
from roundtable_kit.identity import Identity
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.renewing_channel import RenewingChannel
from roundtable_kit.rpc_server import MAX_MESSAGE_BYTES

UNARY_DEADLINE = timedelta(seconds=10)

_SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.1s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                # Every write carries an idempotency key, so all may be asked again.
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ],
}

_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    # A peer that restarts is found again within a second.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
]


def open_channel(
    address: str, *, peer: str = "", identity: LiveIdentity | None = None
) -> grpc.aio.Channel:
    """Return a channel to a peer; one a peer and process, closed by its owner.

    Unary calls without a deadline of their own get `UNARY_DEADLINE`.

    Args:
        address: Where the peer is.
        peer: The name that the peer's certificate must hold, whatever the address.
        identity: What this service shows the peer; without one the channel is plain.
    """
    if identity is None:
        return grpc.aio.insecure_channel(
            address, options=_OPTIONS, interceptors=[_DefaultDeadline()]
        )
    if not peer:
        raise ValueError("a channel with an identity needs the name of its peer")
    options = [
        *_OPTIONS,
        ("grpc.ssl_target_name_override", peer),
        # A pool of the channel's own: no connection of an older certificate is shared.
        ("grpc.use_local_subchannel_pool", 1),
    ]

    def open_inner(shown: Identity) -> grpc.aio.Channel:
        return grpc.aio.secure_channel(
            address,
            channel_credentials(shown),
            options=options,
            interceptors=[_DefaultDeadline()],
        )

    return RenewingChannel(identity, open_inner)


class _DefaultDeadline(grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self,
        continuation: Callable[[grpc.aio.ClientCallDetails, Any], Any],
        client_call_details: grpc.aio.ClientCallDetails,
        request: Any,
    ) -> Any:
        details = client_call_details
        if details.timeout is None:
            details = grpc.aio.ClientCallDetails(
                method=details.method,
                timeout=UNARY_DEADLINE.total_seconds(),
                metadata=details.metadata,
                credentials=details.credentials,
                wait_for_ready=details.wait_for_ready,
            )
        return await continuation(details, request)
