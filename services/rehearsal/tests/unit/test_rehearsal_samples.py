"""What the rules find in the sample documents, and what they leave alone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roundtable_rehearsal.rules import RULES

MakeDocument = Callable[..., Any]

_SAMPLES = Path(__file__).parents[4] / "samples"


def _found(
    name: str, document_type: str, make_document: MakeDocument
) -> dict[str, str]:
    text = (_SAMPLES / name).read_text(encoding="utf-8")
    paragraphs = [part.strip("\n") for part in re.split(r"\n{2,}", text)]
    document = make_document(*paragraphs, document_type=document_type)
    hits = (
        hit
        for rule in RULES
        if rule.applies_to(document)
        for hit in rule.check(document)
    )
    return {
        " ".join(
            [hit.advice.title, *(quote.text for quote in hit.quotes)]
        ): hit.severity
        for hit in hits
    }


@pytest.mark.parametrize(
    "flaw",
    [
        "is 100% secure, works with everything",
        "so no disaster can touch them",
        "fully compliant with all relevant regulations",
        "The world's most advanced backup",
        "military-grade encryption",
        "thousands of companies",
        "up to 10 times faster",
        "soon, and several important improvements",
        "The launch date in all countries is 14 April 2026.",
        "spread over 12 data centres",
        "Availability: 99.9 %",
        "never spelled out: WORM",
        "By leveraging a synergistic",
        "Sentence of 85 words",
        "Prices from the second year on: TBD.",
        "No call to action",
    ],
)
def test_planted_flaw_is_found(flaw: str, make_document: MakeDocument) -> None:
    """Rules find those of the planted flaws that a rule can find."""
    found = _found("cloud-backup-launch.md", "marketing_copy", make_document)

    assert any(flaw in item for item in found)


def test_sound_document_is_left_alone(make_document: MakeDocument) -> None:
    """The control proposal, in which nothing is planted, gets no finding at all."""
    found = _found("restore-test-proposal.md", "proposal", make_document)

    assert found == {}


def test_nearly_sound_document_gets_only_what_was_planted(
    make_document: MakeDocument,
) -> None:
    """In the requirements nothing is found but the planted omissions."""
    found = _found("visitor-sign-in-prd.md", "prd", make_document)

    assert found.keys() == {"No acceptance criterion", "No measure of success"}
