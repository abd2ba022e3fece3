"""A question gets no answer, but the findings that are near it."""

from collections.abc import Callable
from typing import Any

import pytest

Compose = Callable[..., str]
Reply = Callable[[str], Any]
Make = Callable[..., dict[str, Any]]

_TEXTS = ("It is the best of the tools.", "The price for you is TBD.", "It is for us.")


def _findings(make: Make) -> list[dict[str, Any]]:
    best = {"text": _TEXTS[0], "paragraph_id": "P1"}
    price = {"text": _TEXTS[1], "paragraph_id": "P2"}
    return [
        make(finding_id="A1", title="Superlative: the best", quotes=[best]),
        make(finding_id="A2", title="Left over", quotes=[price], paragraph_ids=["P2"]),
        make(finding_id="As2-1", title="Missing", paragraph_ids=["P3", "P9"]),
    ]


def _ask(question: str, *, compose: Compose, make: Make) -> str:
    material = {
        "review": {"text": "This is a rehearsal.", "verdict": "approve"},
        "findings": _findings(make),
        "question": question,
    }
    return compose(*_TEXTS, kind="answer", material=material)


@pytest.mark.parametrize(
    ("question", "finding_ids", "paragraph_ids"),
    [
        ("What of the PRICE?", ["A2"], ["P2"]),
        ("Why do you hold A1 against me?", ["A1"], ["P1"]),
        ("What do you make of P2?", ["A2"], ["P2"]),
        ("And of As2-1?", ["As2-1"], ["P3"]),
        ("Is it of use to us at all?", [], []),
        ("", [], []),
        ("\ud800 \x00", [], []),
    ],
)
def test_findings_near_the_question_are_named(
    question: str,
    finding_ids: list[str],
    paragraph_ids: list[str],
    turn_message: Compose,
    reply: Reply,
    make_finding: Make,
) -> None:
    """By a word that both hold, by id or by paragraph; else none."""
    message = _ask(question, compose=turn_message, make=make_finding)

    answered = reply(message)

    assert answered.result == {
        "paragraph_ids": paragraph_ids,
        "finding_ids": finding_ids,
    }
    assert answered.prose.startswith("A rehearsal can't answer this")
    assert all(finding_id in answered.prose for finding_id in finding_ids)
    assert len(answered.prose.split()) <= 150


def test_answer_is_in_the_documents_language(
    turn_message: Compose, reply: Reply
) -> None:
    """A German text gets a German sentence."""
    material = {
        "review": {"text": "", "verdict": ""},
        "findings": [],
        "question": "Warum?",
    }
    message = turn_message(
        "Das ist der Text und er ist für alle.", kind="answer", material=material
    )

    assert reply(message).prose.startswith("Eine Probe kann das nicht beantworten")
