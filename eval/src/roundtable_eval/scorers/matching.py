"""When a finding has found a planted flaw.

It points at the flaw's words: pointing is what code can check. Whether the finding
also says the right thing about them is for people (README, limits).
"""

import re
from collections.abc import Iterable

from roundtable_eval.corpus import EvalDocument, Flaw, Span
from roundtable_eval.run_record import Finding

# Who quotes half a page has pointed at nothing.
_LONGEST_PIN = 600


def finds(finding: Finding, flaw: Flaw, text: str) -> bool:
    """Tell whether a finding points at a flaw, verified or not.

    A quote points at it when they share at least half of the shorter one; an omission
    when it searched for a term that was taken out.
    """
    if not finding.is_fault:
        return False
    if flaw.absent:
        return finding.kind == "omission" and _meets(finding.searched_for, flaw.absent)
    return any(
        _overlaps(quoted, planted)
        for planted in flaw.spans_in(text)
        for quoted in finding.spans
    )


def found_flaws(findings: Iterable[Finding], document: EvalDocument) -> frozenset[str]:
    """Return the ids of the flaws that some of the findings point at."""
    listed = tuple(findings)
    return frozenset(
        flaw.id
        for flaw in document.flaws
        if any(finds(finding, flaw, document.flawed) for finding in listed)
    )


def _overlaps(quoted: Span, planted: Span) -> bool:
    length = quoted.end - quoted.start
    if length > _LONGEST_PIN:
        return False
    shared = min(quoted.end, planted.end) - max(quoted.start, planted.start)
    return shared > 0 and 2 * shared >= min(length, planted.end - planted.start)


def _meets(searched_for: Iterable[str], absent: Iterable[str]) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(term)}(?!\w)", searched, re.IGNORECASE)
        for term in absent
        for searched in searched_for
    )
