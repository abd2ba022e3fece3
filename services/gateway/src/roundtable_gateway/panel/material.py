"""What findings take of a model's window when a prompt shows them, and which fit."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.order import natural
from roundtable_gateway.panel.sections import estimate_tokens
from roundtable_gateway.panel.severities import rank

# Prompts indent by one, but findings stand deep in the material.
_DEPTH = 4


def estimate_material(shown: object) -> int:
    """Estimate how many tokens a prompt's material makes of a value, rather too many.

    Args:
        shown: What JSON can hold.
    """
    return estimate_tokens(json.dumps(shown, ensure_ascii=False, indent=_DEPTH))


def estimate_finding(finding: Finding, speaker: str = "") -> int:
    """Estimate how many tokens the material makes of a finding and whose it is."""
    return estimate_material(
        {
            "finding_id": finding.id,
            "speaker": speaker,
            "is_verified": finding.verified,
            "kind": finding.kind,
            "title": finding.title,
            "severity": finding.severity,
            "criterion": finding.criterion,
            "paragraph_ids": finding.paragraph_ids,
            "quotes": [
                {"text": each.text or each.given, "paragraph_id": each.paragraph_id}
                for each in finding.quotes
            ],
            "searched_for": finding.searched_for,
            "impact": finding.impact,
            "fix": finding.fix,
            "rewrite": finding.rewrite,
        }
    )


def shorten(finding: Finding) -> Finding:
    """Return a finding with its id, its title and its weight alone."""
    return replace(
        finding,
        paragraph_ids=(),
        quotes=(),
        searched_for=(),
        impact="",
        affected_reader="",
        fix="",
        rewrite=None,
        would_change_mind_if="",
    )


def gravest_that_fit(
    findings: Iterable[Finding], room_tokens: int
) -> tuple[Finding, ...]:
    """Return the gravest findings that a room holds, in the order they were given."""
    given = tuple(findings)
    kept: set[str] = set()
    for finding in _gravest_first(given):
        needed = estimate_finding(finding)
        if needed <= room_tokens:
            kept.add(finding.id)
            room_tokens -= needed
    return tuple(finding for finding in given if finding.id in kept)


def _gravest_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda each: (rank(each.severity), not each.verified, natural(each.id)),
    )
