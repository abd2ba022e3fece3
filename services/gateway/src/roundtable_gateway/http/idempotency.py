"""Idempotency keys of creates, as far as HTTP knows them.

The store remembers what a key stood for; this module only turns a header into the
store's key and keeps a second request out while the first is on its way.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.http.problems import Problem
from roundtable_kit.errors import FieldViolation

_LONGEST = 200


class KeysInFlight:
    """The keys of creates that have not been answered yet."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str, str]] = set()

    @contextmanager
    def hold(
        self, header: str | None, *, caller: str, route: str, body_sha256: str
    ) -> Iterator[RequestKey]:
        """Hold a request's key while it is served; without a header, one of its own.

        Raises Problem 409 while the same key is in flight, 422 for a bad one.
        """
        if header is None:
            yield RequestKey(uuid4().hex, body_sha256)
            return
        _check(header)
        key = (caller, route, header)
        if key in self._keys:
            raise Problem(
                409,
                "IDEMPOTENCY_KEY_IN_FLIGHT",
                "A request with this Idempotency-Key is being served; ask again later.",
            )
        self._keys.add(key)
        try:
            yield RequestKey(f"{route}:{header}", body_sha256)
        finally:
            self._keys.discard(key)


def sha256_of(*parts: bytes) -> str:
    """Return a digest of several values that no other split of them shares."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _check(header: str) -> None:
    if 0 < len(header) <= _LONGEST and header.isascii() and header.isprintable():
        return
    raise Problem(
        422,
        "INVALID_FIELD",
        "The Idempotency-Key is not usable.",
        violations=[
            FieldViolation(
                "Idempotency-Key", f"Send 1 to {_LONGEST} printable ASCII characters."
            )
        ],
    )
