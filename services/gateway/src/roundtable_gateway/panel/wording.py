"""How alike two texts are, in any language and without a model.

Texts are compared by the letter groups of their words ("claim" and "claims" share two
of three), each weighed by how rare it is among all texts that are compared. Groups do
without stems, lists of stop words and, where a script has no spaces, without words.
"""

import re
from collections import Counter, defaultdict
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

    def alike_pairs(self, least: float) -> Iterator[tuple[int, int]]:
        """Each two texts that are at least so alike; ``least`` is above 0.

        Texts meet by the rarer groups they share: the common ones, which most texts
        hold, are not followed where they are too light to make two texts so alike.
        """
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for index, groups in enumerate(self._groups):
            telling, rest = self._split(index, least)
            shared: defaultdict[int, int] = defaultdict(int)
            for group in telling:
                weight = self._weights[group]
                for other in holders[group]:
                    shared[other] += weight
            for other, weight in shared.items():
                whole = self._totals[index] + self._totals[other]
                may_be = 2 * (weight + rest) / whole >= least
                if may_be and self.likeness(other, index) >= least:
                    yield other, index
            for group in groups:
                holders[group].append(index)

    def _split(self, index: int, least: float) -> tuple[list[str], int]:
        """A text's telling groups, and what the rest weigh.

        Any text that is so alike shares a telling one: if all it shared were the rest,
        it would be too little, even of a text that held nothing else.
        """
        common_first = sorted(self._groups[index], key=self._weights.__getitem__)
        total, rest = self._totals[index], 0
        for position, group in enumerate(common_first):
            more = rest + self._weights[group]
            if 2 * more / (total + more) >= least:
                return common_first[position:], rest
            rest = more
        return [], rest

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
