"""Sets of words, written as running text."""


def word_set(text: str) -> frozenset[str]:
    """Make a set of the words in a text."""
    return frozenset(text.split())
