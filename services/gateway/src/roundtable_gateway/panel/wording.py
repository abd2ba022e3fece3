"""How alike two texts are, in any language and without a model.

Texts are compared by the letter groups of their words ("claim" and "claims" share two
of three), each weighed by how rare it is among all texts that are compared. Groups do
without stems, lists of stop words and, where a script has no spaces, without words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log

from roundtable_gateway.panel.normalization import normalize

_WORD = re.compile(r"\w+")
_GROUP = 4
_UNCASED_GROUP = 2

# Weights are whole numbers: their sum depends on no order.
_WEIGHT_UNIT = 1_000


def plain(text: str) -> str:
    """A text's words in normalised form, one space between them and no marks."""
    return " ".join(_WORD.findall(normalize(text).text))


class Wordings:
    """Texts that are compared with one another, known by their index."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read the texts; what is rare is learnt from all of them."""
        self._groups = [_letter_groups(text) for text in texts]
        counts = Counter(group for groups in self._groups for group in groups)
        self._weights = {
            group: round(_WEIGHT_UNIT * log(1 + len(texts) / count))
            for group, count in counts.items()
        }
        self._totals = [self._weigh(groups) for groups in self._groups]

    def likeness(self, one: int, other: int) -> float:
        """0 for texts that share nothing, 1 for texts of the same groups."""
        whole = self._totals[one] + self._totals[other]
        shared = self._weigh(self._groups[one] & self._groups[other])
        return 2 * shared / whole if whole else 0.0

    def _weigh(self, groups: frozenset[str]) -> int:
        return sum(map(self._weights.__getitem__, groups))


def _letter_groups(text: str) -> frozenset[str]:
    return frozenset(group for word in plain(text).split() for group in _groups(word))


def _groups(word: str) -> Iterator[str]:
    size = _GROUP if word.lower() != word.upper() else _UNCASED_GROUP
    if word.isdecimal() or len(word) <= size:
        yield word
        return
    for start in range(len(word) - size + 1):
        yield word[start : start + size]
