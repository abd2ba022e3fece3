"""Whether code found the evidence of a finding in the document."""

from collections.abc import Iterable

from roundtable_gateway.domain.finding import FindingKind, Quote, QuoteStatus
from roundtable_gateway.domain.persona import Criterion
from roundtable_gateway.panel.normalization import normalize
from roundtable_gateway.panel.quote_check import QuoteChecker

_FOUND = frozenset({QuoteStatus.EXACT, QuoteStatus.NORMALIZED})


def is_found(quote: Quote) -> bool:
    """Whether a quote stands in the document, in one place that is known."""
    return quote.status in _FOUND


def is_verified(
    kind: FindingKind,
    quotes: Iterable[Quote],
    *,
    searched_for: Iterable[str],
    criterion: Criterion,
    checker: QuoteChecker,
) -> bool:
    """Whether a finding's evidence holds.

    An omission's evidence is an absence, which no quote can show: one of its terms
    must be expected by the criterion, and none of them may occur as whole words.
    Any other finding needs one quote that was found.
    """
    if kind is not FindingKind.OMISSION:
        return any(map(is_found, quotes))
    terms = list(searched_for)
    expected = {_key(term) for term in criterion.expects}
    return any(_key(term) in expected for term in terms) and not any(
        map(checker.contains_term, terms)
    )


def _key(term: str) -> str:
    return normalize(term).text.strip()
