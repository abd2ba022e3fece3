"""How alike two texts are, in any language and without a model.

Texts are compared by the letter groups of their words ("claim" and "claims" share two
of three), each weighed by how rare it is among all texts that are compared. Groups do
without stems, lists of stop words and, where a script has no spaces, without words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log

from roundtable_gateway.panel.normalization import normalize

Groups = frozenset[str]

_WORD = re.compile(r"\w+")
_GROUP = 4
_UNCASED_GROUP = 2

# Weights are whole numbers: their sum depends on no order.
_WEIGHT_UNIT = 1_000


def plain(text: str) -> str:
    """A text's words in normalised form, one space between them and no marks."""
    return " ".join(_WORD.findall(normalize(text).text))


def letter_groups(text: str) -> Groups:
    """The groups of letters that a text's words are made of."""
    return frozenset(group for word in plain(text).split() for group in _groups(word))


class Rarity:
    """How much each letter group tells, learnt from all texts that are compared."""

    def __init__(self, texts: Iterable[Groups]) -> None:
        """Count in how many texts each group occurs."""
        every = list(texts)
        counts = Counter(group for groups in every for group in groups)
        self._weights = {
            group: round(_WEIGHT_UNIT * log(1 + len(every) / count))
            for group, count in counts.items()
        }

    def likeness(self, a: Groups, b: Groups) -> float:
        """0 for texts that share nothing, 1 for texts of the same groups.

        Both must be among the texts that it was learnt from.
        """
        whole = self._weight(a) + self._weight(b)
        return 2 * self._weight(a & b) / whole if whole else 0.0

    def _weight(self, groups: Groups) -> int:
        return sum(map(self._weights.__getitem__, groups))


def _groups(word: str) -> Iterator[str]:
    size = _GROUP if word.lower() != word.upper() else _UNCASED_GROUP
    if word.isdecimal() or len(word) <= size:
        yield word
        return
    for start in range(len(word) - size + 1):
        yield word[start : start + size]
