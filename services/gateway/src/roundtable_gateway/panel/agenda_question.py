"""The one plain question that an item of the agenda asks."""

from collections.abc import Sequence

from roundtable_gateway.domain.discussion import AgendaReason
from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.domain.persona import Criterion

_LONGEST_CITED = 160


def ask_about_findings(reason: AgendaReason, findings: Sequence[Finding]) -> str:
    """Ask what is to be settled; findings come gravest first."""
    gravest, mildest = findings[0], findings[-1]
    if reason is AgendaReason.LONE_BLOCKER:
        return (
            f"Must {_cite(gravest.title)} be resolved before the document can be used, "
            "as one panelist alone holds?"
        )
    if reason is AgendaReason.SEVERITY_GAP:
        return (
            f"How grave is {_cite(gravest.title)}: {gravest.severity.value} or "
            f"{mildest.severity.value}?"
        )
    if mildest.kind is FindingKind.STRENGTH:
        return (
            f"Are these words a fault, {_cite(gravest.title)}, or a strength, "
            f"{_cite(mildest.title)}?"
        )
    first, second = (_cite(f.fix or f.rewrite or f.title) for f in (gravest, mildest))
    return f"Which advice is right for these words: {first} or {second}?"


def ask_about_marks(criterion: Criterion, *, low: int, high: int) -> str:
    """Ask which of two marks a document deserves."""
    return (
        f"How well does the document do on {_cite(criterion.label)}: "
        f"{low} or {high} of 5?"
    )


def _cite(text: str) -> str:
    """Somebody's words in quotation marks, on one line and not too long of them."""
    line = " ".join(text.split())
    if len(line) > _LONGEST_CITED:
        line = f"{line[: _LONGEST_CITED - 1].rstrip()}…"
    return f"“{line}”"
