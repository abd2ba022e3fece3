"""Words of a warning: a few of many things."""

from collections.abc import Sequence


def listed(words: Sequence[str], *, shown: int = 5) -> str:
    """Join the first few and tell how many more there are."""
    rest = len(words) - shown
    return ", ".join(words[:shown]) + (f" and {rest} more" if rest > 0 else "")
