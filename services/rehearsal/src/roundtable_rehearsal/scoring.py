"""Scores, overall score and verdict, each by a stated formula.

- A criterion starts at 5. Each rule takes off 3 for a blocker, 1 for a major, half
  a point for a minor, nothing for a note; one rule takes off at most 3, 2 or 1, by
  its gravest hit. The score is what is left, rounded down, and at least 1.
- A criterion that no rule spoke to has no score.
- Overall is the median of the scores, halves rounded up.
- Verdict: a blocker → request_changes; a major → approve_with_changes; else
  approve; no score at all → abstain.
"""

import math
from statistics import median
from typing import Literal

from roundtable_rehearsal.assessment import SEVERITIES, Assessment, Findings
from roundtable_rehearsal.rules.rule import Severity

Verdict = Literal["approve", "approve_with_changes", "request_changes", "abstain"]

_COST: dict[Severity, float] = {"blocker": 3, "major": 1, "minor": 0.5, "note": 0}
_MOST: dict[Severity, float] = {"blocker": 3, "major": 2, "minor": 1, "note": 0}
_BEST, _WORST = 5, 1


def score(assessment: Assessment, criterion: str) -> int | None:
    """Score one criterion from 1 to 5; None when no rule spoke to it."""
    if criterion not in assessment.assessed:
        return None
    taken = sum(
        _taken(findings)
        for findings in assessment.findings
        if findings.criterion == criterion
    )
    return max(_WORST, math.floor(_BEST - taken))


def _taken(findings: Findings) -> float:
    if not findings.hits:
        return 0
    total = sum(_COST[hit.severity] for hit in findings.hits)
    return min(total, _MOST[findings.hits[0].severity])


def overall(scores: list[int | None]) -> int | None:
    """Give the median of the scores there are, halves rounded up."""
    given = [value for value in scores if value is not None]
    return math.floor(median(given) + 0.5) if given else None


def gravest(assessment: Assessment) -> Severity | None:
    """Name the gravest severity found."""
    found = {hit.severity for item in assessment.findings for hit in item.hits}
    return next((severity for severity in SEVERITIES if severity in found), None)


def verdict(assessment: Assessment) -> Verdict:
    """Call the whole by its gravest hit."""
    if not assessment.assessed:
        return "abstain"
    match gravest(assessment):
        case "blocker":
            return "request_changes"
        case "major":
            return "approve_with_changes"
    return "approve"
