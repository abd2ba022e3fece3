"""A sweep reads one section, and says nothing that takes the whole document."""

from collections.abc import Callable
from typing import Any

import pytest

Compose = Callable[..., str]
Reply = Callable[[str], Any]

_PROPOSAL = {
    "criteria": ["evidence", "cost", "risk", "consistency", "definitions"],
    "document_type": "proposal",
}
_SECTION = (
    "It is the best tool for this, and the RPO of it is for you to see.",
    "The price is $49. That is all that is said of it and of you. The price is $59.",
)


def test_sweep_has_findings_and_no_marks(turn_message: Compose, reply: Reply) -> None:
    """What rules find in the section, without prose, scores or verdict."""
    swept = reply(turn_message(*_SECTION, kind="sweep", **_PROPOSAL))

    titles = [finding["title"] for finding in swept.result["findings"]]
    assert list(swept.result) == ["findings", "not_assessed"]
    assert swept.prose == ""
    assert "Superlative without proof: “the best”" in titles


def test_rules_that_need_the_whole_document_are_named_and_left_out(
    turn_message: Compose, reply: Reply
) -> None:
    """What is missing here, spelled out or contradicted may stand elsewhere."""
    swept = reply(turn_message(*_SECTION, kind="sweep", **_PROPOSAL))
    reviewed = reply(turn_message(*_SECTION, **_PROPOSAL))

    kinds = {finding["kind"] for finding in swept.result["findings"]}
    left_out = [
        item.partition(" (takes the whole document")[0]
        for item in swept.result["not_assessed"]
        if "takes the whole document" in item
    ]
    whole = {finding["kind"] for finding in reviewed.result["findings"]}
    assert "omission" in whole
    assert "omission" not in kinds
    assert {"undefined acronyms", "figures that contradict each other"} <= set(left_out)
    assert any(item.startswith("absence of") for item in left_out)
    assert not any("RPO" in f["title"] for f in swept.result["findings"])


def test_sweep_says_that_it_is_a_rehearsal(turn_message: Compose, reply: Reply) -> None:
    """It has no prose, so that what it did not assess says it."""
    swept = reply(turn_message(*_SECTION, kind="sweep"))

    assert "rehearsal" in swept.result["not_assessed"][-1]


@pytest.mark.parametrize("paragraphs", [["P2", "P2"], ["P1", "P1"]])
def test_review_of_a_share_misses_nothing_that_may_stand_elsewhere(
    paragraphs: list[str], turn_message: Compose, reply: Reply
) -> None:
    """A seat that reads a part of a long document claims no omission."""
    share = reply(turn_message(*_SECTION, paragraphs=paragraphs, **_PROPOSAL))

    assert all(finding["kind"] != "omission" for finding in share.result["findings"])
    assert any("whole document" in item for item in share.result["not_assessed"])


def test_seats_quote_the_same_words_for_the_same_hit(
    turn_message: Compose, reply: Reply
) -> None:
    """Two seats under other criteria, and a sweep, bring one rule's hit alike."""
    text = "We say that this is the best tool of all of these for you. It is so."
    seats = [
        turn_message(text, criteria=["evidence"]),
        turn_message(text, criteria=["audience_fit", "clarity"]),
        turn_message(text, kind="sweep", criteria=["differentiation"]),
    ]

    places = [
        next(
            (finding["quotes"], finding["title"], finding["fix"])
            for finding in reply(seat).result["findings"]
            if "Superlative" in finding["title"]
        )
        for seat in seats
    ]

    assert places[0] == places[1] == places[2]
