"""Parts of a whole, rounded so that they are the same on every machine."""

from collections.abc import Sequence

_DIGITS = 4


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, None of nothing."""
    return round(part / whole, _DIGITS) if whole else None


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return round(sum(values) / len(values), _DIGITS) if values else None
