"""Pairs are one where one rule found both on the same words."""

from collections.abc import Callable
from typing import Any

import pytest

Compose = Callable[..., str]
Reply = Callable[[str], Any]
Make = Callable[..., dict[str, Any]]

_SENTENCE = "It is the best tool of all of these."


def _at(text: str, paragraph_id: str | None = "P1") -> dict[str, Any]:
    return {"quotes": [{"text": text, "paragraph_id": paragraph_id}]}


def _ask(
    first: dict[str, Any], second: dict[str, Any], *, compose: Compose, reply: Reply
) -> dict[str, Any]:
    pairs = [{"number": 7, "first": first, "second": second}]
    [answer] = reply(compose("cluster", {"pairs": pairs})).result["answers"]
    assert answer["number"] == 7
    return dict(answer)


@pytest.mark.parametrize(
    ("second", "is_same"),
    [
        (_at(_SENTENCE), True),
        (_at("it is: THE BEST (tool) of all of these", None), True),
        (_at("best tool of all of these"), True),
        (_at("the best"), False),
        (_at(_SENTENCE, "P2"), False),
        (_at("Another sentence is the best of them."), False),
        (_at(_SENTENCE) | {"title": "Another title"}, True),
        (_at(_SENTENCE) | {"title": "Another title", "fix": "Another fix."}, False),
        ({"quotes": []}, False),
    ],
)
def test_pair_is_one_by_rule_and_words(
    second: dict[str, Any],
    is_same: bool,  # noqa: FBT001  # a parameter of the test
    material_message: Compose,
    reply: Reply,
    make_finding: Make,
) -> None:
    """A shared title or fix on shared words; anything less keeps them apart."""
    first = make_finding(**_at(_SENTENCE))

    answer = _ask(first, make_finding(**second), compose=material_message, reply=reply)

    assert answer["is_same"] is is_same


@pytest.mark.parametrize(("title", "is_same"), [("No cost", True), ("No date", False)])
def test_absences_are_one_by_title(
    title: str,
    is_same: bool,  # noqa: FBT001  # a parameter of the test
    material_message: Compose,
    reply: Reply,
    make_finding: Make,
) -> None:
    """What is missing has no words; its name tells."""
    pair = [make_finding(title=name, quotes=[]) for name in ("No cost", title)]

    answer = _ask(*pair, compose=material_message, reply=reply)

    assert answer["is_same"] is is_same


def test_reason_says_that_a_rehearsals_rule_decided(
    material_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """In the language that the findings are written in."""
    english = make_finding(**_at(_SENTENCE))
    german = make_finding(
        title="Superlativ ohne Beleg",
        fix="Vergleich, Datum und Quelle nennen oder "
        "schlicht sagen, was das Produkt für die Leser ist.",
    )

    reasons = [
        _ask(finding, finding, compose=material_message, reply=reply)["reason"]
        for finding in (english, german)
    ]

    assert reasons[0].startswith("A rehearsal's rule")
    assert reasons[1].startswith("Regel der Probe")
