"""Writes a seat's review, and its sweep of a section, from what its rules found."""

from typing import Any

from roundtable_rehearsal import scoring
from roundtable_rehearsal.assessment import (
    SEVERITIES,
    Assessment,
    Findings,
    assess,
)
from roundtable_rehearsal.criteria import lens
from roundtable_rehearsal.prose import Remark, not_assessed, rationale, reaction, reason
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.rules import RULES
from roundtable_rehearsal.rules.rule import Hit

_MOST_FINDINGS = 8
_MOST_OF_A_RULE = 3


def read_document(turn: Turn) -> Assessment:
    """Run the seat's rules on what it was given to read."""
    return assess(turn.document, turn.seat.criteria, rules=RULES, is_part=turn.is_part)


def write_review(turn: Turn) -> Reply:
    """Review the turn's document under the seat's criteria."""
    assessment = read_document(turn)
    remarks = _choose(assessment)
    scores = [_score(assessment, key, remarks) for key in assessment.criteria]
    verdict = scoring.verdict(assessment)
    return Reply(
        prose=reaction(assessment, remarks, verdict=verdict),
        result={
            "findings": [_finding(remark) for remark in remarks],
            "scores": scores,
            "overall": scoring.overall([item["score"] for item in scores]),
            "verdict": verdict,
            "verdict_reason": reason(assessment, verdict),
            "not_assessed": not_assessed(assessment),
        },
    )


def write_sweep(turn: Turn) -> Reply:
    """Say what the seat's rules found in a section, without prose, mark or verdict."""
    assessment = read_document(turn)
    return Reply(
        prose="",
        result={
            "findings": [_finding(remark) for remark in _choose(assessment)],
            "not_assessed": not_assessed(assessment),
        },
    )


def _choose(assessment: Assessment) -> list[Remark]:
    """Take the gravest hits, few of each rule, in the document's order."""
    candidates = [
        _remark(findings, index)
        for findings in assessment.findings
        for index in range(min(_MOST_OF_A_RULE, len(findings.hits)))
    ]
    places = {
        paragraph.id: number
        for number, paragraph in enumerate(assessment.document.paragraphs)
    }
    candidates.sort(
        key=lambda item: (SEVERITIES.index(item.hit.severity), _place(item.hit, places))
    )
    return candidates[:_MOST_FINDINGS]


def _place(hit: Hit, places: dict[str, int]) -> tuple[int, int]:
    if not hit.quotes:
        return len(places), 0
    return places[hit.quotes[0].paragraph_id], hit.quotes[0].start


def _remark(findings: Findings, index: int) -> Remark:
    return Remark(findings.rule, findings.criterion, findings.hits[index])


def _finding(remark: Remark) -> dict[str, Any]:
    hit = remark.hit
    return {
        "kind": hit.kind,
        "criterion": remark.criterion,
        "paragraph_ids": list(dict.fromkeys(q.paragraph_id for q in hit.quotes)),
        "quotes": [
            {"text": quote.text, "paragraph_id": quote.paragraph_id}
            for quote in hit.quotes
        ],
        "searched_for": list(hit.searched_for),
        "impact": hit.advice.impact,
        "affected_reader": hit.advice.affected_reader,
        "fix": hit.advice.fix,
        "rewrite": hit.rewrite,
        "fix_kind": hit.fix_kind,
        "severity": hit.severity,
        "confidence": hit.confidence,
        "title": hit.advice.title,
        "would_change_mind_if": hit.advice.would_change_mind_if,
    }


def _score(
    assessment: Assessment, criterion: str, remarks: list[Remark]
) -> dict[str, Any]:
    numbers = [
        number
        for number, remark in enumerate(remarks, start=1)
        if remark.criterion == criterion
    ]
    return {
        "criterion": criterion,
        "rationale": rationale(
            assessment,
            criterion,
            label=lens(criterion, assessment.document.voice).label,
        ),
        "finding_numbers": numbers,
        "score": scoring.score(assessment, criterion),
    }
