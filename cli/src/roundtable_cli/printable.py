"""Makes text of documents, models and services safe to show in a terminal."""

import unicodedata

# Cc holds the escape that starts terminal commands; Cf the marks that reorder text.
_UNSAFE = frozenset({"Cc", "Cf", "Cs"})
_JOINERS = frozenset({"\u200c", "\u200d"})  # scripts and emoji need these two


def printable(text: str) -> str:
    """Return `text` with everything taken out that a terminal would obey."""
    return "".join(c for c in text if c in "\n\t" or c in _JOINERS or _is_safe(c))


def one_line(text: str) -> str:
    """Return `text` printable and on one line."""
    return printable(" ".join(text.split()))


def _is_safe(character: str) -> bool:
    return unicodedata.category(character) not in _UNSAFE
