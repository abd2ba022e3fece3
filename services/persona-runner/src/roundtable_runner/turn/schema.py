"""The JSON schemas of answers, evidence before judgement.

None holds anything of a seat: an endpoint's prompt cache begins with the schema, so all
seats that are shown the same document bring the same one.
"""

from collections.abc import Sequence
from typing import Any

KINDS = ("error", "omission", "risk", "question", "strength")
SEVERITIES = ("blocker", "major", "minor", "note")
FIX_KINDS = ("mechanical", "meaning", "choice")
VERDICTS = ("approve", "approve_with_changes", "request_changes", "abstain")
MOVES = ("support", "challenge", "refine", "concede", "add_evidence")
STANCES = ("agree", "disagree", "unsure")
MAX_FINDINGS = 30
MAX_STRING_CHARACTERS = 4_000

_MAX_ITEMS = 50
_MAX_SENTENCES = 20
_TEXT: dict[str, Any] = {"type": "string", "maxLength": MAX_STRING_CHARACTERS}
_OPTIONAL_TEXT = {"type": ["string", "null"], "maxLength": MAX_STRING_CHARACTERS}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT, "maxItems": _MAX_ITEMS}
_MARK = {"type": ["integer", "null"], "minimum": 1, "maximum": 5}
_FLAG = {"type": "boolean"}


def build_review_schema(criterion_keys: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a review, a control's too."""
    return _object(
        {
            "findings": _findings(criterion_keys),
            "scores": _list(_score(criterion_keys), len(criterion_keys)),
            "overall": _MARK,
            "verdict": _choice(VERDICTS),
            "verdict_reason": _TEXT,
            "not_assessed": _TEXTS,
        }
    )


def build_sweep_schema(criterion_keys: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a sweep."""
    findings = _findings(criterion_keys)
    return _object({"findings": findings, "not_assessed": _TEXTS})


def build_repair_schema() -> dict[str, Any]:
    """Return the schema of a repair, the same for however many findings.

    How many they are is the seat's own, and the document stands behind the schema.
    """
    repair = _object(
        {
            "number": _position(MAX_FINDINGS),
            "quotes": _quotes(),
            "is_withdrawn": _FLAG,
        }
    )
    return _object({"repairs": _list(repair, MAX_FINDINGS)})


def build_cluster_schema(pair_count: int) -> dict[str, Any]:
    """Return the schema of answers on so many pairs."""
    answer = _object(
        {"number": _position(pair_count), "reason": _TEXT, "is_same": _FLAG}
    )
    return _object({"answers": _list(answer, pair_count)})


def build_discussion_schema(
    item_ids: Sequence[str], finding_ids: Sequence[str]
) -> dict[str, Any]:
    """Return the schema of a panelist's word on items and their findings."""
    statement = _object(
        {
            "item_id": _choice(item_ids),
            "finding_id": _optional_choice(finding_ids),
            "quotes": _quotes(),
            "argument": _TEXT,
            "move": _choice(MOVES),
            "stance": _choice(STANCES),
            "severity": _optional_choice(SEVERITIES),
            "changed_by": _OPTIONAL_TEXT,
        }
    )
    return _object(
        {
            "statements": _list(statement, len(item_ids)),
            "overall": _MARK,
            "verdict": _choice(VERDICTS),
            "verdict_reason": _TEXT,
        }
    )


def build_synthesis_schema() -> dict[str, Any]:
    """Return the schema of the moderator's text."""
    sentence = _object({"text": _TEXT, "finding_ids": _TEXTS})
    sentences = _list(sentence, _MAX_SENTENCES)
    return _object({"sentences": sentences, "minority": sentences})


def build_answer_schema() -> dict[str, Any]:
    """Return the schema of what an answer to the author rests on."""
    return _object({"paragraph_ids": _TEXTS, "finding_ids": _TEXTS})


def _findings(criterion_keys: Sequence[str]) -> dict[str, Any]:
    return _list(_finding(criterion_keys), MAX_FINDINGS)


def _finding(criterion_keys: Sequence[str]) -> dict[str, Any]:
    return _object(
        {
            "kind": _choice(KINDS),
            "criterion": _choice(criterion_keys),
            "paragraph_ids": _TEXTS,
            "quotes": _quotes(),
            "searched_for": _TEXTS,
            "impact": _TEXT,
            "affected_reader": _TEXT,
            "fix": _TEXT,
            "rewrite": _OPTIONAL_TEXT,
            "fix_kind": _choice(FIX_KINDS),
            "severity": _choice(SEVERITIES),
            "confidence": {"type": "integer", "minimum": 0, "maximum": 100},
            "title": _TEXT,
            "would_change_mind_if": _TEXT,
        }
    )


def _score(criterion_keys: Sequence[str]) -> dict[str, Any]:
    return _object(
        {
            "criterion": _choice(criterion_keys),
            "rationale": _TEXT,
            "finding_numbers": _list(_position(MAX_FINDINGS), MAX_FINDINGS),
            "score": _MARK,
        }
    )


def _quotes() -> dict[str, Any]:
    quote = _object({"text": _TEXT, "paragraph_id": _OPTIONAL_TEXT})
    return _list(quote, _MAX_ITEMS)


def _position(last: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": last}


def _choice(values: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _optional_choice(values: Sequence[str]) -> dict[str, Any]:
    return {"type": ["string", "null"], "enum": [*values, None]}


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
