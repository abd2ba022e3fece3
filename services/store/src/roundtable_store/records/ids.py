"""Opaque identifiers."""

import secrets
from typing import Protocol


class IdSource(Protocol):
    """Makes identifiers that nobody can guess and that never repeat."""

    def new_id(self, prefix: str) -> str:
        """Return a new identifier, such as ``run_5f…``."""
        ...


class RandomIds:
    """Identifiers from the machine's random source."""

    def new_id(self, prefix: str) -> str:
        """Return a new identifier of 80 random bits."""
        return f"{prefix}_{secrets.token_hex(10)}"
