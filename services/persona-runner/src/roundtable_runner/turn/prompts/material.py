"""Findings and what was said of them, as the JSON that a model is shown."""

from collections.abc import Sequence
from typing import Any

from roundtable_runner.turn.parts import FindingDraft, QuoteDraft
from roundtable_runner.turn.task_material import (
    DiscussedFinding,
    DiscussedScore,
    DiscussedStatement,
    DiscussionItem,
)


def show_finding(finding: FindingDraft) -> dict[str, Any]:
    """Return a finding."""
    return {
        "kind": finding.kind,
        "title": finding.title,
        "severity": finding.severity,
        "criterion": finding.criterion,
        "paragraph_ids": list(finding.paragraph_ids),
        "quotes": _quotes(finding.quotes),
        "searched_for": list(finding.searched_for),
        "impact": finding.impact,
        "fix": finding.fix,
        "rewrite": finding.rewrite,
    }


def show_discussed(discussed: DiscussedFinding) -> dict[str, Any]:
    """Return a finding with its id and whose it is."""
    return {
        "finding_id": discussed.finding_id,
        "speaker": discussed.speaker,
        "is_verified": discussed.is_verified,
        **show_finding(discussed.finding),
    }


def show_item(item: DiscussionItem) -> dict[str, Any]:
    """Return an item of the agenda with all that was said of it."""
    return {
        "item_id": item.item_id,
        "question": item.question,
        "paragraph_ids": list(item.paragraph_ids),
        "findings": [show_discussed(finding) for finding in item.findings],
        "scores": [_score(score) for score in item.scores],
        "statements": [_statement(statement) for statement in item.statements],
    }


def _score(score: DiscussedScore) -> dict[str, Any]:
    return {
        "speaker": score.speaker,
        "criterion": score.criterion,
        "score": score.score,
        "rationale": score.rationale,
    }


def _statement(said: DiscussedStatement) -> dict[str, Any]:
    statement = said.statement
    return {
        "speaker": said.speaker,
        "round": said.round,
        "is_evidenced": said.is_evidenced,
        "finding_id": statement.finding_id,
        "quotes": _quotes(statement.quotes),
        "argument": statement.argument,
        "move": statement.move,
        "stance": statement.stance,
        "severity": statement.severity,
        "changed_by": statement.changed_by,
    }


def _quotes(quotes: Sequence[QuoteDraft]) -> list[dict[str, Any]]:
    return [
        {"text": quote.text, "paragraph_id": quote.paragraph_id} for quote in quotes
    ]
