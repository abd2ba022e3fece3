"""A repair gives the document's own words, or takes the finding back."""

from collections.abc import Callable
from typing import Any

Compose = Callable[..., str]
Reply = Callable[[str], Any]
Make = Callable[..., dict[str, Any]]

_TEXTS = (
    "It is “the best” tool of all,\nand it\N{RIGHT SINGLE QUOTATION MARK}s for you.",
    "It is the best tool of all, and it's for you too.",
)


def _quote(text: str, paragraph_id: str | None = "P1") -> dict[str, Any]:
    return {"text": text, "paragraph_id": paragraph_id}


def _repair(
    finding: dict[str, Any], *, compose: Compose, reply: Reply
) -> dict[str, Any]:
    material = {"findings": [finding | {"number": 1}]}
    message = compose(*_TEXTS, kind="repair", material=material)
    [repair] = reply(message).result["repairs"]
    assert repair["number"] == 1
    return dict(repair)


def test_words_in_other_typography_come_back_as_they_stand(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """Case, marks, dashes and line ends don't count; words do."""
    given = _quote('IT IS "THE BEST" TOOL OF ALL - and it\'s')

    repair = _repair(make_finding(quotes=[given]), compose=turn_message, reply=reply)

    words = "It is “the best” tool of all,\nand it\N{RIGHT SINGLE QUOTATION MARK}s"
    assert repair["quotes"] == [_quote(words)]
    assert repair["is_withdrawn"] is False


def test_words_are_found_in_another_paragraph_than_the_named(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """The paragraph that was named comes first, then any."""
    given = [_quote("for you too", "P1"), _quote("the best tool of all", None)]

    repair = _repair(make_finding(quotes=given), compose=turn_message, reply=reply)

    assert repair["quotes"] == [
        _quote("for you too", "P2"),
        _quote("the best” tool of all", "P1"),
    ]


def test_finding_without_its_words_is_taken_back(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """Neither the document nor a rule knows of it."""
    given = [_quote("unhackable for ever"), _quote(""), _quote("  ?! ")]

    repair = _repair(make_finding(quotes=given), compose=turn_message, reply=reply)

    assert repair == {"number": 1, "quotes": [], "is_withdrawn": True}


def test_finding_that_a_rule_makes_gets_the_rules_words(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """The words were wrong, the point was not."""
    title = "Superlative without proof: “the best”"
    finding = make_finding(title=title, quotes=[_quote("best thing ever")])

    repair = _repair(finding, compose=turn_message, reply=reply)

    assert repair["is_withdrawn"] is False
    assert repair["quotes"][0]["text"] in _TEXTS[1] + _TEXTS[0]


def test_each_finding_is_answered_by_its_number(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """Also where numbers are out of order, or one is given twice."""
    findings = [
        make_finding(number=number, quotes=[_quote("for you too", "P2")])
        for number in (3, 1, 3)
    ]

    result = reply(
        turn_message(*_TEXTS, kind="repair", material={"findings": findings})
    ).result

    assert [repair["number"] for repair in result["repairs"]] == [3, 1]


def test_words_repeated_a_million_times_are_searched_at_once(
    turn_message: Compose, reply: Reply, make_finding: Make
) -> None:
    """The search is linear, whatever the text repeats."""
    given = [_quote("the " * 20_000 + "end"), _quote("The  the")]
    material = {"findings": [make_finding(number=1, quotes=given)]}

    result = reply(
        turn_message("the " * 300_000 + "x", kind="repair", material=material)
    ).result

    assert result["repairs"][0]["quotes"] == [_quote("the the")]
