"""How alike two findings are: in the words they quote, what they miss, their text."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import combinations

from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.normalization import Span
from roundtable_gateway.panel.passages import (
    found_spans,
    passage_of,
    shared_length,
    sharing_words,
)
from roundtable_gateway.panel.wording import Wordings, plain

# Most of a quote, or of a list of terms, in common.
SAME_WORDS = 0.5
SAME_TERMS = 0.5

# Nearly the same text, an alike one, one that is somewhat alike.
SAME_TEXT = 0.8
ALIKE_TEXT = 0.45
SOME_TEXT = 0.3


class Family(Enum):
    """Kinds that one fix could resolve together."""

    PROBLEM = auto()
    QUESTION = auto()
    STRENGTH = auto()


_FAMILIES = {
    FindingKind.QUESTION: Family.QUESTION,
    FindingKind.STRENGTH: Family.STRENGTH,
}


def family_of(finding: Finding) -> Family:
    """The family of a finding's kind; errors, omissions and risks are problems."""
    return _FAMILIES.get(finding.kind, Family.PROBLEM)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two findings are, each measure from 0 to 1.

    Attributes:
        words: How much of the shorter of two quotes both hold, for the best two.
        terms: How many of the terms searched for both share, of the shorter list.
        text: How alike title, impact and fix are.
        gist: How alike title and fix are.
        are_of_same_words: Whether both rest on the very same words.
        are_apart: Whether both rest on words, and none of them in common.
        are_near: Whether they name a paragraph in common.
    """

    words: float
    terms: float
    text: float
    gist: float
    are_of_same_words: bool
    are_apart: bool
    are_near: bool


class LikenessMeter:
    """Measures findings of one lot, ids all different, against one another."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Read the findings; what is rare is learnt from all of them."""
        self._lot = list(findings)
        self._traits = {
            finding.id: _Traits.of(finding, index)
            for index, finding in enumerate(self._lot)
        }
        self._texts = Wordings([f"{f.title} {f.impact} {f.fix}" for f in self._lot])
        self._gists = Wordings([f"{f.title} {f.fix}" for f in self._lot])

    def related(self) -> list[tuple[Finding, Finding]]:
        """Each pair with some words, a term or ``SOME_TEXT`` in common, in lot order.

        No other pair is measured to have any, so none needs to be.
        """
        traits = self._traits.values()
        pairs = {
            *sharing_words([each.spans for each in traits]),
            *_sharing_terms([each.terms for each in traits]),
            *self._texts.alike_pairs(SOME_TEXT),
        }
        return [(self._lot[one], self._lot[other]) for one, other in sorted(pairs)]

    def measure(self, a: Finding, b: Finding) -> Likeness:
        """Measure two findings of the lot."""
        ours, theirs = self._traits[a.id], self._traits[b.id]
        words = _overlap(ours.spans, theirs.spans)
        return Likeness(
            words=words,
            terms=_share(ours.terms, theirs.terms),
            text=self._texts.likeness(ours.index, theirs.index),
            gist=self._gists.likeness(ours.index, theirs.index),
            are_of_same_words=bool(ours.spans) and ours.spans == theirs.spans,
            are_apart=bool(ours.spans and theirs.spans) and not words,
            are_near=not ours.paragraphs.isdisjoint(theirs.paragraphs),
        )


@dataclass(frozen=True, slots=True)
class _Traits:
    """What is compared of a finding; its text by its index."""

    index: int
    spans: tuple[Span, ...]
    terms: frozenset[str]
    paragraphs: frozenset[str]

    @classmethod
    def of(cls, finding: Finding, index: int) -> "_Traits":
        return cls(
            index=index,
            spans=found_spans(finding.quotes),
            terms=_terms(finding),
            paragraphs=frozenset((*passage_of(finding), *finding.paragraph_ids)),
        )


def _terms(finding: Finding) -> frozenset[str]:
    """What an omission says was searched for, in normalised form."""
    if finding.kind is not FindingKind.OMISSION:
        return frozenset()
    return frozenset(filter(None, map(plain, finding.searched_for)))


def _sharing_terms(lists: Iterable[frozenset[str]]) -> set[tuple[int, int]]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, terms in enumerate(lists):
        for term in terms:
            holders[term].append(index)
    return {pair for held in holders.values() for pair in combinations(held, 2)}


def _overlap(ours: Iterable[Span], theirs: Sequence[Span]) -> float:
    """The share of the shorter quote that both hold, of the two that share most."""
    return max(
        (
            shared / min(a.end - a.start, b.end - b.start)
            for a in ours
            for b in theirs
            if (shared := shared_length(a, b))
        ),
        default=0.0,
    )


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
