"""The JSON schema of a review, the same for all seats of a run."""

from collections.abc import Sequence
from typing import Any

KINDS = ("error", "omission", "risk", "question", "strength")
SEVERITIES = ("blocker", "major", "minor", "note")
FIX_KINDS = ("mechanical", "meaning", "choice")
VERDICTS = ("approve", "approve_with_changes", "request_changes", "abstain")
MAX_FINDINGS = 30
MAX_STRING_CHARACTERS = 4_000

_MAX_ITEMS = 50
_TEXT: dict[str, Any] = {"type": "string", "maxLength": MAX_STRING_CHARACTERS}
_OPTIONAL_TEXT = {"type": ["string", "null"], "maxLength": MAX_STRING_CHARACTERS}
_TEXTS = {"type": "array", "items": _TEXT, "maxItems": _MAX_ITEMS}
_MARK = {"type": ["integer", "null"], "minimum": 1, "maximum": 5}


def build_review_schema(criterion_keys: Sequence[str]) -> dict[str, Any]:
    """Return the schema; the order of its fields puts evidence before judgement."""
    criterion = {"type": "string", "enum": list(criterion_keys)}
    return _object(
        {
            "findings": {
                "type": "array",
                "maxItems": MAX_FINDINGS,
                "items": _finding(criterion),
            },
            "scores": {
                "type": "array",
                "maxItems": len(criterion_keys),
                "items": _score(criterion),
            },
            "overall": _MARK,
            "verdict": {"type": "string", "enum": list(VERDICTS)},
            "verdict_reason": _TEXT,
            "not_assessed": _TEXTS,
        }
    )


def _finding(criterion: dict[str, Any]) -> dict[str, Any]:
    quote = _object({"text": _TEXT, "paragraph_id": _OPTIONAL_TEXT})
    return _object(
        {
            "kind": {"type": "string", "enum": list(KINDS)},
            "criterion": criterion,
            "paragraph_ids": _TEXTS,
            "quotes": {"type": "array", "items": quote, "maxItems": _MAX_ITEMS},
            "searched_for": _TEXTS,
            "impact": _TEXT,
            "affected_reader": _TEXT,
            "fix": _TEXT,
            "rewrite": _OPTIONAL_TEXT,
            "fix_kind": {"type": "string", "enum": list(FIX_KINDS)},
            "severity": {"type": "string", "enum": list(SEVERITIES)},
            "confidence": {"type": "integer", "minimum": 0, "maximum": 100},
            "title": _TEXT,
            "would_change_mind_if": _TEXT,
        }
    )


def _score(criterion: dict[str, Any]) -> dict[str, Any]:
    return _object(
        {
            "criterion": criterion,
            "rationale": _TEXT,
            "finding_numbers": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": MAX_FINDINGS},
                "maxItems": MAX_FINDINGS,
            },
            "score": _MARK,
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
