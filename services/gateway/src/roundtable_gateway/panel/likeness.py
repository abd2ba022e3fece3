"""How alike two findings are: in the words they quote, what they miss, their text."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.normalization import Span
from roundtable_gateway.panel.passages import found_spans, shared_length
from roundtable_gateway.panel.wording import Groups, Rarity, letter_groups, plain


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
        words: How much of the shorter of two quotes both share, for the best two.
        quote: How much of what either of these quotes holds both share.
        terms: How many of the terms searched for both share, of the shorter list.
        text: How alike title, impact and fix are.
        are_apart: Whether both rest on words, and none of them in common.
    """

    words: float
    quote: float
    terms: float
    text: float
    are_apart: bool


class LikenessMeter:
    """Measures findings of one lot against one another."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Read the findings; what is rare is learnt from all of them."""
        self._traits = {finding.id: _Traits.of(finding) for finding in findings}
        self._rarity = Rarity(traits.groups for traits in self._traits.values())

    def measure(self, a: Finding, b: Finding) -> Likeness:
        """Measure two findings of the lot."""
        ours, theirs = self._traits[a.id], self._traits[b.id]
        words, quote = _overlap(ours.spans, theirs.spans)
        return Likeness(
            words=words,
            quote=quote,
            terms=_share(ours.terms, theirs.terms),
            text=self._rarity.likeness(ours.groups, theirs.groups),
            are_apart=bool(ours.spans and theirs.spans) and not words,
        )


@dataclass(frozen=True, slots=True)
class _Traits:
    spans: tuple[Span, ...]
    terms: frozenset[str]
    groups: Groups

    @classmethod
    def of(cls, finding: Finding) -> "_Traits":
        is_omission = finding.kind is FindingKind.OMISSION
        terms = map(plain, finding.searched_for if is_omission else ())
        return cls(
            spans=found_spans(finding.quotes),
            terms=frozenset(term for term in terms if term),
            groups=letter_groups(f"{finding.title} {finding.impact} {finding.fix}"),
        )


def _overlap(ours: Iterable[Span], theirs: Iterable[Span]) -> tuple[float, float]:
    """The best share of the shorter quote, and of both together, over all pairs."""
    words = quote = 0.0
    theirs = tuple(theirs)
    for a in ours:
        for b in theirs:
            shared = shared_length(a, b)
            lengths = a.end - a.start, b.end - b.start
            if shared:
                words = max(words, shared / min(lengths))
                quote = max(quote, shared / (sum(lengths) - shared))
    return words, quote


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
