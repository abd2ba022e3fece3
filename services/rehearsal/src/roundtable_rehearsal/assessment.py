"""Runs the rules that a seat owns and sorts what they find."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from roundtable_rehearsal.document import Document
from roundtable_rehearsal.rules.rule import Hit, Rule, Severity

SEVERITIES: tuple[Severity, ...] = ("blocker", "major", "minor", "note")

# Beyond this many a count tells no more, and the work stays bounded.
_MOST_HITS_OF_A_RULE = 200


@dataclass(frozen=True, slots=True)
class Findings:
    """What one rule found for a seat, gravest first."""

    rule: Rule
    criterion: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a seat's rules found, and which rules were left out.

    Attributes:
        is_part: Whether the document is known to be longer than what was read.
        skipped: Rules for other languages than the document's.
        withheld: Rules that can only speak of a whole document, of which this is a
            part.
    """

    document: Document
    criteria: tuple[str, ...]
    findings: tuple[Findings, ...]
    is_part: bool
    skipped: tuple[Rule, ...]
    withheld: tuple[Rule, ...]

    @property
    def assessed(self) -> tuple[str, ...]:
        """The seat's criteria that at least one rule spoke to."""
        spoken = {findings.criterion for findings in self.findings}
        return tuple(key for key in self.criteria if key in spoken)


def assess(
    document: Document,
    criteria: tuple[str, ...],
    *,
    rules: Iterable[Rule],
    is_part: bool = False,
) -> Assessment:
    """Run each rule that the seat owns a criterion of, under the first such."""
    findings: list[Findings] = []
    skipped: list[Rule] = []
    withheld: list[Rule] = []
    for rule in rules:
        criterion = next((key for key in rule.criteria if key in criteria), None)
        if criterion is None or not rule.suits(document):
            continue
        if not rule.applies_to(document):
            skipped.append(rule)
            continue
        if is_part and rule.needs_whole:
            withheld.append(rule)
            continue
        hits = islice(_distinct(rule.check(document)), _MOST_HITS_OF_A_RULE)
        ordered = sorted(hits, key=lambda hit: SEVERITIES.index(hit.severity))
        findings.append(Findings(rule, criterion, tuple(ordered)))
    return Assessment(
        document,
        criteria,
        tuple(findings),
        is_part=is_part,
        skipped=tuple(skipped),
        withheld=tuple(withheld),
    )


def _distinct(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Keep the first hit of a rule at each place."""
    seen: set[tuple[tuple[str, int], ...]] = set()
    for hit in hits:
        place = tuple((quote.paragraph_id, quote.start) for quote in hit.quotes)
        if not place or place not in seen:
            seen.add(place)
            yield hit
