"""What a turn is answered with."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """Prose for people, empty where a kind has none, and the result by its contract."""

    prose: str
    result: dict[str, Any]
