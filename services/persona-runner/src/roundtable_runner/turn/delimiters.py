"""Words between which a document stands."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from itertools import count

_CHARACTERS = 10


class Delimiters:
    """Draws words that no document can foresee.

    They are the same for all turns of a run: only what begins alike is read again from
    an endpoint's prompt cache.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, run_id: str) -> Callable[[], str]:
        """Return what draws a run's words: always the same ones, in the same order."""
        numbers = count()

        def draw() -> str:
            name = f"{run_id} {next(numbers)}".encode()
            return hmac.new(self._key, name, hashlib.sha256).hexdigest()[:_CHARACTERS]

        return draw
