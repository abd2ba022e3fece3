"""How alike two findings are: in the words they quote, what they miss, their text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.normalization import Span
from roundtable_gateway.panel.passages import found_spans, passage_of, shared_length
from roundtable_gateway.panel.wording import Wordings, plain


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
        are_apart: Whether both rest on words, and none of them in common.
        are_near: Whether they name a paragraph in common.
    """

    words: float
    terms: float
    text: float
    are_apart: bool
    are_near: bool


class LikenessMeter:
    """Measures findings of one lot, ids all different, against one another."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Read the findings; what is rare is learnt from all of them."""
        lot = list(findings)
        self._traits = {
            finding.id: _Traits.of(finding, index) for index, finding in enumerate(lot)
        }
        self._wordings = Wordings([f"{f.title} {f.impact} {f.fix}" for f in lot])

    def measure(self, a: Finding, b: Finding) -> Likeness:
        """Measure two findings of the lot."""
        ours, theirs = self._traits[a.id], self._traits[b.id]
        words = _overlap(ours.spans, theirs.spans)
        return Likeness(
            words=words,
            terms=_share(ours.terms, theirs.terms),
            text=self._wordings.likeness(ours.index, theirs.index),
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
