"""What a finding's rewrite says, and in place of which words; pure."""

from dataclasses import dataclass

from roundtable_gateway.domain.finding import Finding, Quote, QuoteMethod
from roundtable_gateway.panel.verify import is_found


@dataclass(frozen=True, slots=True)
class OfferedRewrite:
    """Words that a reviewer would write instead of others.

    Attributes:
        words: The new words, never blank.
        replaced: The quote in whose place they go; None if the finding does not tell.
    """

    words: str
    replaced: Quote | None

    @classmethod
    def of(cls, finding: Finding) -> "OfferedRewrite | None":
        """Return what a finding offers; a blank rewrite would only take words out."""
        if finding.rewrite is None or not finding.rewrite.strip():
            return None
        return cls(finding.rewrite, _replaced(finding))


def _replaced(finding: Finding) -> Quote | None:
    """Return the one quote that was found, if it leaves out none of its words."""
    found = [quote for quote in finding.quotes if is_found(quote)]
    if len({(quote.start, quote.end) for quote in found}) != 1:
        return None
    # What an ellipsis stands for has been quoted by nobody, and may not be replaced.
    whole = (quote for quote in found if quote.method is not QuoteMethod.ELLIPSIS)
    return next(whole, None)
