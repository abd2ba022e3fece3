"""What makes a request the same request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A create's idempotency key and the SHA-256 of what it asks, lower-case hex."""

    request_id: str
    request_sha256: str
