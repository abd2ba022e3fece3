"""In a discussion a seat supports what its own rules find, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

Compose = Callable[..., str]
Reply = Callable[[str], Any]
Make = Callable[..., dict[str, Any]]

_TEXT = "It is the best tool of all of these. TBD: the name of the one who said so."


@pytest.fixture
def superlative(turn_message: Compose, reply: Reply) -> dict[str, Any]:
    """Give the finding that another seat made of the text, as the panel hears of it."""
    review = reply(turn_message(_TEXT, criteria=["evidence"]))
    finding: dict[str, Any] = next(
        each for each in review.result["findings"] if "Superlative" in each["title"]
    )
    return finding | {"finding_id": "A1", "speaker": "Panelist A", "is_verified": True}


def _item(*findings: dict[str, Any], **changes: Any) -> dict[str, Any]:
    item = {
        "item_id": "I1",
        "question": "How grave is it?",
        "paragraph_ids": ["P1"],
        "findings": list(findings),
        "scores": [],
        "statements": [],
    }
    return item | changes


def _mark(speaker: str, criterion: str) -> dict[str, Any]:
    return {"speaker": speaker, "criterion": criterion, "score": 2, "rationale": "So."}


def _message(compose: Compose, *items: dict[str, Any], **seat: Any) -> str:
    material = {"round": 2, "items": list(items)}
    return compose(_TEXT, kind="discussion", material=material, **seat)


def test_finding_that_an_own_rule_makes_is_supported(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """With the hit's own words and severity."""
    message = _message(turn_message, _item(superlative), criteria=["differentiation"])

    [statement] = reply(message).result["statements"]

    assert statement["finding_id"] == "A1"
    assert (statement["move"], statement["stance"]) == ("support", "agree")
    assert statement["quotes"] == superlative["quotes"]
    assert statement["severity"] == superlative["severity"] == "major"
    assert statement["changed_by"] is None
    assert "rehearsal" in statement["argument"]


@pytest.mark.parametrize("criteria", [["cost"], ["completeness"]])
def test_finding_that_no_own_rule_makes_is_left_open(
    criteria: list[str],
    superlative: dict[str, Any],
    turn_message: Compose,
    reply: Reply,
) -> None:
    """A rule that fires on the passage for another reason does not speak to it."""
    message = _message(turn_message, _item(superlative), criteria=criteria)

    [statement] = reply(message).result["statements"]

    assert statement["stance"] == "unsure"
    assert statement["move"] not in {"support", "challenge"}
    assert statement["quotes"] == []
    assert statement["severity"] is None
    assert statement["argument"] == "My rules do not speak to this passage (rehearsal)."


def test_finding_on_other_words_is_left_open(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """The same rule elsewhere is another point."""
    elsewhere = superlative | {
        "quotes": [{"text": "We are the best there is.", "paragraph_id": "P1"}]
    }
    message = _message(turn_message, _item(elsewhere), criteria=["evidence"])

    [statement] = reply(message).result["statements"]

    assert statement["stance"] == "unsure"


def test_of_several_findings_the_one_that_is_known_is_supported(
    superlative: dict[str, Any],
    turn_message: Compose,
    reply: Reply,
    make_finding: Make,
) -> None:
    """One statement an item, on the finding that the rules can speak of."""
    other = make_finding(finding_id="B2", speaker="you", title="Something else")
    message = _message(turn_message, _item(other, superlative), criteria=["evidence"])

    [statement] = reply(message).result["statements"]

    assert statement["finding_id"] == "A1"
    assert statement["stance"] == "agree"


def test_what_others_found_is_supported_before_its_own(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """That it stands by its own finding is no news, and said where nothing else is."""
    own = superlative | {"finding_id": "B1", "speaker": "you"}
    spoken = [
        reply(_message(turn_message, _item(*findings), criteria=["evidence"]))
        for findings in ((own, superlative), (own,))
    ]

    statements = [each.result["statements"][0] for each in spoken]

    assert [each["finding_id"] for each in statements] == ["A1", "B1"]
    assert "finds the same" in statements[0]["argument"]
    assert "I stand by it" in statements[1]["argument"]


def test_absence_is_supported_without_words(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """What is missing has no quote, and a rule of one's own may miss it too."""
    absence = make_finding(
        finding_id="A2", kind="omission", title="No call to action", severity="major"
    )
    message = _message(
        turn_message,
        _item(absence),
        criteria=["call_to_action"],
    ).replace("the name of", "the name of the day and of the year and of all of")

    [statement] = reply(message).result["statements"]

    assert (statement["stance"], statement["quotes"]) == ("agree", [])


def test_own_mark_is_kept_with_its_hits(turn_message: Compose, reply: Reply) -> None:
    """Of marks it supports its own, with the words that made it."""
    marks = [_mark("Panelist A", "evidence"), _mark("you", "evidence")]
    message = _message(turn_message, _item(scores=marks), criteria=["evidence"])

    [statement] = reply(message).result["statements"]

    assert statement["finding_id"] is None
    assert statement["severity"] is None
    assert statement["stance"] == "agree"
    assert statement["quotes"][0]["text"] in _TEXT


@pytest.mark.parametrize(
    "marks",
    [
        [],
        [_mark("Panelist A", "evidence")],
        [_mark("you", "taste")],
    ],
)
def test_mark_without_hits_is_left_open(
    marks: list[dict[str, Any]], turn_message: Compose, reply: Reply
) -> None:
    """Another's mark, and one that no rule speaks for, get no side."""
    message = _message(
        turn_message, _item(scores=marks), criteria=["evidence", "taste"]
    )

    [statement] = reply(message).result["statements"]

    assert (statement["stance"], statement["quotes"]) == ("unsure", [])


def test_verdict_and_mark_stay_as_in_the_review(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """Whatever others say, and whatever the seat supports."""
    criteria = ["evidence", "completeness"]
    review = reply(turn_message(_TEXT, criteria=criteria)).result
    said = {
        "speaker": "Panelist C",
        "round": 2,
        "is_evidenced": True,
        "stance": "disagree",
        "move": "challenge",
    }
    item = _item(superlative, statements=[said])

    result = reply(_message(turn_message, item, criteria=criteria)).result

    for field in ("overall", "verdict", "verdict_reason"):
        assert result[field] == review[field]


def test_position_that_the_seat_is_told_is_kept(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """Where it stood before the round is where it stands after it."""
    stood = {"overall": 5, "verdict": "approve", "verdict_reason": "As I said."}
    material = {"round": 3, "you": stood, "items": [_item(superlative)]}

    result = reply(turn_message(_TEXT, kind="discussion", material=material)).result

    assert result | stood == result


def test_prose_is_short_and_says_what_it_is(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """It names the items that its rules speak to, six of them or one."""
    items = [_item(superlative, item_id=f"I{number}") for number in range(1, 7)]

    prose = reply(_message(turn_message, *items, criteria=["evidence"])).prose

    assert prose.startswith("This is a rehearsal")
    assert "6 of 6 points: I1, I2, I3 and others" in prose
    assert len(prose.split()) <= 150


def test_item_that_is_given_twice_gets_one_statement(
    superlative: dict[str, Any], turn_message: Compose, reply: Reply
) -> None:
    """One statement an item at most."""
    message = _message(turn_message, _item(superlative), _item(superlative))

    assert len(reply(message).result["statements"]) == 1
