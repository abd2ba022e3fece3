"""Idempotency of creates."""

from dataclasses import dataclass
from datetime import timedelta

from roundtable_kit.errors import AlreadyExists

KEY_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CreateKey:
    """The caller's key of a create, with the fingerprint of what was asked."""

    owner: str
    method: str
    request_id: str
    fingerprint: str

    def require_same(self, fingerprint: str) -> None:
        """Refuse the key when it stood for something else (IDEMPOTENCY_KEY_REUSED)."""
        if fingerprint != self.fingerprint:
            raise AlreadyExists(
                "IDEMPOTENCY_KEY_REUSED",
                "This idempotency key was used for another request.",
            )
