"""Sign-ins under way, the one thing that strangers may ask of the store."""

from collections.abc import Iterator
from contextlib import contextmanager

from roundtable_gateway.http.problems import Problem

_RETRY_SECONDS = 2


class SignIns:
    """Lets a few sign-ins ask the store at once, however many try.

    A secret has 256 random bits: this keeps the store free, guessing is hopeless as it
    is.
    """

    def __init__(self, *, at_once: int = 8) -> None:
        self._free = at_once

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Count a sign-in while it is served. Raises Problem 429 for one too many."""
        if not self._free:
            raise Problem(
                429,
                "TOO_MANY_SIGN_INS",
                "Many sign in at this moment; try again in a few seconds.",
                headers={"Retry-After": str(_RETRY_SECONDS)},
            )
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1
