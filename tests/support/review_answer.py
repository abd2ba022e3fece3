"""A valid review, computed from a review turn's request."""

import json
import re
from collections.abc import Mapping
from typing import Any


def user_text(request: Mapping[str, Any]) -> str:
    """Return the text that asks for the turn: the first user message's blocks.

    What the CLI says of its own stands in blocks of its own before them.
    """
    content = request["messages"][0]["content"]
    if isinstance(content, str):
        return content
    texts: list[str] = [block["text"] for block in content]
    own = [text for text in texts if not text.startswith("<system-reminder>")]
    return "\n\n".join(own)


def system_text(request: Mapping[str, Any]) -> str:
    """Return the text of a request's system prompt, the CLI's own lines included."""
    system = request.get("system", "")
    if isinstance(system, str):
        return system
    return "\n".join(block.get("text", "") for block in system)


def asks_for_review(request: Mapping[str, Any]) -> bool:
    """Tell whether a request is a review's, and not the tiny turn of a test."""
    return "\nSEAT " in user_text(request)


def seat_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the SEAT line, the message's last one, says."""
    last_line = user_text(request).rstrip("\n").rsplit("\n", 1)[-1]
    seat: dict[str, Any] = json.loads(last_line.removeprefix("SEAT "))
    return seat


def paragraphs_of(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the delimited document's paragraphs by their ids."""
    delimiter = seat_of(request)["delimiter"]
    body = user_text(request)
    begin = f"----- BEGIN DOCUMENT {delimiter} -----\n"
    document = body.partition(begin)[2]
    document = document.partition(f"\n----- END DOCUMENT {delimiter} -----")[0]
    numbered = (re.match(r"\[(P\d+)\] ", part) for part in document.split("\n\n"))
    return {
        match[1]: match.string[match.end() :] for match in numbered if match is not None
    }


def review_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a review with one finding per owned criterion, each with a real quote."""
    seat = seat_of(request)
    paragraphs = list(paragraphs_of(request).items())
    findings = [
        finding_on(criterion, *paragraphs[number % len(paragraphs)])
        for number, criterion in enumerate(seat["criteria"])
    ]
    return {
        "findings": findings,
        "scores": [
            {
                "criterion": criterion,
                "rationale": f"Scripted mark for {criterion}.",
                "finding_numbers": [number],
                "score": 3,
            }
            for number, criterion in enumerate(seat["criteria"], start=1)
        ],
        "overall": 3,
        "verdict": "approve_with_changes",
        "verdict_reason": "Scripted: sound, once the findings are mended.",
        "not_assessed": [],
    }


def finding_on(criterion: str, paragraph_id: str, text: str) -> dict[str, Any]:
    """Return a finding that quotes how a paragraph begins."""
    return {
        "kind": "risk",
        "criterion": criterion,
        "paragraph_ids": [paragraph_id],
        "quotes": [{"text": text[:80], "paragraph_id": paragraph_id}],
        "searched_for": [],
        "impact": "Scripted impact.",
        "affected_reader": "The buyer.",
        "fix": "Scripted fix.",
        "rewrite": None,
        "fix_kind": "meaning",
        "severity": "minor",
        "confidence": 70,
        "title": f"Scripted finding on {criterion}",
        "would_change_mind_if": "Proof were given.",
    }
