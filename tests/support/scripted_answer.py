"""A valid answer to a turn of any kind, computed from its request."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from support.review_answer import (
    finding_on,
    paragraphs_of,
    review_of,
    seat_of,
    user_text,
)


def answer_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that fits its schema: findings, marks and ids that are there."""
    return _BY_KIND[seat_of(request)["kind"]](request)


def material_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the turn is about beside the document."""
    delimiter = seat_of(request)["delimiter"]
    body = user_text(request)
    begin = f"----- BEGIN MATERIAL {delimiter} -----\n"
    text = body.partition(begin)[2]
    material: dict[str, Any] = json.loads(
        text.partition(f"\n----- END MATERIAL {delimiter} -----")[0]
    )
    return material


def _sweep(request: Mapping[str, Any]) -> dict[str, Any]:
    seat, paragraphs = seat_of(request), paragraphs_of(request)
    first = seat["paragraphs"][0]
    finding = finding_on(seat["criteria"][0], first, paragraphs[first])
    return {"findings": [finding], "not_assessed": []}


def _repair(request: Mapping[str, Any]) -> dict[str, Any]:
    """Quote the beginning of the document instead."""
    paragraph_id, text = next(iter(paragraphs_of(request).items()))
    return {
        "repairs": [
            {
                "number": finding["number"],
                "quotes": [{"text": text[:80], "paragraph_id": paragraph_id}],
                "is_withdrawn": False,
            }
            for finding in material_of(request)["findings"]
        ]
    }


def _cluster(request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "answers": [
            {"number": pair["number"], "reason": "Scripted doubt.", "is_same": False}
            for pair in material_of(request)["pairs"]
        ]
    }


def _discussion(request: Mapping[str, Any]) -> dict[str, Any]:
    """Stand by the first finding of each item, with no new words of the document."""
    return {
        "statements": [
            _statement(item, next(iter(item["findings"]), None))
            for item in material_of(request)["items"]
        ],
        "overall": 3,
        "verdict": "approve_with_changes",
        "verdict_reason": "Scripted: as before.",
    }


def _statement(
    item: Mapping[str, Any], finding: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "item_id": item["item_id"],
        "finding_id": finding["finding_id"] if finding else None,
        "quotes": [],
        "argument": "Scripted argument.",
        "move": "support",
        "stance": "agree",
        "severity": finding["severity"] if finding else None,
        "changed_by": None,
    }


def _synthesis(request: Mapping[str, Any]) -> dict[str, Any]:
    leads = [
        cluster["findings"][0]["finding_id"]
        for cluster in material_of(request)["clusters"]
    ]
    return {
        "sentences": [
            {"text": f"Scripted advice on {lead}.", "finding_ids": [lead]}
            for lead in leads[:5]
        ],
        "minority": [],
    }


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    findings = material_of(request)["findings"]
    return {
        "paragraph_ids": ["P1"],
        "finding_ids": [finding["finding_id"] for finding in findings[:1]],
    }


_BY_KIND: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "review": review_of,
    "control": review_of,
    "sweep": _sweep,
    "repair": _repair,
    "cluster": _cluster,
    "discussion": _discussion,
    "synthesis": _synthesis,
    "answer": _answer,
}
