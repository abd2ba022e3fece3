"""Quote verification: how many of the quotes stand in the document."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Sample
from roundtable_eval.scorers.shares import share


@dataclass(frozen=True, slots=True)
class QuoteVerification:
    """What the quote check said, the control's quotes included.

    Attributes:
        verified_share: Of the quotes, those found exactly or but for typography.
    """

    quotes: int
    exact: int
    normalized: int
    ambiguous: int
    not_found: int
    verified_share: float | None


def quote_verification(samples: Sequence[Sample]) -> QuoteVerification:
    """Return the quote check's words, counted."""
    count = Counter(
        quote.status
        for sample in samples
        for finding in sample.findings
        for quote in finding.quotes
    )
    return QuoteVerification(
        quotes=count.total(),
        exact=count["exact"],
        normalized=count["normalized"],
        ambiguous=count["ambiguous"],
        not_found=count["not_found"],
        verified_share=share(count["exact"] + count["normalized"], count.total()),
    )
